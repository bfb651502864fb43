/*
 * Allocation that cannot fail quietly, and the wiping of secrets.
 */
#include "mem.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

static void *
checked(void *p)
{
	if (!p)
		die(err_failure(), ENOMEM, "memory");
	return p;
}

void *
xmalloc(size_t n)
{
	return checked(malloc(n ? n : 1));
}

void *
xrealloc(void *p, size_t n)
{
	return checked(realloc(p, n ? n : 1));
}

char *
xstrdup(const char *s)
{
	return checked(strdup(s));
}

char *
xstrndup(const char *s, size_t n)
{
	return checked(strndup(s, n));
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	/* counted first: vasprintf grows its block, and leaves what may be a
	 * secret in those that it gives back */
	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	p = n < 0 ? checked(NULL) : xmalloc((size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

void
wipe_free(void *p, size_t n)
{
	if (!p)
		return;
	explicit_bzero(p, n);
	free(p);
}

__attribute__((noinline)) void
wipe_stack(void)
{
	char below[WIPE_STACK_BYTES];

	explicit_bzero(below, sizeof below);
}

void
wipe_str(char *s)
{
	if (s)
		wipe_free(s, strlen(s));
}

/* The size stands in front of each block, so that free can wipe it. */
union header {
	size_t size;
	max_align_t align;
};

static union header *
header(void *p)
{
	return (union header *)p - 1;
}

void *
wiping_malloc(size_t n)
{
	union header *h;

	if (n > SIZE_MAX - sizeof *h)
		return NULL;
	h = malloc(sizeof *h + n);
	if (!h)
		return NULL;
	h->size = n;
	return h + 1;
}

void *
wiping_calloc(size_t n, size_t size)
{
	void *p;

	if (size > 0 && n > SIZE_MAX / size)
		return NULL;
	p = wiping_malloc(n * size);
	if (p)
		memset(p, 0, n * size);
	return p;
}

void *
wiping_realloc(void *p, size_t n)
{
	void *bigger = wiping_malloc(n);
	size_t had;

	if (!p || !bigger)
		return bigger;
	had = header(p)->size;
	memcpy(bigger, p, had < n ? had : n);
	wiping_free(p);
	return bigger;
}

char *
wiping_strdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = wiping_malloc(n);

	return copy ? memcpy(copy, s, n) : NULL;
}

void
wiping_free(void *p)
{
	if (p)
		wipe_free(header(p), sizeof(union header) + header(p)->size);
}
