#ifndef KTAR_UNPACK_STREAM_H
#define KTAR_UNPACK_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan.h"
#include "source.h"

/*
 * An archive from a source, member by member, as the strict reader (scan.h)
 * understands it.  All functions that fail return -1, and stream_why tells
 * why; nothing can be read after that.
 */
struct stream;

/* Reads from source, which stays the caller's; attrs as for scan_new. */
struct stream *stream_new(struct source *source, bool attrs);
void stream_free(struct stream *s);

/*
 * The next member, in *m until the next call: 1; or 0 when the archive is at
 * its proper end and nothing but zeros is behind it.
 */
int stream_next(struct stream *s, const struct scan_member **m);

/*
 * A piece of the data of a member that is a file, valid until the next call:
 * 1; or 0 at its end.  Pieces ascend; what a sparse file leaves out between
 * them, and behind the last one up to its size, is a hole.
 */
int stream_data(struct stream *s, const void **p, size_t *n, int64_t *offset);

/*
 * As stream_data, and puts the piece into the file fd, at its offset: a large
 * one of a file without holes, straight from the input, where that is possible.
 * *end is where it ends in the file.
 */
enum stream_moved {
	STREAM_MOVED,
	STREAM_UNMOVED,   /* nothing was, and stream_data has what comes next */
	STREAM_UNWRITTEN, /* fd cannot be written, with errno; the rest of the
			     member's data is not to be asked for */
	STREAM_FAILED     /* stream_why tells why */
};

enum stream_moved stream_move(struct stream *s, int fd, int64_t *end);

/* Whether the input has ended before its first byte. */
bool stream_empty(const struct stream *s);

/* Why the last call failed, and the errno that goes with it, or 0. */
const char *stream_why(const struct stream *s, int *errnum);

#endif
