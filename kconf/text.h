#ifndef KCONF_TEXT_H
#define KCONF_TEXT_H

#include <stddef.h>

/*
 * A text that grows and leaves no copy of itself behind.  An empty one is
 * all zero; s is NULL until something was added, and then ends with a NUL.
 * The owner ends it with wipe_str(s).
 */
struct text {
	char *s;
	size_t len, cap;
};

void text_add(struct text *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
