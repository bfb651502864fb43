#ifndef LIB_ERR_H
#define LIB_ERR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The only writer to stderr.  Every message is one line, "tool: object:
 * cause", and every byte of it that could drive a terminal is escaped.
 */

/*
 * Sets the tool's name, which stands in front of every message, and the
 * status with which it ends when nothing better is known (out of memory).
 * Call it first thing in main; name must live as long as the process.
 */
void err_init(const char *name, int failure);

/* Whether stderr is a terminal in raw mode, where a new line begins only behind
 * CR LF.  Safe in a signal handler. */
void err_raw(bool raw);

/* The failure status given to err_init. */
int err_failure(void);

/*
 * Says one line on stderr: the tool's name, the formatted text and, when
 * errnum is not 0, ": " and the system's text for it.  errno is left as it
 * was.  Control bytes, invalid UTF-8 and terminal controls in the result are
 * escaped (err_escape), so the arguments may come from anywhere.  Of a text
 * that is too long for a line the middle is left out, never the end.
 */
void warn(int errnum, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* As warn, then ends the process with status code. */
_Noreturn void die(int code, int errnum, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Says a line that does not last: the tool's name and text, of printable ASCII.
 * On a terminal it is drawn over the one before, and a message takes its place;
 * what is no terminal, or a dumb one (TERM), gets a line each.  NULL, or a
 * message, ends it.  Nothing is said while stderr takes nothing.  Once
 * err_draws has been asked it is safe in a signal handler, where that does not
 * interrupt a message.
 */
void err_draw(const char *text);

/* Takes the line away that was drawn, if there is one; safe as err_draw is. */
void err_undraw(void);

/* Whether err_draw draws one line over the other. */
bool err_draws(void);

/* Keeps the length of the line that is drawn, 0 for none, in *length, where
 * other programs that draw on this terminal keep it, too; name stands in front
 * of it in place of the tool's and must live as long. */
void err_share(_Atomic unsigned *length, const char *name);

/*
 * Writes the len bytes at in as one printable line into out, which holds cap
 * bytes, and ends it with a NUL.  Printable ASCII and well-formed UTF-8 stay
 * as they are; backslash becomes \\, newline \n, tab \t, carriage return \r,
 * and every other byte \ooo (octal), terminal controls coded in UTF-8 and
 * the bidirectional overrides included.  What does not fit is cut before the
 * first escape that would not fit whole.  Returns the length without the NUL.
 */
size_t err_escape(char *out, size_t cap, const void *in, size_t len);

#endif
