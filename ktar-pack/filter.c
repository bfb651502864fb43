/*
 * Which members are left out.  Pure.
 */
#include "filter.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/pattern.h"

void
filter_add(struct filter *f, const char *pattern)
{
	f->pattern = xrealloc(f->pattern, (f->n + 1) * sizeof *f->pattern);
	f->pattern[f->n++] = pattern;
}

void
filter_add_lines(struct filter *f, char *text)
{
	f->text = xrealloc(f->text, (f->n_text + 1) * sizeof *f->text);
	f->text[f->n_text++] = text;
	while (*text) {
		char *line = text, *end = text + strcspn(text, "\n");

		text = end + (*end != '\0');
		while (end > line && strchr(" \t\v\f\r\n", end[-1]))
			end--;
		*end = '\0';
		if (end > line)
			filter_add(f, line);
	}
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
	for (size_t i = 0; i < f->n_text; i++)
		free(f->text[i]);
	free(f->text);
	free(f->pattern);
	memset(f, 0, sizeof *f);
}
