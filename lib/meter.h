#ifndef LIB_METER_H
#define LIB_METER_H

#include <stdbool.h>
#include <stdint.h>

#include "expect.h"

/*
 * How far a filter is: --progress and SIGUSR1.  Signals alone draw.  Those of a
 * timer, which --progress has, come through only while the filter waits for its
 * pipe (between meter_wait and meter_go): on some file systems any call may
 * fail when it is interrupted.  A SIGUSR1 without --progress, which is rare,
 * comes when it likes, and so costs nothing.  One meter a process.
 */
struct meter_opts {
	bool progress;
	const char *line; /* the file of --line, or NULL */
	struct expect expect;
};

/*
 * Starts to count.  SIGUSR1 is heard from here on, unless it is ignored.  To be
 * called before the confinement.  0; or -1 with errno, and *what is the file
 * that cannot be had.
 */
int meter_start(const struct meter_opts *o, const char **what);

/* There are so many more. */
void meter_add(uint64_t bytes, uint64_t files);

/* Lets the signals through; nothing before there is a meter. */
void meter_wait(void);

/* Holds them back again. */
void meter_go(void);

/* At the end: draws the line for the last time, where --progress is given. */
void meter_end(void);

#endif
