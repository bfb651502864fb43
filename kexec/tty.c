/*
 * Terminal modes, and who may change them (POSIX, 11.1.4): only a process in
 * the foreground of its terminal, or the shell that has it now would find it
 * changed.
 */
#include "tty.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "lib/err.h"

const int tty_signals[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGWINCH,
			   SIGTSTP, SIGCONT, SIGUSR1, 0};

/*
 * What a handler of a crash, and exit(3), must have to put the terminal back:
 * neither can be handed anything.  There is one terminal in a process.
 */
static struct {
	struct termios before;
	volatile sig_atomic_t raw; /* we made it so, and it is to be undone */
} modes;

static bool
foreground(void)
{
	pid_t group = tcgetpgrp(STDIN_FILENO);

	/* on a terminal that does not control us nobody is stopped */
	return group <= 0 || group == getpgrp();
}

/*
 * Sets the modes.  Should the foreground change hands at this moment the call
 * is made all the same, rather than that SIGTTOU stops us.
 */
static int
set_modes(const struct termios *m)
{
	sigset_t set, before;
	int rc;

	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, &before);
	/* what is on its way out must not make us wait */
	while ((rc = tcsetattr(STDIN_FILENO, TCSANOW, m)) != 0 &&
	       errno == EINTR)
		;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return rc;
}

void
tty_restore(void)
{
	int saved = errno;

	if (modes.raw && foreground()) {
		set_modes(&modes.before);
		modes.raw = 0;
		err_raw(false);
	}
	errno = saved;
}

/* A crash: the disposition is the default one again, so this ends us. */
static void
crashed(int sig)
{
	tty_restore();
	raise(sig);
}

/*
 * Raw, unless we are in the background.  Behind SIGSTOP the modes that are to
 * come back are still those of before, whatever they are now.
 */
static int
take(struct tty *t)
{
	struct termios raw;

	t->away = !foreground();
	if (t->away)
		return 0;
	if (!modes.raw && tcgetattr(STDIN_FILENO, &modes.before) != 0)
		return -1;
	raw = modes.before;
	cfmakeraw(&raw);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	modes.raw = 1;
	err_raw(isatty(STDERR_FILENO));
	t->resized = true;
	return set_modes(&raw);
}

const char *
tty_fault(void)
{
	if (!isatty(STDIN_FILENO))
		return "stdin is not a terminal";
	if (!isatty(STDOUT_FILENO))
		return "stdout is not a terminal";
	return NULL;
}

void
tty_open(struct tty *t)
{
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
	struct sigaction a = {.sa_handler = crashed,
			      .sa_flags = SA_RESETHAND | SA_NODEFER};

	memset(t, 0, sizeof *t);
	if (atexit(tty_restore) != 0)
		die(err_failure(), ENOMEM, "atexit");
	sigemptyset(&a.sa_mask);
	for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
		sigaction(crashes[i], &a, NULL);
	if (take(t) != 0)
		die(err_failure(), errno, "stdin");
}

/* Stops as SIGTSTP does; returns when we go on, or at once where nobody could
 * make us go on (an orphaned process group is not stopped). */
static void
stop(struct tty *t)
{
	sigset_t set, before;

	tty_restore();
	t->away = true;
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, &before);
	raise(SIGTSTP);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

bool
tty_signal(struct tty *t, int sig)
{
	switch (sig) {
	case SIGWINCH:
		t->resized = true;
		return true;
	case SIGTSTP:
		stop(t);
		break;
	case SIGCONT:
		break;
	default:
		return false;
	}
	/* a terminal that has gone is found out by who reads it */
	(void)take(t);
	return true;
}

bool
tty_ours(struct tty *t)
{
	if (t->away)
		(void)take(t);
	return !t->away;
}

size_t
tty_size(struct tty *t, char text[TTY_SIZE_MAX])
{
	struct winsize w;

	if (!t->resized)
		return 0;
	t->resized = false;
	/* a runtime does not take a side of 0, which is one that is unknown */
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col == 0 ||
	    w.ws_row == 0)
		return 0;
	return (size_t)snprintf(text, TTY_SIZE_MAX,
				"{\"Width\":%u,\"Height\":%u}\n",
				(unsigned)w.ws_col, (unsigned)w.ws_row);
}
