/*
 * Sparse maps: entries must ascend, must not overlap, must fill exactly the
 * data that is stored and must reach the end of the file, as GNU tar writes
 * them; a map that stops short would leave a file short.  Pure.
 */
#include "sparse.h"

#include <stdlib.h>

#include "lib/mem.h"

#include "header.h"

const char *
sparse_add(struct sparse *s, int64_t offset, int64_t size)
{
	if (s->count == SPARSE_MAX)
		return "sparse map: too many entries";
	if (offset < s->end || size < 0 || size > INT64_MAX - offset)
		return "sparse map: entries overlap or are negative";
	s->count++;
	s->end = offset + size;
	s->sum += size;
	if (size == 0)
		return NULL;
	if (s->n == s->cap) {
		s->cap = s->cap * 2 + 16;
		s->entry = xrealloc(s->entry, s->cap * sizeof *s->entry);
	}
	s->entry[s->n++] = (struct sparse_entry){offset, size};
	return NULL;
}

void
sparse_clear(struct sparse *s)
{
	free(s->entry);
	*s = (struct sparse){0};
}

const char *
sparse_check(const struct sparse *s, int64_t real, int64_t stored)
{
	if (s->end != real)
		return "sparse map: does not reach the end of the file";
	if (s->sum != stored)
		return "sparse map: does not fit the data";
	return NULL;
}

const char *
sparse_old(struct sparse *s, const unsigned char *p, size_t n, bool more)
{
	const char *why = NULL;
	bool ended = false;

	for (; n > 0 && !why; n--, p += 24) {
		int64_t offset, size;

		/* one reader looks at the one number, one at the other */
		if ((p[0] == '\0') != (p[12] == '\0'))
			return "sparse map: bad number";
		if (p[0] == '\0') {
			ended = true;
			continue;
		}
		if (ended)
			return "sparse map: has a gap";
		if (header_number(&offset, p, 12) != 0 ||
		    header_number(&size, p + 12, 12) != 0)
			return "sparse map: bad number";
		why = sparse_add(s, offset, size);
	}
	/* GNU tar does not look for more then */
	if (!why && ended && more)
		return "sparse map: goes on behind its end";
	return why;
}

void
sparse_text_start(struct sparse_text *t)
{
	*t = (struct sparse_text){.left = -1, .offset = -1};
}

/* Takes the number that a newline has ended. */
static const char *
text_number(struct sparse_text *t, struct sparse *s)
{
	int64_t n = t->number;
	const char *why = NULL;

	if (t->digits == 0)
		return "sparse map: bad number";
	t->number = 0;
	t->digits = 0;
	if (t->left < 0) {
		if (n > SPARSE_MAX)
			return "sparse map: too many entries";
		t->left = n * 2;
		return NULL;
	}
	if (t->offset < 0) {
		t->offset = n;
	} else {
		why = sparse_add(s, t->offset, n);
		t->offset = -1;
	}
	t->left--;
	return why;
}

const char *
sparse_text_block(struct sparse_text *t, struct sparse *s,
		  const unsigned char *p, bool *done)
{
	const char *why;

	for (size_t i = 0; i < HEADER_BYTES; i++) {
		if (t->left == 0) {
			/* a longer map would be another one */
			if (p[i] != '\0')
				return "sparse map: more than its count";
			continue;
		}
		if (p[i] == '\n') {
			if ((why = text_number(t, s)))
				return why;
			continue;
		}
		/* 18 digits cannot overflow */
		if (p[i] < '0' || p[i] > '9' || ++t->digits > 18)
			return "sparse map: bad number";
		t->number = t->number * 10 + (p[i] - '0');
	}
	*done = t->left == 0;
	return NULL;
}
