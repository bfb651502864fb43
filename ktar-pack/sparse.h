#ifndef KTAR_PACK_SPARSE_H
#define KTAR_PACK_SPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block.h"

/* Where in a file with holes its data is, and how a header says it (GNU tar
 * manual, "Storing Sparse Files"). */

struct sparse_part {
	uint64_t at, len;
};

struct sparse_map {
	struct sparse_part *part; /* one behind the other */
	size_t n;
	uint64_t size;   /* of the file */
	uint64_t stored; /* of its parts together */
};

/* The most parts; what is behind is one part, holes and all. */
enum { SPARSE_PARTS = 16384 };

/* Makes *s the map of a file of size bytes, of which nothing is known yet. */
void sparse_begin(struct sparse_map *s, uint64_t size);

/*
 * Adds len bytes of data at at, which is not before the end of the last ones.
 * Parts are made to begin and end at whole blocks, but at the end of the file.
 * Returns whether there is room for more.
 */
bool sparse_data(struct sparse_map *s, uint64_t at, uint64_t len);

/* Ends the map, as GNU tar does, with an empty part at the end of the file. */
void sparse_end(struct sparse_map *s);

/* Whether it is not all of one part, as a file without holes is. */
bool sparse_has_holes(const struct sparse_map *s);

/* Frees what s holds. */
void sparse_free(struct sparse_map *s);

/* The old GNU form: writes the map into the header block, of type S and with
 * the size s->stored, as far as it has room, and seals it. */
void sparse_gnu(unsigned char block[BLOCK], const struct sparse_map *s);

/* The blocks that are to follow there, and each of them, from 0 on. */
size_t sparse_gnu_blocks(const struct sparse_map *s);
void sparse_gnu_more(unsigned char block[BLOCK], const struct sparse_map *s,
		     size_t i);

/* The form 1.0 of pax: writes the map, in whole blocks, to out, or nowhere
 * where that is NULL, and returns their bytes. */
size_t sparse_text(unsigned char *out, const struct sparse_map *s);

#endif
