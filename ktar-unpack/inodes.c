/*
 * An open-addressing hash table of bitmaps: a slot stands for 64 inode
 * numbers in a row on one device.  Pure.
 */
#include "inodes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

/* slots at first and at most (16 bytes each); devices told apart */
enum { SLOTS_FIRST = 1 << 10, SLOTS_MAX = 1 << 19, DEVICES = 16 };
/* and how it grows: for a moment the old table is there as well, and must be
 * small beside the new one */
enum { SLOTS_GROWTH = 8 };

struct slot {
	uint64_t key;  /* number / 64, and the device's index below */
	uint64_t bits; /* 0: the slot is free */
};

struct inodes {
	struct slot *slot;
	size_t n_slots, used;
	dev_t device[DEVICES];
	size_t n_devices;
};

struct inodes *
inodes_new(void)
{
	struct inodes *s = xmalloc(sizeof *s);

	*s = (struct inodes){.n_slots = SLOTS_FIRST};
	s->slot = xmalloc(s->n_slots * sizeof *s->slot);
	memset(s->slot, 0, s->n_slots * sizeof *s->slot);
	return s;
}

void
inodes_free(struct inodes *s)
{
	if (!s)
		return;
	free(s->slot);
	free(s);
}

/* The slot of key, or the free one where it belongs. */
static struct slot *
find(struct slot *slot, size_t n, uint64_t key)
{
	size_t i = (size_t)((key * 0x9e3779b97f4a7c15u) >> 32) & (n - 1);

	while (slot[i].bits != 0 && slot[i].key != key)
		i = (i + 1) & (n - 1);
	return &slot[i];
}

/* The index of a device, or DEVICES when it is not known. */
static size_t
device(const struct inodes *s, dev_t dev)
{
	for (size_t i = 0; i < s->n_devices; i++)
		if (s->device[i] == dev)
			return i;
	return DEVICES;
}

/* Makes the table larger; leaves it as it is when it may not grow. */
static void
grow(struct inodes *s)
{
	size_t n = s->n_slots * SLOTS_GROWTH;
	struct slot *bigger;

	if (n > SLOTS_MAX || !(bigger = calloc(n, sizeof *bigger)))
		return;
	for (size_t i = 0; i < s->n_slots; i++)
		if (s->slot[i].bits != 0)
			*find(bigger, n, s->slot[i].key) = s->slot[i];
	free(s->slot);
	s->slot = bigger;
	s->n_slots = n;
}

void
inodes_add(struct inodes *s, dev_t dev, ino_t ino)
{
	size_t d = device(s, dev);
	struct slot *at;
	uint64_t key;

	if (d == DEVICES) {
		if (s->n_devices == DEVICES)
			return;
		d = s->n_devices++;
		s->device[d] = dev;
	}
	key = (uint64_t)ino / 64 * DEVICES + d;
	if (s->used >= s->n_slots / 4 * 3)
		grow(s);
	at = find(s->slot, s->n_slots, key);
	if (at->bits == 0) {
		/* fuller, and every search would take long */
		if (s->used >= s->n_slots / 4 * 3)
			return;
		s->used++;
	}
	at->key = key;
	at->bits |= UINT64_C(1) << ino % 64;
}

bool
inodes_has(const struct inodes *s, dev_t dev, ino_t ino)
{
	size_t d = device(s, dev);
	uint64_t key = (uint64_t)ino / 64 * DEVICES + d;
	const struct slot *at;

	if (d == DEVICES)
		return false;
	at = find(s->slot, s->n_slots, key);
	return at->bits >> ino % 64 & 1;
}
