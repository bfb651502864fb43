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
	max_align_t data[];
};

void *
arena_alloc(struct arena *a, size_t n)
{
	const size_t step = sizeof(max_align_t);
	struct arena_block *b = a->last;
	char *p;

	n = (n + step - 1) / step * step;
	if (!b || b->size - b->used < n) {
		size_t size = n > BLOCK_BYTES ? n : BLOCK_BYTES;

		b = xmalloc(sizeof *b + size);
		b->before = a->last;
		b->size = size;
		b->used = 0;
		a->last = b;
	}
	p = (char *)b->data + b->used;
	b->used += n;
	memset(p, 0, n);
	return p;
}

char *
arena_copy(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1);

	if (n > 0)
		memcpy(p, s, n);
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
		wipe_free(b, sizeof *b + b->used);
	}
}
