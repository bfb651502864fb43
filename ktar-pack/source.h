#ifndef KTAR_PACK_SOURCE_H
#define KTAR_PACK_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A list of paths (-T): one a line, or each with a NUL behind it. */
struct source {
	const char *path; /* for messages; the caller's */
	FILE *stream;
	char end; /* of a path */
	char *item;
};

/* Opens the list path, "-" is stdin, in the working directory.  Says what is
 * wrong and exits when it cannot. */
void source_open(struct source *s, const char *path, bool zero);

/* The next path, s's own until the next call; NULL at the end.  A list that
 * cannot be read any further ends the process, and so does one that holds
 * what can be no path. */
const char *source_next(struct source *s);

/* Closes the list and frees what s holds. */
void source_close(struct source *s);

#endif
