#ifndef KTAR_PACK_FILTER_H
#define KTAR_PACK_FILTER_H

#include <stdbool.h>
#include <stddef.h>

/* The patterns of --exclude. */
struct filter {
	const char **pattern; /* the strings are the caller's */
	size_t n;
	char **text; /* of filter_add_lines */
	size_t n_text;
};

/* Adds a pattern. */
void filter_add(struct filter *f, const char *pattern);

/*
 * Adds the patterns in text, one a line, and takes text over.  White space at
 * the end of a line is no part of it, and an empty line is no pattern, as for
 * GNU tar.  May be called again.
 */
void filter_add_lines(struct filter *f, char *text);

/* Whether a member name is left out: one of the patterns matches it
 * (lib/pattern.h). */
bool filter_excludes(const struct filter *f, const char *name);

/* Frees what f holds and makes it empty. */
void filter_free(struct filter *f);

#endif
