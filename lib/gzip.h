#ifndef LIB_GZIP_H
#define LIB_GZIP_H

#include <stddef.h>

/*
 * A gzip stream (RFC 1952) of one member, made by several threads: each block
 * is deflated (RFC 1951) by itself, with the end of the one before it as its
 * dictionary, and ends at a byte.  The bytes do not depend on the threads.
 */
struct gzip;

/*
 * Begins a stream.  That many threads (0 to 64) work beside the caller's, who
 * works as well when it would wait; they begin here and get no signals.
 * Where the system gives none, the caller does all.  NULL with errno when
 * there is no memory.
 */
struct gzip *gzip_new(int threads);

/* Compresses n bytes; what is ready goes to fd.  Returns 0, or -1 with errno
 * when fd cannot be written. */
int gzip_write(struct gzip *g, int fd, const void *bytes, size_t n);

/* Writes all that was put so far, and no end.  Returns as gzip_write. */
int gzip_flush(struct gzip *g, int fd);

/* Writes what is left, and the end of the stream.  Returns as gzip_write. */
int gzip_end(struct gzip *g, int fd);

/* Frees g, which may be NULL, and waits for its threads. */
void gzip_free(struct gzip *g);

#endif
