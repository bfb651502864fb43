#ifndef KEXEC_TTY_H
#define KEXEC_TTY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The terminal that stdin and stdout are, for kexec -t: raw while the session
 * lasts and we are in its foreground, as it was at every other time, and
 * however the process ends (SIGKILL excepted).
 */
struct tty {
	bool away;    /* another process group has the terminal */
	bool resized; /* the command has not been told the size */
};

/* Why there is no terminal for a session, or NULL. */
const char *tty_fault(void);

/*
 * Makes the terminal raw; once in a process, behind signals_open with
 * tty_signals.  A terminal that refuses ends the process.
 */
void tty_open(struct tty *t);

/* What signals_open is to hear: what asks the process to end, SIGUSR1, and
 * what tty_signal takes. */
extern const int tty_signals[];

/*
 * Takes one of tty_signals that has come: a new size, a stop (which it returns
 * from when the process goes on), going on.  Returns false for another.
 */
bool tty_signal(struct tty *t, int sig);

/* Takes the terminal back when we are in its foreground again, which no signal
 * may have told.  Returns whether it is ours, and so may be read. */
bool tty_ours(struct tty *t);

/* When t is away, how often to look (milliseconds). */
enum { TTY_LOOK_MS = 500 };

/* No size is longer. */
enum { TTY_SIZE_MAX = 64 };

/*
 * The size of the terminal as the command is told it, when that is due: one
 * line of JSON ({"Width":80,"Height":24}, Kubernetes TerminalSize).  Returns
 * its length without a NUL; 0 when nothing is due, or the terminal has no size.
 */
size_t tty_size(struct tty *t, char text[TTY_SIZE_MAX]);

/* Makes the terminal as it was before tty_open; safe in a signal handler. */
void tty_restore(void);

#endif
