/*
 * pax records, appended to a growing block.  Pure.
 */
#include "pax.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

static size_t
digits(size_t n)
{
	size_t d = 1;

	for (; n >= 10; n /= 10)
		d++;
	return d;
}

/* Room for n bytes more. */
static unsigned char *
room(struct pax *p, size_t n)
{
	if (n >= p->cap - p->len) {
		p->cap = (p->len + n + 1) * 2;
		p->buf = xrealloc(p->buf, p->cap);
	}
	return p->buf + p->len;
}

void
pax_bytes(struct pax *p, const char *keyword, const void *value, size_t len)
{
	/* blank, equals sign, newline */
	size_t name = strlen(keyword), rest = name + len + 3, total;
	size_t width = digits(rest);
	unsigned char *at;

	/* the length counts its own digits */
	if (digits(rest + width) > width)
		width++;
	total = rest + width;
	at = room(p, total);
	(void)snprintf((char *)at, width + 2, "%zu ", total);
	at += width + 1;
	memcpy(at, keyword, name);
	at[name] = '=';
	memcpy(at + name + 1, value, len);
	at[name + 1 + len] = '\n';
	p->len += total;
}

void
pax_join(struct pax *p, const struct pax *more)
{
	if (more->len > 0)
		memcpy(room(p, more->len), more->buf, more->len);
	p->len += more->len;
}

void
pax_number(struct pax *p, const char *keyword, int64_t value)
{
	pax_time(p, keyword, value, 0);
}

void
pax_time(struct pax *p, const char *keyword, int64_t seconds, long nanoseconds)
{
	char text[40];
	int n = snprintf(text, sizeof text, "%lld.%09ld", (long long)seconds,
			 nanoseconds);

	while (n > 0 && text[n - 1] == '0')
		n--;
	if (n > 0 && text[n - 1] == '.')
		n--;
	pax_bytes(p, keyword, text, (size_t)n);
}

bool
pax_is_ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

bool
pax_is_utf8(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s) {
		unsigned char low = 0x80, high = 0xbf;
		int more;

		if (*s < 0x80) {
			s++;
			continue;
		}
		if (*s >= 0xc2 && *s <= 0xdf)
			more = 1;
		else if (*s >= 0xe0 && *s <= 0xef)
			more = 2;
		else if (*s >= 0xf0 && *s <= 0xf4)
			more = 3;
		else
			return false;
		/* neither too long a form, nor a surrogate, nor too large */
		if (*s == 0xe0)
			low = 0xa0;
		else if (*s == 0xed)
			high = 0x9f;
		else if (*s == 0xf0)
			low = 0x90;
		else if (*s == 0xf4)
			high = 0x8f;
		for (s++; more > 0; more--, s++) {
			if (*s < low || *s > high)
				return false;
			low = 0x80;
			high = 0xbf;
		}
	}
	return true;
}

void
pax_free(struct pax *p)
{
	free(p->buf);
	memset(p, 0, sizeof *p);
}
