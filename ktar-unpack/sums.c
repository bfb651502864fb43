/*
 * Sums and their lists.  A line is 64 hexadecimal digits, a blank, a blank or
 * a star, and the name; a backslash in front of it all says that backslash,
 * newline and carriage return in the name are escaped.
 */
#include "sums.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/sha2.h>

#include "lib/mem.h"

enum { SUM_BYTES = 32 };

struct entry {
	const char *name; /* within the text of sums_expect */
	unsigned char sum[SUM_BYTES];
	size_t line;
	bool seen;
};

struct sums {
	struct sha256_ctx hash;
	int64_t end; /* of what went into the sum */
	unsigned char sum[SUM_BYTES];
	FILE *out;
	bool listed; /* there is a list */
	struct entry *entry;
	size_t n;
};

struct sums *
sums_new(void)
{
	struct sums *s = xmalloc(sizeof *s);

	*s = (struct sums){0};
	return s;
}

void
sums_free(struct sums *s)
{
	if (!s)
		return;
	if (s->out)
		fclose(s->out);
	free(s->entry);
	free(s);
}

int
sums_write_to(struct sums *s, int fd)
{
	s->out = fdopen(fd, "w");
	return s->out ? 0 : -1;
}

static int
hex(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) % 16 : -1;
}

/* Undoes the escapes of name where it lies.  0, or -1. */
static int
unescape(char *name)
{
	char *to = name;

	for (; *name; name++, to++) {
		if (*name != '\\') {
			*to = *name;
			continue;
		}
		name++;
		if (*name != '\\' && *name != 'n' && *name != 'r')
			return -1;
		*to = *name;
		if (*name == 'n')
			*to = '\n';
		if (*name == 'r')
			*to = '\r';
	}
	*to = '\0';
	return 0;
}

/* Reads one line, ended by a NUL.  0, or -1. */
static int
read_line(struct entry *e, char *line)
{
	bool escaped = line[0] == '\\';

	line += escaped;
	for (size_t i = 0; i < SUM_BYTES; i++) {
		int high = hex(line[2 * i]), low;

		if (high < 0 || (low = hex(line[2 * i + 1])) < 0)
			return -1;
		e->sum[i] = (unsigned char)(high << 4 | low);
	}
	line += (size_t)2 * SUM_BYTES;
	if (line[0] != ' ' || (line[1] != ' ' && line[1] != '*'))
		return -1;
	line += 2;
	if (escaped && unescape(line) != 0)
		return -1;
	/* find writes it, and the names of members lose it */
	while (line[0] == '.' && line[1] == '/')
		line += 2;
	e->name = line;
	return line[0] ? 0 : -1;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->name,
		      ((const struct entry *)b)->name);
}

size_t
sums_expect(struct sums *s, char *text, size_t len)
{
	size_t line = 0, kept = 0, cap = 0;
	char *end = text + len, *next;

	s->listed = true;
	for (; text < end; text = next) {
		struct entry e = {.line = line + 1};
		char *stop = memchr(text, '\n', (size_t)(end - text));

		line++;
		next = stop ? stop + 1 : end;
		if (stop)
			*stop = '\0';
		if (strlen(text) != (size_t)((stop ? stop : end) - text) ||
		    read_line(&e, text) != 0)
			return line;
		if (s->n == cap) {
			cap = cap * 2 + 64;
			s->entry = xrealloc(s->entry, cap * sizeof e);
		}
		s->entry[s->n++] = e;
	}
	if (s->n > 0)
		qsort(s->entry, s->n, sizeof *s->entry, by_name);
	for (size_t i = 0; i < s->n; i++) {
		struct entry *last = &s->entry[kept > 0 ? kept - 1 : 0];

		if (kept == 0 || by_name(last, &s->entry[i]) != 0)
			s->entry[kept++] = s->entry[i];
		else if (memcmp(last->sum, s->entry[i].sum, SUM_BYTES) != 0)
			return s->entry[i].line;
	}
	s->n = kept;
	return 0;
}

static struct entry *
find(struct sums *s, const char *name)
{
	const struct entry key = {.name = name};

	return s->n > 0 ? bsearch(&key, s->entry, s->n, sizeof key, by_name)
			: NULL;
}

bool
sums_knows(struct sums *s, const char *path, const char *target)
{
	struct entry *e, *to;

	if (!s->listed)
		return true;
	e = find(s, path);
	if (!target)
		return e;
	to = find(s, target);
	if (!to || (e && memcmp(e->sum, to->sum, SUM_BYTES) != 0))
		return false;
	if (e)
		e->seen = true;
	return true;
}

void
sums_start(struct sums *s)
{
	s->end = 0;
	sha256_init(&s->hash);
}

static void
update(struct sums *s, const void *p, size_t n)
{
	sha256_update(&s->hash, n, p);
	s->end += (int64_t)n;
}

/* A hole reads as zeros. */
static void
zeros(struct sums *s, int64_t end)
{
	static const char zero[1 << 14];

	while (s->end < end) {
		int64_t n = end - s->end;

		update(s, zero,
		       n < (int64_t)sizeof zero ? (size_t)n : sizeof zero);
	}
}

void
sums_data(struct sums *s, const void *p, size_t n, int64_t offset)
{
	zeros(s, offset);
	update(s, p, n);
}

bool
sums_end(struct sums *s, const char *path, int64_t size)
{
	struct entry *e = s->listed ? find(s, path) : NULL;

	zeros(s, size);
	sha256_digest(&s->hash, sizeof s->sum, s->sum);
	if (e)
		e->seen = true;
	return !s->listed || (e && memcmp(e->sum, s->sum, SUM_BYTES) == 0);
}

int
sums_note(struct sums *s, const char *path)
{
	if (!s->out)
		return 0;
	if (strpbrk(path, "\\\n\r"))
		putc('\\', s->out);
	for (size_t i = 0; i < SUM_BYTES; i++)
		fprintf(s->out, "%02x", s->sum[i]);
	fputs("  ", s->out);
	for (; *path; path++) {
		if (*path == '\\')
			fputs("\\\\", s->out);
		else if (*path == '\n')
			fputs("\\n", s->out);
		else if (*path == '\r')
			fputs("\\r", s->out);
		else
			putc(*path, s->out);
	}
	putc('\n', s->out);
	return ferror(s->out) ? -1 : 0;
}

void
sums_missing(const struct sums *s, void (*each)(const char *name, void *arg),
	     void *arg)
{
	for (size_t i = 0; i < s->n; i++)
		if (!s->entry[i].seen)
			each(s->entry[i].name, arg);
}

int
sums_close(struct sums *s)
{
	FILE *out = s->out;

	s->out = NULL;
	return out && fclose(out) != 0 ? -1 : 0;
}
