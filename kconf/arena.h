#ifndef KCONF_ARENA_H
#define KCONF_ARENA_H

#include <stddef.h>

/*
 * Memory that is given back, and wiped, all at once: what was read from
 * kubeconfigs lives in one of these.  An empty one is all zero.
 */
struct arena {
	struct arena_block *last;
};

/* n zero bytes, aligned for anything; never NULL.  The arena owns them. */
void *arena_alloc(struct arena *a, size_t n);

/* The same, but not zero. */
void *arena_raw(struct arena *a, size_t n);

/* The n bytes at s with a NUL behind them. */
char *arena_copy(struct arena *a, const char *s, size_t n);

/* Takes the block p of n bytes, of malloc, into the arena. */
void arena_own(struct arena *a, void *p, size_t n);

/* As asprintf. */
char *arena_format(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Wipes and frees everything; the arena is empty again. */
void arena_wipe(struct arena *a);

#endif
