#ifndef LIB_PROGRESS_H
#define LIB_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

/* The line of --progress.  Pure, and safe in a signal handler: the caller has
 * the clock and the terminal. */

/* The longest line, its NUL included. */
enum { PROGRESS_LINE_BYTES = 128 };

/* Times are milliseconds of one clock. */
struct progress {
	int64_t start;
	int64_t mark; /* the rate is what came since then */
	uint64_t mark_bytes, rate;
	uint64_t expected; /* bytes in all, 0 where it is not known */
};

/* Starts to count at now; nothing is expected. */
void progress_start(struct progress *p, int64_t now);

/* There were so many bytes at now.  The rate is that of what came since the
 * last call that was at least a second ago, or since the start. */
void progress_note(struct progress *p, uint64_t bytes, int64_t now);

/*
 * Writes what there is to say at now, with sent and received bytes so far, as
 * in "1.5 MiB sent, 20.0 KiB received, 512.0 KiB/s, 0:01:02", and returns its
 * length; notes both together.  Where more is expected than there was so far
 * ", 0:00:20 left" stands at the end, by the rate since the start.
 */
size_t progress_line(struct progress *p, char out[PROGRESS_LINE_BYTES],
		     uint64_t sent, uint64_t received, int64_t now);

/* The same as "1.5 MiB, 20 files, 512.0 KiB/s, 0:01:02". */
size_t progress_files_line(struct progress *p, char out[PROGRESS_LINE_BYTES],
			   uint64_t bytes, uint64_t files, int64_t now);

#endif
