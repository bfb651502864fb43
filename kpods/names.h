#ifndef KPODS_NAMES_H
#define KPODS_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/pod.h"

/* The names that are to be printed.  Pure. */

/* No more of them are kept. */
enum { NAMES_MAX = 1000000 };

/* All zeros to begin with. */
struct names {
	char **list; /* NAMESPACE/POD */
	size_t n, cap;
};

/*
 * Keeps the name of p, when p is ready: it runs, its condition Ready is True,
 * and it is not being deleted.  Returns false when there are too many.
 */
bool names_take(struct names *s, const struct pod *p);

/* Sorts them, byte by byte, and leaves each but once. */
void names_sort(struct names *s);

void names_free(struct names *s);

#endif
