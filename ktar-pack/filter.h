#ifndef KTAR_PACK_FILTER_H
#define KTAR_PACK_FILTER_H

#include <stdbool.h>
#include <stddef.h>

/* The patterns of --exclude. */
struct filter {
	const char **pattern; /* the strings are the caller's */
	size_t n;
};

/* Adds a pattern. */
void filter_add(struct filter *f, const char *pattern);

/* Whether a member name is left out: one of the patterns matches it
 * (lib/pattern.h). */
bool filter_excludes(const struct filter *f, const char *name);

/* Frees what f holds and makes it empty. */
void filter_free(struct filter *f);

#endif
