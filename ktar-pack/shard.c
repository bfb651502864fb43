/*
 * Which part of a tree a file is in.  Pure.
 */
#include "shard.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "block.h"

/* A number of up to four digits at *s, which is passed over; 0 when there is
 * none or it is 0. */
static unsigned
number(const char **s)
{
	unsigned n = 0;

	for (int i = 0; i < 4 && **s >= '0' && **s <= '9'; i++)
		n = n * 10 + (unsigned)(*(*s)++ - '0');
	return n;
}

bool
shard_parse(struct shard *s, const char *text)
{
	unsigned part = number(&text), parts;

	if (*text++ != '/')
		return false;
	parts = number(&text);
	if (*text || part == 0 || part > parts || parts > SHARD_MOST)
		return false;
	s->part = part;
	s->parts = parts;
	s->groups.extra = sizeof part;
	return true;
}

/* The finisher of splitmix64: each bit of h in all of the result. */
static uint64_t
mix(uint64_t h)
{
	h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
	return h ^ h >> 31;
}

/* The part that a file with several names is in where they are too many to keep
 * in mind: one that does not depend on which of them comes first. */
static unsigned
fixed(const struct shard *s, const struct stat *st)
{
	uint64_t h = mix((uint64_t)st->st_ino) ^ (uint64_t)st->st_dev;

	return (unsigned)(mix(h) % s->parts);
}

static unsigned
least(const struct shard *s)
{
	unsigned part = 0;

	for (unsigned i = 1; i < s->parts; i++)
		if (s->load[i] < s->load[part])
			part = i;
	return part;
}

bool
shard_takes(struct shard *s, const struct stat *st, uint64_t bytes)
{
	const char *name = NULL;
	bool stale, several = st->st_nlink > 1 && S_ISREG(st->st_mode);
	unsigned part = least(s);

	if (several)
		name = links_find(&s->groups, st, &stale);
	if (name) {
		memcpy(&part, links_extra(name), sizeof part);
		/* one more name for what is there */
		bytes = BLOCK;
	}
	/* for good: other names of what was not kept come to the same */
	if (several && !name && s->full)
		part = fixed(s, st);
	else if (several && links_seen(&s->groups, st, "", &part) != 0) {
		s->full = true;
		part = fixed(s, st);
	}
	s->load[part] += bytes;
	return part == s->part - 1;
}

void
shard_free(struct shard *s)
{
	links_free(&s->groups);
}
