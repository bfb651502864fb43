#ifndef TESTS_APISERVER_PODWATCH_H
#define TESTS_APISERVER_PODWATCH_H

#include <stdbool.h>

#include "loop.h"
#include "podlist.h"
#include "queue.h"

/*
 * A watch of pods: an answer that goes on, in chunks (RFC 9112, section 7.1),
 * an event each.  It looks at the tree 20 times in a second.
 */
struct podwatch;

/*
 * Begins a watch; an ADDED for every pod that is there comes first.  q is
 * taken over.  It ends after that many seconds, 0 is never.  wake(arg) is
 * called when there is something in out.
 */
struct podwatch *podwatch_new(struct podquery *q, long seconds,
			      struct loop *loop, struct queue *out,
			      void (*wake)(void *arg), void *arg);

/* Whether it has ended, its last chunk in out. */
bool podwatch_over(const struct podwatch *w);

void podwatch_free(struct podwatch *w);

#endif
