/*
 * Maps of sparse files, in two forms.  Pure.
 */
#include "sparse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

/* Old GNU: four entries in the header, 21 in each block behind it; each is an
 * offset and a size, and behind them a byte says whether there are more. */
enum {
	HEADER_MAP = 386,
	HEADER_ENTRIES = 4,
	HEADER_MORE = 482,
	HEADER_REAL_SIZE = 483,
	MORE_ENTRIES = 21,
	MORE_MORE = 504,
};

void
sparse_begin(struct sparse_map *s, uint64_t size)
{
	memset(s, 0, sizeof *s);
	s->size = size;
}

static void
append(struct sparse_map *s, uint64_t at, uint64_t len)
{
	/* one more than there is room for: the last, which is empty */
	if (!s->part)
		s->part = xmalloc((SPARSE_PARTS + 1) * sizeof *s->part);
	s->part[s->n].at = at;
	s->part[s->n++].len = len;
	s->stored += len;
}

bool
sparse_data(struct sparse_map *s, uint64_t at, uint64_t len)
{
	uint64_t end = at + len + block_padding(at + len);
	struct sparse_part *last = s->n > 0 ? &s->part[s->n - 1] : NULL;

	at -= at % BLOCK;
	if (s->n == SPARSE_PARTS - 1 || end > s->size)
		end = s->size;
	if (last && at <= last->at + last->len) {
		s->stored += end - (last->at + last->len);
		last->len = end - last->at;
	} else {
		append(s, at, end - at);
	}
	return s->n < SPARSE_PARTS;
}

void
sparse_end(struct sparse_map *s)
{
	append(s, s->size, 0);
}

bool
sparse_has_holes(const struct sparse_map *s)
{
	return s->stored < s->size;
}

void
sparse_free(struct sparse_map *s)
{
	free(s->part);
	memset(s, 0, sizeof *s);
}

/* Writes up to most entries from the first on. */
static void
put(unsigned char *at, const struct sparse_map *s, size_t first, size_t most)
{
	for (size_t i = first; i < s->n && i < first + most; i++) {
		block_number(at, BLOCK_BIG_BYTES, (int64_t)s->part[i].at);
		at += BLOCK_BIG_BYTES;
		block_number(at, BLOCK_BIG_BYTES, (int64_t)s->part[i].len);
		at += BLOCK_BIG_BYTES;
	}
}

void
sparse_gnu(unsigned char block[BLOCK], const struct sparse_map *s)
{
	put(block + HEADER_MAP, s, 0, HEADER_ENTRIES);
	block[HEADER_MORE] = s->n > HEADER_ENTRIES;
	block_number(block + HEADER_REAL_SIZE, BLOCK_BIG_BYTES,
		     (int64_t)s->size);
	block_seal(block);
}

size_t
sparse_gnu_blocks(const struct sparse_map *s)
{
	if (s->n <= HEADER_ENTRIES)
		return 0;
	return (s->n - HEADER_ENTRIES + MORE_ENTRIES - 1) / MORE_ENTRIES;
}

void
sparse_gnu_more(unsigned char block[BLOCK], const struct sparse_map *s,
		size_t i)
{
	memset(block, 0, BLOCK);
	put(block, s, HEADER_ENTRIES + i * MORE_ENTRIES, MORE_ENTRIES);
	block[MORE_MORE] = i + 1 < sparse_gnu_blocks(s);
}

/* Writes n and a newline behind the first len bytes of out. */
static size_t
line(unsigned char *out, size_t len, uint64_t n)
{
	char text[24];
	int digits =
	    snprintf(text, sizeof text, "%llu\n", (unsigned long long)n);

	if (out)
		memcpy(out + len, text, (size_t)digits);
	return len + (size_t)digits;
}

size_t
sparse_text(unsigned char *out, const struct sparse_map *s)
{
	size_t len = line(out, 0, s->n);

	for (size_t i = 0; i < s->n; i++) {
		len = line(out, len, s->part[i].at);
		len = line(out, len, s->part[i].len);
	}
	if (out)
		memset(out + len, 0, block_padding(len));
	return len + block_padding(len);
}
