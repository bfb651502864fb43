#ifndef TESTS_APISERVER_PODLIST_H
#define TESTS_APISERVER_PODLIST_H

#include <stddef.h>

#include "selector.h"

/* Which pods are asked for. */
struct podquery {
	const char *root;
	char *namespace; /* NULL: all */
	struct selector labels, fields;
};

/*
 * Fills q; the selectors are those of a query, NULL for all.  Returns 0, or -1
 * when one is not understood.  podquery_free in any case.
 */
int podquery_init(struct podquery *q, const char *root, const char *namespace,
		  const char *labels, const char *fields);

void podquery_free(struct podquery *q);

/* One pod that is there: NAMESPACE/NAME and how it is shown. */
struct listed {
	char *key, *json;
};

struct podlist {
	struct listed *pods; /* n, sorted by key */
	size_t n;
};

/* Reads the pods that q asks for; for podlist_free. */
void podlist_load(struct podlist *l, const struct podquery *q);

/* The list as an object, for free. */
char *podlist_json(const struct podlist *l);

void podlist_free(struct podlist *l);

#endif
