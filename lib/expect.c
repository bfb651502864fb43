/*
 * The size that --expect tells.
 */
#include "expect.h"

#include <fcntl.h>
#include <unistd.h>

enum { NUMBER_BYTES = 24, MOST_DIGITS = 19 };

/* The number that text begins with, and where it ends. */
static uint64_t
number(const char *text, const char **end)
{
	uint64_t n = 0;
	int digits = 0;

	for (; *text >= '0' && *text <= '9' && digits < MOST_DIGITS; digits++)
		n = n * 10 + (uint64_t)(*text++ - '0');
	*end = text;
	return n;
}

bool
expect_parse(struct expect *e, const char *text)
{
	const char *end;

	*e = (struct expect){.fd = -1};
	if (*text == '/' || *text == '.') {
		e->file = text;
		return true;
	}
	e->bytes = number(text, &end);
	return end > text && *end == '\0';
}

int
expect_open(struct expect *e)
{
	if (!e->file)
		return 0;
	e->fd = open(e->file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	return e->fd < 0 ? -1 : 0;
}

uint64_t
expect_bytes(struct expect *e)
{
	char text[NUMBER_BYTES + 1];
	const char *end;
	uint64_t n;
	ssize_t got;

	if (!e->file || e->bytes > 0)
		return e->bytes;
	got = pread(e->fd, text, NUMBER_BYTES, 0);
	if (got <= 0)
		return 0;
	text[got] = '\0';
	n = number(text, &end);
	/* without a newline it is not all there yet */
	if (*end == '\n')
		e->bytes = n;
	return e->bytes;
}
