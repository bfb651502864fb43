#ifndef KTAR_PACK_SHARD_H
#define KTAR_PACK_SHARD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "links.h"

enum { SHARD_MOST = 1024 };

/*
 * One of several parts of a tree.  Each of them walks the whole tree in the
 * same order and gives each file to the part that has the fewest bytes so far,
 * so all of them come to the same parts, and none is larger than its share and
 * the largest file together.  Of a file with several names all are in the part
 * of the first.
 *
 * Parts of a tree that is not the same for all of them do not fit together.  So
 * who walks compares the times that it meets with begun.
 */
struct shard {
	unsigned part, parts;  /* 1 to parts; parts 0: there are no parts */
	struct timespec begun; /* when this part was */
	bool late; /* something has changed since, and that was said */
	struct links groups; /* the part of each file with several names */
	bool full;           /* no more of them are kept in mind */
	uint64_t load[SHARD_MOST];
};

/* Reads "I/N", 1 <= I <= N <= SHARD_MOST.  Returns whether it is that. */
bool shard_parse(struct shard *s, const char *text);

/* Gives the next file, which st describes and which is bytes in the stream, to
 * a part.  Returns whether it is this one. */
bool shard_takes(struct shard *s, const struct stat *st, uint64_t bytes);

/* Frees what s holds. */
void shard_free(struct shard *s);

#endif
