#ifndef LIB_SQUEEZE_H
#define LIB_SQUEEZE_H

#include <stddef.h>

/*
 * A compressed stream on a descriptor: gzip (RFC 1952) or zstd (RFC 8878), one
 * member or frame with a checksum.  A stream without squeeze_end is one that
 * gzip -d and zstd -d end at with an error.
 */

enum squeeze_kind { SQUEEZE_GZIP, SQUEEZE_ZSTD };

struct squeeze;

/*
 * Begins a stream, which is compressed in that many threads beside the
 * caller's (0 to 64), which begin here, or in the caller's own where it can
 * have none.  Returns NULL with errno when there is no memory.
 */
struct squeeze *squeeze_new(enum squeeze_kind kind, int threads);

/* Compresses n bytes and writes what comes out to fd.  Returns 0, or -1 with
 * errno when fd cannot be written. */
int squeeze_write(struct squeeze *s, int fd, const void *bytes, size_t n);

/* Writes all that was put so far, so that a reader can have it, and no end.
 * Returns as squeeze_write. */
int squeeze_flush(struct squeeze *s, int fd);

/* Writes what is left and the end of the stream.  Returns as squeeze_write. */
int squeeze_end(struct squeeze *s, int fd);

/* Frees s, which may be NULL, and waits for its threads. */
void squeeze_free(struct squeeze *s);

#endif
