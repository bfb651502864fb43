#ifndef KTAR_UNPACK_SPARSE_H
#define KTAR_UNPACK_SPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Sparse maps, in the four forms that GNU tar has written: checked, and kept,
 * since they say where the data goes.
 */

/* No map has more entries: a MiB. */
enum { SPARSE_MAX = 65536 };

struct sparse_entry {
	int64_t offset, size; /* size is not 0 */
};

struct sparse {
	struct sparse_entry *entry; /* freed by sparse_clear */
	size_t n, cap;
	size_t count;     /* of all entries, also of those without data */
	int64_t end, sum; /* of the last entry; of all sizes */
};

/* Takes the next entry.  Returns NULL, or what is wrong. */
const char *sparse_add(struct sparse *s, int64_t offset, int64_t size);

/* Frees what s holds and makes it empty. */
void sparse_clear(struct sparse *s);

/* Whether the map is that of a file of real bytes stored in stored bytes:
 * NULL, or what is wrong. */
const char *sparse_check(const struct sparse *s, int64_t real, int64_t stored);

/*
 * Takes the n entries of 24 bytes at p, of an old GNU header; the first whose
 * numbers start with NULs ends them, and then there must be no block with more.
 */
const char *sparse_old(struct sparse *s, const unsigned char *p, size_t n,
		       bool more);

/* A map in front of the data, as pax format 1.0 has it: decimal numbers, a
 * line each, the number of entries first. */
struct sparse_text {
	int64_t left;   /* numbers still to come; -1: their count itself */
	int64_t number; /* the one being read, and its digits so far */
	int digits;
	int64_t offset; /* of the entry whose size comes next */
};

void sparse_text_start(struct sparse_text *t);

/* Takes one block of 512 bytes into s; *done when the map ended in it. */
const char *sparse_text_block(struct sparse_text *t, struct sparse *s,
			      const unsigned char *p, bool *done);

#endif
