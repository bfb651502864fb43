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

/* Why the last call failed, and the errno that goes with it, or 0. */
const char *stream_why(const struct stream *s, int *errnum);

#endif
