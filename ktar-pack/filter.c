/*
 * Which members are left out.  Pure.
 */
#include "filter.h"

#include <stdlib.h>

#include "lib/mem.h"
#include "lib/pattern.h"

void
filter_add(struct filter *f, const char *pattern)
{
	f->pattern = xrealloc(f->pattern, (f->n + 1) * sizeof *f->pattern);
	f->pattern[f->n++] = pattern;
}

bool
filter_excludes(const struct filter *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (pattern_matches(f->pattern[i], name))
			return true;
	return false;
}

void
filter_free(struct filter *f)
{
	free(f->pattern);
	f->pattern = NULL;
	f->n = 0;
}
