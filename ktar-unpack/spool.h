#ifndef KTAR_UNPACK_SPOOL_H
#define KTAR_UNPACK_SPOOL_H

#include <stddef.h>
#include <stdint.h>

/*
 * Bytes that are written once and read again later, in any order: in memory
 * while there are few, in a file without a name when there are more.
 */
struct spool;

/* Nothing is opened yet; the file, should it be needed, is made in the
 * directory dir, which stays the caller's. */
struct spool *spool_new(int dir);
void spool_free(struct spool *s);

/* Appends n bytes.  Returns their offset, or -1 with errno. */
int64_t spool_add(struct spool *s, const void *p, size_t n);

/* Reads, or replaces, n bytes that were added at offset.  0, or -1 with
 * errno. */
int spool_get(struct spool *s, int64_t offset, void *p, size_t n);
int spool_put(struct spool *s, int64_t offset, const void *p, size_t n);

#endif
