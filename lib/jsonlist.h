#ifndef LIB_JSONLIST_H
#define LIB_JSONLIST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A list of the API, {"kind":...,"metadata":{...},"items":[...]}, cut into its
 * items while it comes, so that it takes the memory of one of them.  What is
 * within an item, and around the items, is for a JSON reader to judge; here it
 * is only counted where one begins and ends.  Pure.
 */

/* No item is longer, nor all that is around them. */
enum { JSONLIST_ITEM_MAX = 3 << 20, JSONLIST_REST_MAX = 1 << 16 };

struct jsonlist_text {
	char *text;
	size_t len, cap;
};

struct jsonlist {
	/* takes an item's text; returns NULL, or why that is wrong */
	const char *(*item)(void *arg, const char *text, size_t len);
	void *arg;
	struct jsonlist_text one;  /* the item that comes */
	struct jsonlist_text rest; /* all else, with an empty array */
	size_t depth;
	size_t key; /* where in rest the last string began */
	bool in_string, escaped;
	enum { JSONLIST_NO_KEY, JSONLIST_KEY, JSONLIST_COLON } before;
	bool in_items, had_items, comma;
};

/* Takes the next n bytes.  Returns NULL, or what is wrong. */
const char *jsonlist_take(struct jsonlist *l, const char *data, size_t n);

/*
 * To be called at the end: all but the items, borrowed until jsonlist_free,
 * with *len bytes; NULL when a list was not all.
 */
const char *jsonlist_rest(const struct jsonlist *l, size_t *len);

void jsonlist_free(struct jsonlist *l);

#endif
