#ifndef KTAR_UNPACK_FRESH_H
#define KTAR_UNPACK_FRESH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "policy.h"

struct site;
struct spot;

/*
 * A new directory that nobody sees yet: it has a temporary name and no rights
 * but its owner's, and gets its own name when the stream turns elsewhere.
 * Files in it can be written under their own names: one rename for all.
 */
struct fresh {
	int dir;    /* a descriptor with O_PATH; -1: there is none */
	int parent; /* borrowed from the tree, which is not asked meanwhile */
	char temporary[40];
	char *path; /* where it belongs; its name begins at name */
	size_t len, name, cap;
	int64_t bytes;  /* of files, that are in it */
	int64_t record; /* its own among those for later; -1: none */
	bool secluded;  /* see fresh_is_secluded */
};

/* Makes one that belongs to spot, the place of t; there must be none, and
 * nothing at spot.  0; or -1 with errno, and nothing was made. */
int fresh_make(struct site *s, const struct spot *spot,
	       const struct policy_take *t, struct stat *st);

/* Whether there is one and it belongs at path. */
bool fresh_is(const struct fresh *f, const char *path, size_t len);

/*
 * Gives the directory, if there is one, its name.  Should another one have
 * come there, the files go into that, as if they had been written there.
 * What went wrong is said, and noted in s->shown.
 */
void fresh_show(struct site *s);

/* Whether nobody but this user can put anything into a directory. */
bool fresh_is_secluded(const struct stat *st);

#endif
