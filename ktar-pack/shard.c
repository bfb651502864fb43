/*
 * Which part of a tree a file is in.  Pure.
 */
#include "shard.h"

#include <stddef.h>
#include <stdint.h>

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

bool
shard_has(const struct shard *s, const char *name, const struct stat *st)
{
	/* FNV-1a */
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	if (s->parts == 0)
		return true;
	if (st->st_nlink > 1)
		h = mix((uint64_t)st->st_ino) ^ (uint64_t)st->st_dev;
	else
		for (; *name; name++)
			h = (h ^ (unsigned char)*name) *
			    UINT64_C(0x100000001b3);
	return mix(h) % s->parts == s->part - 1;
}
