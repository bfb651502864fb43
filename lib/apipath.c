/*
 * Names into paths.
 */
#include "apipath.h"

#include <stdio.h>
#include <string.h>

#include "mem.h"

enum { NAME_MAX_BYTES = 253 };

#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static void
add(struct apipath *p, const char *s, bool encode)
{
	for (; *s; s++) {
		if (p->len + 4 > p->cap) {
			p->cap = p->cap * 2 + 256;
			p->text = xrealloc(p->text, p->cap);
		}
		if (!encode || strchr(ALNUM "-._~", *s))
			p->text[p->len++] = *s;
		else
			p->len += (size_t)snprintf(p->text + p->len, 4,
						   "%%%02X", (unsigned char)*s);
		p->text[p->len] = '\0';
	}
}

void
apipath_put(struct apipath *p, const char *s)
{
	add(p, s, false);
}

void
apipath_encode(struct apipath *p, const char *s)
{
	add(p, s, true);
}

bool
apipath_segment(const char *name)
{
	return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	       !strpbrk(name, "/%");
}

bool
apipath_host_name(const char *name)
{
	size_t n = strspn(name, ALNUM "-.");

	return n > 0 && n <= NAME_MAX_BYTES && !name[n] && name[0] != '-' &&
	       name[0] != '.';
}
