/*
 * A list of paths (-T), by lines and by NULs: what is between two of them is a
 * path, and nothing is lost, joined or cut.
 *
 * links: ktar-pack/source ktar-pack/stop lib/mem lib/err
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ktar-pack/source.h"
#include "lib/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What makes the reader end the process is left out: a path that is too long,
 * and a NUL in a list of lines. */
static void
play(const uint8_t *data, size_t size, char end)
{
	struct source s = {.path = "list", .end = end};
	const uint8_t *at = data;
	const char *path;

	s.stream = fmemopen((void *)(uintptr_t)data, size, "r");
	if (!s.stream)
		abort();
	s.item = xmalloc((1 << 16) + 1);
	while ((path = source_next(&s)) != NULL) {
		size_t n;
		const uint8_t *stop;

		while (*at == (uint8_t)end)
			at++;
		n = size - (size_t)(at - data);
		stop = memchr(at, end, n);
		if (stop)
			n = (size_t)(stop - at);
		if (strlen(path) != n || memcmp(path, at, n) != 0)
			abort();
		at += n;
	}
	for (; at < data + size; at++)
		if (*at != (uint8_t)end)
			abort();
	source_close(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0 || size > 1 << 16)
		return 0;
	play(data, size, '\0');
	if (!memchr(data, '\0', size))
		play(data, size, '\n');
	return 0;
}
