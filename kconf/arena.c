/*
 * Memory with one end of life.  A kubeconfig is read, used once and
 * forgotten, and every byte of it may be a secret: so nothing is freed on its
 * own, and all of it is wiped.  Pure.
 */
#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/mem.h"

enum { BLOCK_BYTES = 32768 };

struct arena_block {
	struct arena_block *before;
	size_t size, used;
	void *owned; /* a block of somebody else, of used bytes, or NULL */
	max_align_t data[];
};

/* n bytes whose offset in a block is a multiple of step. */
static char *
take(struct arena *a, size_t n, size_t step)
{
	struct arena_block *b = a->last;
	size_t at = b ? (b->used + step - 1) / step * step : 0;

	if (!b || at > b->size || b->size - at < n) {
		size_t size = n > BLOCK_BYTES ? n : BLOCK_BYTES;

		b = xmalloc(sizeof *b + size);
		b->before = a->last;
		b->size = size;
		b->owned = NULL;
		a->last = b;
		at = 0;
	}
	b->used = at + n;
	return (char *)b->data + at;
}

void *
arena_raw(struct arena *a, size_t n)
{
	return take(a, n, _Alignof(max_align_t));
}

void *
arena_alloc(struct arena *a, size_t n)
{
	return memset(arena_raw(a, n), 0, n);
}

void
arena_own(struct arena *a, void *p, size_t n)
{
	struct arena_block *b = xmalloc(sizeof *b);

	b->owned = p;
	b->size = b->used = n;
	/* behind the one that has room */
	b->before = a->last ? a->last->before : NULL;
	if (a->last)
		a->last->before = b;
	else
		a->last = b;
}

char *
arena_copy(struct arena *a, const char *s, size_t n)
{
	char *p = take(a, n + 1, 1);

	if (n > 0)
		memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *
arena_format(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	p = arena_alloc(a, n < 0 ? 1 : (size_t)n + 1);
	if (n > 0)
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(ap);
	return p;
}

void
arena_wipe(struct arena *a)
{
	while (a->last) {
		struct arena_block *b = a->last;

		a->last = b->before;
		if (b->owned)
			wipe_free(b->owned, b->used);
		wipe_free(b, sizeof *b + (b->owned ? 0 : b->used));
	}
}
