/*
 * Member names: how an operand becomes one, and how it grows and shrinks with
 * the walk.  Pure.
 */
#include "name.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

enum { SHOWN_BYTES = 1500 };

/* The next component at *s and its length; NULL at the end. */
static const char *
component(const char **s, size_t *len)
{
	const char *from = *s + strspn(*s, "/");

	*len = strcspn(from, "/");
	*s = from + *len;
	return *len ? from : NULL;
}

char *
name_of_operand(const char *operand)
{
	char *out = xmalloc(strlen(operand) + 1);
	size_t used = 0, len;
	const char *c;

	while ((c = component(&operand, &len)) != NULL) {
		if (len == 1 && c[0] == '.')
			continue;
		if (len == 2 && c[0] == '.' && c[1] == '.') {
			used = 0;
			continue;
		}
		if (used > 0)
			out[used++] = '/';
		memcpy(out + used, c, len);
		used += len;
	}
	out[used] = '\0';
	return out;
}

bool
name_is_relative(const char *s)
{
	const char *c;
	size_t len;

	if (s[0] == '\0' || s[0] == '/')
		return false;
	while ((c = component(&s, &len)) != NULL)
		if (len == 2 && c[0] == '.' && c[1] == '.')
			return false;
	return true;
}

static void
append(struct name *n, const char *s, size_t len)
{
	if (n->len + len + 2 > n->cap) {
		n->cap = (n->len + len + 2) * 2;
		n->member = xrealloc(n->member, n->cap);
	}
	memcpy(n->member + n->len, s, len);
	n->len += len;
	n->member[n->len] = '\0';
}

void
name_begin(struct name *n, const char *operand, const char *member)
{
	n->len = 0;
	append(n, member, strlen(member));
	n->root = n->len;
	n->operand = operand;
}

size_t
name_down(struct name *n, const char *leaf)
{
	size_t before = n->len;

	if (n->len > 0)
		append(n, "/", 1);
	append(n, leaf, strlen(leaf));
	return before;
}

void
name_up(struct name *n, size_t len)
{
	n->len = len;
	n->member[len] = '\0';
}

char *
name_shown(const struct name *n)
{
	const char *rest = n->member + n->root;
	size_t head = strlen(n->operand);
	char *whole, *end;
	size_t len;

	rest += rest[0] == '/';
	while (head > 1 && n->operand[head - 1] == '/')
		head--;
	whole =
	    xasprintf("%.*s%s%s", (int)head, n->operand,
		      !rest[0] || n->operand[head - 1] == '/' ? "" : "/", rest);
	len = strlen(whole);
	if (len <= SHOWN_BYTES)
		return whole;
	end = xasprintf("...%s", whole + len - SHOWN_BYTES);
	free(whole);
	return end;
}

void
name_free(struct name *n)
{
	free(n->member);
	memset(n, 0, sizeof *n);
}
