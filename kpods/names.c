/*
 * Names, sorted.
 */
#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

bool
names_take(struct names *s, const struct pod *p)
{
	if (strcmp(p->phase, "Running") != 0 || !p->ready || p->deleted)
		return true;
	if (s->n == NAMES_MAX)
		return false;
	if (s->n == s->cap) {
		s->cap = s->cap * 2 + 64;
		s->list = xrealloc(s->list, s->cap * sizeof *s->list);
	}
	s->list[s->n++] = xasprintf("%s/%s", p->namespace, p->name);
	return true;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
names_sort(struct names *s)
{
	size_t kept = 0;

	if (s->n > 0)
		qsort(s->list, s->n, sizeof *s->list, compare);
	for (size_t i = 0; i < s->n; i++) {
		if (kept > 0 && strcmp(s->list[kept - 1], s->list[i]) == 0)
			free(s->list[i]);
		else
			s->list[kept++] = s->list[i];
	}
	s->n = kept;
}

void
names_free(struct names *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->list[i]);
	free(s->list);
	memset(s, 0, sizeof *s);
}
