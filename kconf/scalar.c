/*
 * Strings as YAML scalars.  Pure.
 */
#include "scalar.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "node.h"

/* The code point of a sequence of two or three bytes that no line of text
 * should have as it is: a C1 control, a line separator, a byte order mark.
 * 0 for others.  *n is the length of the sequence. */
static unsigned
hidden(const unsigned char *s, size_t *n)
{
	unsigned c;

	*n = 2;
	if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0)
		return s[1];
	*n = 3;
	if ((s[0] != 0xe2 && s[0] != 0xef) || !s[1] || !s[2])
		return 0;
	c = (s[0] & 0xfU) << 12 | (s[1] & 0x3fU) << 6 | (s[2] & 0x3fU);
	return c == 0x2028 || c == 0x2029 || c == 0xfeff ? c : 0;
}

/* Whether no byte of it needs an escape. */
static bool
is_visible(const char *value)
{
	const unsigned char *s = (const unsigned char *)value;
	size_t n;

	for (; *s; s++) {
		if (*s < ' ' || *s == 0x7f || hidden(s, &n) != 0)
			return false;
	}
	return true;
}

/* Narrower than YAML allows, so that it holds everywhere: in flow style, as a
 * key, for every reader. */
static bool
is_plain(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char others[] = "0123456789_/+.-=~";
	size_t n = strlen(s);
	bool truth, finite;

	if (n == 0 || !strchr("_/+.0123456789", s[0])) {
		if (n == 0 || !strchr(letters, s[0]))
			return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (!strchr(letters, s[i]) && !strchr(others, s[i]))
			return false;
	}
	/* what others take for a date, or a number in a base of theirs */
	if (strspn(s, "0123456789abcdefABCDEFxXoO_.+-TZtz") == n &&
	    !strchr(letters, s[0]))
		return false;
	return node_resolve(s, n, &truth, &finite) == NODE_STRING;
}

/* In double quotes, with the escapes that YAML and JSON share. */
static const char *
double_quoted(struct arena *a, const char *value)
{
	const unsigned char *s = (const unsigned char *)value;
	char *out = arena_alloc(a, strlen(value) * 6 + 3), *p = out;

	*p++ = '"';
	while (*s) {
		size_t n = 1;
		unsigned c = *s < ' ' || *s == 0x7f ? *s : hidden(s, &n);

		if (c != 0) {
			p += snprintf(p, 7, "\\u%04x", c);
			s += n;
			continue;
		}
		if (*s == '"' || *s == '\\')
			*p++ = '\\';
		*p++ = (char)*s++;
	}
	*p++ = '"';
	return out;
}

static const char *
single_quoted(struct arena *a, const char *value)
{
	char *out = arena_alloc(a, strlen(value) * 2 + 3), *p = out;

	*p++ = '\'';
	for (; *value; value++) {
		if (*value == '\'')
			*p++ = '\'';
		*p++ = *value;
	}
	*p++ = '\'';
	return out;
}

const char *
scalar_write(struct arena *a, const char *value, enum scalar_style style)
{
	if (style == SCALAR_PLAIN && is_plain(value))
		return value;
	if (style == SCALAR_SINGLE && is_visible(value))
		return single_quoted(a, value);
	return double_quoted(a, value);
}
