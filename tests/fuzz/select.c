/*
 * What ktar-pack selects by: a part, a member name, then a file of patterns,
 * the first two a line each.
 *
 * links: ktar-pack/filter ktar-pack/shard ktar-pack/links
 * links: lib/pattern lib/err lib/mem
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
	struct shard shard = {0};
	unsigned in = 0, files = 0;

	if (shard_parse(&shard, part)) {
		unsigned parts = shard.parts;

		if (shard.part == 0 || shard.part > parts || parts > SHARD_MOST)
			abort();
		/* every file is in one part; its size is a byte of the name */
		for (unsigned i = 1; i <= parts; i++) {
			memset(&shard, 0, sizeof shard);
			shard.part = i;
			shard.parts = parts;
			for (files = 0; files < 64 && name[files]; files++)
				in += shard_takes(&shard, &st,
						  (unsigned char)name[files]);
			shard_free(&shard);
		}
		if (in != files)
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
