/*
 * The table of hard links: open addressing over device and inode.  A file is
 * forgotten when all its names have come, and the table stops growing at a
 * limit, so a tree of millions of links costs bounded memory.
 */
#include "links.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

enum { FIRST_SLOTS = 64 };

static size_t
home(const struct links *t, dev_t dev, ino_t ino)
{
	uint64_t h = (uint64_t)ino ^ (uint64_t)dev << 32;

	/* Fibonacci hashing: inodes are small and dense */
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(h >> 32) & (t->cap - 1);
}

/* The slot of this file, or the free one where it would go. */
static struct link *
locate(const struct links *t, dev_t dev, ino_t ino)
{
	size_t i = home(t, dev, ino);

	while (t->slot[i].name &&
	       (t->slot[i].ino != ino || t->slot[i].dev != dev))
		i = (i + 1) & (t->cap - 1);
	return &t->slot[i];
}

/* Frees slot l and moves those behind it that it kept from their home. */
static void
forget(struct links *t, struct link *l)
{
	size_t hole = (size_t)(l - t->slot), mask = t->cap - 1, i = hole;

	t->bytes -= strlen(l->name) + 1 + t->extra;
	free(l->name);
	t->n--;
	for (;;) {
		size_t want;

		i = (i + 1) & mask;
		if (!t->slot[i].name)
			break;
		want = home(t, t->slot[i].dev, t->slot[i].ino);
		if (((i - want) & mask) < ((i - hole) & mask))
			continue;
		t->slot[hole] = t->slot[i];
		hole = i;
	}
	t->slot[hole].name = NULL;
}

static void
grow(struct links *t)
{
	struct links bigger = {.n = t->n,
			       .cap = t->cap * 2,
			       .extra = t->extra,
			       .keep = t->keep};

	if (bigger.cap == 0)
		bigger.cap = FIRST_SLOTS;
	bigger.slot = xmalloc(bigger.cap * sizeof *bigger.slot);
	memset(bigger.slot, 0, bigger.cap * sizeof *bigger.slot);
	bigger.bytes = t->bytes + (bigger.cap - t->cap) * sizeof *t->slot;
	for (size_t i = 0; i < t->cap; i++) {
		struct link *l = &t->slot[i];

		if (l->name)
			*locate(&bigger, l->dev, l->ino) = *l;
	}
	free(t->slot);
	*t = bigger;
}

const char *
links_find(const struct links *t, const struct stat *st, bool *stale)
{
	const struct link *l;

	*stale = false;
	if (t->n == 0)
		return NULL;
	l = locate(t, st->st_dev, st->st_ino);
	*stale = l->name && (l->size != st->st_size ||
			     l->mtime.tv_sec != st->st_mtim.tv_sec ||
			     l->mtime.tv_nsec != st->st_mtim.tv_nsec);
	return l->name;
}

int
links_seen(struct links *t, const struct stat *st, const char *name,
	   const void *extra)
{
	struct link *l = t->n ? locate(t, st->st_dev, st->st_ino) : NULL;
	size_t len = strlen(name) + 1, size = len + t->extra;

	if (l && l->name) {
		if (!t->keep && --l->left == 0)
			forget(t, l);
		return 0;
	}
	if ((t->n + 1) * 4 > t->cap * 3) {
		if (t->bytes + t->cap * sizeof *l > LINKS_BYTES)
			return -1;
		grow(t);
	}
	if (t->bytes + size > LINKS_BYTES)
		return -1;
	l = locate(t, st->st_dev, st->st_ino);
	l->dev = st->st_dev;
	l->ino = st->st_ino;
	l->size = st->st_size;
	l->mtime = st->st_mtim;
	l->left = st->st_nlink - 1;
	l->name = xmalloc(size);
	memcpy(l->name, name, len);
	if (t->extra > 0)
		memcpy(l->name + len, extra, t->extra);
	t->bytes += size;
	t->n++;
	return 0;
}

const void *
links_extra(const char *name)
{
	return name + strlen(name) + 1;
}

void
links_free(struct links *t)
{
	for (size_t i = 0; i < t->cap; i++)
		free(t->slot[i].name);
	free(t->slot);
	memset(t, 0, sizeof *t);
}
