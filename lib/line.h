#ifndef LIB_LINE_H
#define LIB_LINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The line that several programs draw on one terminal, in a file that all of
 * them have been given (--line).  The file is the user's own: who can write it
 * can make the line wrong, and take the programs down that have it by cutting
 * it.
 */
struct line {
	_Atomic unsigned drawn; /* how long what is drawn is */
	_Atomic int held;       /* so many do not want it to be drawn yet */
	_Atomic int64_t start;  /* clock_ms */
	_Atomic int64_t next;   /* when it is to be drawn again */
	_Atomic uint64_t bytes, files;
	/* of the same bytes, compressed or not: what has gone on, and what was
	 * counted and waits in pipes */
	_Atomic uint64_t carried;
	_Atomic int64_t waiting;
};

/* How often it is drawn, and said where it cannot be. */
enum { LINE_DRAW_MS = 500, LINE_SAY_MS = 10000 };

/* The pause between two times, by what stderr is. */
int64_t line_pause(void);

/*
 * Opens the file, which is made where there is none, takes its line for that of
 * this program, drawn under the file's name, and returns it; it stays until the
 * process ends.  *fd, which line_enter and line_leave take, is the caller's.
 * NULL with errno.
 */
struct line *line_open(const char *file, int *fd);

/* The bytes that have been counted and, by what is known, do not wait. */
uint64_t line_bytes(const struct line *line);

/* Begins to count the time of a line, unless another program has. */
void line_start(struct line *line, int64_t now);

/* Whether it is time to draw the line, and for this program to do it. */
bool line_due(struct line *line, int64_t now);

/* Counts this program among those that draw, as long as fd is open.  Whether
 * that was possible. */
bool line_enter(int fd);

/* And no longer; whether it was the last one. */
bool line_leave(int fd);

#endif
