#ifndef KTAR_UNPACK_SOURCE_H
#define KTAR_UNPACK_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The bytes of an archive, decompressed if need be: gzip (RFC 1952) of one or
 * more members, zstd (RFC 8878) of one or more frames.  Compressed data counts
 * as whole only when it ends where a member or frame ends and nothing else
 * follows.
 */
struct source;

enum source_how {
	SOURCE_PLAIN,
	SOURCE_GZIP,
	SOURCE_ZSTD,
	SOURCE_AUTO /* by the first bytes; plain when they are of neither */
};

/* Reads from fd, which stays the caller's; not before source_read. */
struct source *source_new(int fd, enum source_how how);
void source_free(struct source *s);

/*
 * Reads up to n bytes, n not 0.  Returns how many; 0 at the proper end; -1 when
 * it failed, and source_why tells why.  After 0 or -1 it is not called again.
 */
ssize_t source_read(struct source *s, void *buf, size_t n);

/*
 * Whether what comes next can go by source_move.  Only what is not compressed
 * can, and only from a pipe, which is not known before it is tried.
 */
bool source_can_move(const struct source *s);

/*
 * Moves up to n bytes to offset in the file fd.  Returns how many; 0 at the
 * end; -1 with errno, and nothing was moved: when source_can_move then says no,
 * it cannot be done here, and source_read can; else the file cannot be written.
 */
ssize_t source_move(struct source *s, int fd, int64_t offset, size_t n);

/* Why source_read failed, or "" and *errnum when the system said so. */
const char *source_why(const struct source *s, int *errnum);

#endif
