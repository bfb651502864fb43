#ifndef TESTS_APISERVER_SELECTOR_H
#define TESTS_APISERVER_SELECTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "conf.h"

/*
 * Selectors as they stand in a query: requirements with commas between, each
 * KEY, !KEY, KEY=VALUE, KEY==VALUE, KEY!=VALUE, KEY in (VALUE,...) or
 * KEY notin (VALUE,...).
 */

enum selector_operator {
	SELECTOR_IN,
	SELECTOR_NOT_IN,
	SELECTOR_EXISTS,
	SELECTOR_LACKS
};

struct requirement {
	char *key;
	enum selector_operator op;
	struct words values; /* of the first two */
};

struct selector {
	struct requirement *requirements; /* n */
	size_t n;
};

/* Parses text, NULL for everything.  Returns 0, or -1 when it is none.
 * selector_free in any case. */
int selector_parse(struct selector *s, const char *text);

/*
 * Whether all requirements are met by what find(key, arg) returns, NULL for a
 * key that is not there, which is in no set.
 */
bool selector_matches(const struct selector *s,
		      const char *(*find)(const char *key, const void *arg),
		      const void *arg);

void selector_free(struct selector *s);

#endif
