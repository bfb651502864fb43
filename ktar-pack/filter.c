/*
 * Which members are left out.  Pure.
 */
#include "filter.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

void
filter_add(struct filter *f, const char *pattern)
{
	f->pattern = xrealloc(f->pattern, (f->n + 1) * sizeof *f->pattern);
	f->pattern[f->n++] = pattern;
}

static bool
matches(const char *pattern, const char *name)
{
	do {
		if (fnmatch(pattern, name, FNM_LEADING_DIR) == 0)
			return true;
		name = strchr(name, '/');
	} while (name++);
	return false;
}

bool
filter_excludes(const struct filter *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (matches(f->pattern[i], name))
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
