#ifndef LIB_PODLIST_H
#define LIB_PODLIST_H

#include "api.h"
#include "pod.h"

/* Which pods; NULL or "" for all. */
struct podlist_query {
	const char *namespace, *labels, *fields;
};

/* Takes one pod, which it may empty to keep what was in it.  Returns whether it
 * can take more: false ends the list with an error. */
typedef bool podlist_take(void *arg, struct pod *p);

/*
 * Asks for the pods of q, by hundreds, and hands each to take while the list
 * comes, so that memory does not grow with it.  What the server sends is
 * bounded: the bytes of an answer, the number of answers.  Returns 0 when take
 * has had all of them; or -1 and *f as api_get.
 */
int podlist_each(struct api *a, const struct podlist_query *q,
		 podlist_take *take, void *arg, struct api_failure *f);

#endif
