#ifndef KTAR_PACK_SHARD_H
#define KTAR_PACK_SHARD_H

#include <stdbool.h>
#include <sys/stat.h>

/*
 * One of several parts of a tree.  Which part a file is in depends on nothing
 * but its own name, or, where it has several names, on its inode: parts that
 * are packed at different times, while others work in the tree, still have
 * each file once.
 */
struct shard {
	unsigned part, parts; /* 1 to parts; parts 0: there are no parts */
};

enum { SHARD_MOST = 1024 };

/* Reads "I/N", 1 <= I <= N <= SHARD_MOST.  Returns whether it is that. */
bool shard_parse(struct shard *s, const char *text);

/* Whether the member called name, which st describes, is in this part. */
bool shard_has(const struct shard *s, const char *name, const struct stat *st);

#endif
