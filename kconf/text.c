/*
 * A growing text that may hold secrets.  Pure.
 */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/mem.h"

void
text_add(struct text *t, const char *fmt, ...)
{
	va_list ap, again;
	size_t need;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	need = t->len + (n < 0 ? 0 : (size_t)n) + 1;
	if (need > t->cap) {
		size_t cap = need * 2 + 4096;
		char *bigger = xmalloc(cap);

		bigger[0] = '\0';
		if (t->s)
			memcpy(bigger, t->s, t->len + 1);
		wipe_free(t->s, t->cap);
		t->s = bigger;
		t->cap = cap;
	}
	if (n > 0) {
		vsnprintf(t->s + t->len, t->cap - t->len, fmt, again);
		t->len += (size_t)n;
	}
	va_end(again);
	va_end(ap);
}
