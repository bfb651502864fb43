/*
 * What ktar-pack selects by: a part, a member name, then a file of patterns,
 * the first two a line each.
 *
 * links: ktar-pack/filter ktar-pack/shard lib/pattern lib/err lib/mem
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ktar-pack/filter.h"
#include "ktar-pack/shard.h"
#include "lib/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The line at *s, which moves behind it, for the caller to free. */
static char *
line(const char **s)
{
	size_t n = strcspn(*s, "\n");
	char *out = xstrndup(*s, n);

	*s += n + ((*s)[n] == '\n');
	return out;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);
	const char *s = text;
	char *part = line(&s), *name = line(&s);
	struct stat st = {.st_nlink = 1};
	struct filter f = {0}, twice = {0};
	struct shard shard;
	unsigned in = 0;

	if (shard_parse(&shard, part)) {
		if (shard.part == 0 || shard.part > shard.parts ||
		    shard.parts > SHARD_MOST)
			abort();
		/* every name is in one part */
		for (shard.part = 1; shard.part <= shard.parts; shard.part++)
			in += shard_has(&shard, name, &st);
		if (in != 1)
			abort();
	}
	filter_add_lines(&f, xstrdup(s));
	for (size_t i = 0; i < f.n; i++) {
		if (!f.pattern[i][0] || strchr(f.pattern[i], '\n'))
			abort();
	}
	filter_add_lines(&twice, xstrdup(s));
	filter_add_lines(&twice, xstrdup(s));
	if (twice.n != 2 * f.n ||
	    filter_excludes(&f, name) != filter_excludes(&twice, name))
		abort();
	filter_free(&twice);
	filter_free(&f);
	free(name);
	free(part);
	free(text);
	return 0;
}
