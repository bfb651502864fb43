/*
 * The better of two pods.
 */
#include "rank.h"

#include <string.h>

/* Less than 0 when a is more than b: more is better. */
static int
more(double a, double b)
{
	return a > b ? -1 : a < b;
}

static int
phase_rank(const struct pod *p)
{
	return strcmp(p->phase, "Running") == 0   ? 2
	       : strcmp(p->phase, "Unknown") == 0 ? 1
						  : 0;
}

/* The earlier time is better, and any is better than none. */
static int
earlier(long long a, long long b)
{
	if (a == 0 || b == 0)
		return more(a != 0, b != 0);
	return a < b ? -1 : a > b;
}

int
rank_compare(const struct pod *a, const struct pod *b)
{
	int c = more(a->assigned, b->assigned);

	if (c == 0)
		c = more(phase_rank(a), phase_rank(b));
	if (c == 0)
		c = more(a->ready, b->ready);
	if (c == 0)
		c = more(!a->deleted, !b->deleted);
	if (c == 0 && a->deleted)
		c = a->deleted_at > b->deleted_at
			? -1
			: a->deleted_at < b->deleted_at;
	if (c == 0 && a->ready)
		c = earlier(a->ready_since, b->ready_since);
	if (c == 0)
		c = more(b->restarts, a->restarts);
	if (c == 0)
		c = more(b->sidecar_restarts, a->sidecar_restarts);
	return c ? c : earlier(a->created, b->created);
}
