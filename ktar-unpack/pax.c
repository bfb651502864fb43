/*
 * The records of pax extended headers: "LENGTH KEY=VALUE\n", read without
 * any tolerance, since two readers that tolerate differently see different
 * archives.  Keys that change nothing here (users' names, comments, access
 * times, attributes that nobody wants) pass unread.  Pure.
 */
#include "pax.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

/* A piece of text within the block. */
struct text {
	const char *at;
	size_t len;
};

void
pax_start(struct pax *p)
{
	*p = (struct pax){
	    .size = -1,
	    .uid = -1,
	    .gid = -1,
	    .mtime_ns = -1,
	    .sparse_major = -1,
	    .sparse_minor = -1,
	    .sparse_real = -1,
	    .sparse_blocks = -1,
	    .sparse_offset = -1,
	};
}

void
pax_clear(struct pax *p)
{
	bool want_attrs = p->want_attrs;

	free(p->path);
	free(p->link);
	free(p->sparse_name);
	attrs_clear(&p->attrs);
	sparse_clear(&p->map);
	pax_start(p);
	p->want_attrs = want_attrs;
}

bool
pax_is_sparse(const struct pax *p)
{
	return p->sparse_map || p->sparse_major >= 0 || p->sparse_minor >= 0 ||
	       p->sparse_real >= 0 || p->sparse_blocks >= 0 || p->sparse_name;
}

static bool
is(struct text t, const char *word)
{
	return t.len == strlen(word) && memcmp(t.at, word, t.len) == 0;
}

static bool
starts(struct text t, const char *word)
{
	return t.len >= strlen(word) && memcmp(t.at, word, strlen(word)) == 0;
}

/* Decimal digits, all of t, at most 18 of them. */
static int
decimal(struct text t, int64_t *out)
{
	int64_t n = 0;

	if (t.len == 0 || t.len > 18)
		return -1;
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] < '0' || t.at[i] > '9')
			return -1;
		n = n * 10 + (t.at[i] - '0');
	}
	*out = n;
	return 0;
}

static const char *
take_text(char **out, struct text value)
{
	if (*out)
		return "pax header: a name is given twice";
	if (value.len == 0 || memchr(value.at, '\0', value.len))
		return "pax header: a name is empty or holds a NUL";
	*out = xstrndup(value.at, value.len);
	return NULL;
}

static const char *
take_number(int64_t *out, struct text value)
{
	if (*out >= 0)
		return "pax header: a number is given twice";
	if (decimal(value, out) != 0)
		return "pax header: bad number";
	return NULL;
}

static bool
all_digits(struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (t.at[i] < '0' || t.at[i] > '9')
			return false;
	return t.len > 0;
}

/* "[-]SECONDS[.FRACTION]"; what is finer than a nanosecond is cut. */
static const char *
take_time(struct pax *p, struct text value)
{
	bool negative = value.len > 0 && value.at[0] == '-';
	const char *dot;
	int64_t ns = 0;
	size_t places;

	if (p->mtime_ns >= 0)
		return "pax header: the time is given twice";
	if (negative) {
		value.at++;
		value.len--;
	}
	if ((dot = memchr(value.at, '.', value.len))) {
		struct text part = {dot + 1,
				    value.len - (size_t)(dot + 1 - value.at)};

		if (!all_digits(part))
			return "pax header: bad time";
		if (part.len > 9)
			part.len = 9;
		(void)decimal(part, &ns);
		for (places = part.len; places < 9; places++)
			ns *= 10;
		value.len = (size_t)(dot - value.at);
	}
	if (decimal(value, &p->mtime) != 0)
		return "pax header: bad time";
	if (negative) {
		p->mtime = -p->mtime - (ns > 0);
		ns = ns > 0 ? 1000000000 - ns : 0;
	}
	p->mtime_ns = (long)ns;
	return NULL;
}

/* GNU.sparse.map of format 0.1: "OFFSET,SIZE,OFFSET,SIZE..." */
static const char *
take_map(struct pax *p, struct text value)
{
	const char *end = value.at + value.len, *why = NULL;

	if (p->sparse_map)
		return "pax header: a sparse map is given twice";
	p->sparse_map = true;
	while (value.len > 0 && !why) {
		int64_t number[2];

		for (int i = 0; i < 2; i++) {
			const char *comma;
			struct text one = value;

			comma = memchr(value.at, ',', value.len);
			if (comma)
				one.len = (size_t)(comma - value.at);
			else if (i == 0)
				return "sparse map: odd count of numbers";
			if (decimal(one, &number[i]) != 0)
				return "sparse map: bad number";
			value.at = comma ? comma + 1 : end;
			value.len = (size_t)(end - value.at);
			if (comma && value.len == 0)
				return "sparse map: bad number";
		}
		why = sparse_add(&p->map, number[0], number[1]);
	}
	return why;
}

/* GNU.sparse.numbytes of format 0.0, behind its GNU.sparse.offset */
static const char *
take_pair(struct pax *p, struct text value)
{
	int64_t size, offset = p->sparse_offset;

	if (offset < 0 || decimal(value, &size) != 0)
		return "sparse map: bad number";
	p->sparse_offset = -1;
	p->sparse_map = true;
	return sparse_add(&p->map, offset, size);
}

static const char *
take_sparse(struct pax *p, struct text key, struct text value)
{
	if (is(key, "GNU.sparse.name"))
		return take_text(&p->sparse_name, value);
	if (is(key, "GNU.sparse.major"))
		return take_number(&p->sparse_major, value);
	if (is(key, "GNU.sparse.minor"))
		return take_number(&p->sparse_minor, value);
	if (is(key, "GNU.sparse.realsize") || is(key, "GNU.sparse.size"))
		return take_number(&p->sparse_real, value);
	if (is(key, "GNU.sparse.numblocks"))
		return take_number(&p->sparse_blocks, value);
	if (is(key, "GNU.sparse.offset"))
		return take_number(&p->sparse_offset, value);
	if (is(key, "GNU.sparse.numbytes"))
		return take_pair(p, value);
	if (is(key, "GNU.sparse.map"))
		return take_map(p, value);
	return "pax header: unknown kind of sparse file";
}

/* Whether names are bytes here, as everywhere; other codings are unknown. */
static bool
known_charset(struct text value)
{
	return is(value, "BINARY") || is(value, "ISO-IR 10646 2000 UTF-8");
}

static const char *
take(struct pax *p, struct text key, struct text value, bool global)
{
	static const char *const own[] = {"path",  "linkpath", "size",
					  "mtime", "uid",      "gid"};
	static const char *const foreign[] = {
	    "SCHILY.devmajor",   "SCHILY.devminor",     "SCHILY.realsize",
	    "SCHILY.filetype",   "SCHILY.volhdr.",      "SCHILY.offset",
	    "SUN.holesdata",     "GNU.volume.filename", "GNU.volume.size",
	    "GNU.volume.offset", "GNU.dumpdir"};

	for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
		if (starts(key, foreign[i]))
			return "pax header: changes the member in an "
			       "unknown way";
	if (is(key, "hdrcharset") && !known_charset(value))
		return "pax header: names in an unknown charset";
	if (global) {
		for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
			if (is(key, own[i]))
				return "global pax header: changes every "
				       "member";
		if (starts(key, "GNU.sparse.") ||
		    (p->want_attrs && attrs_knows(key.at, key.len)))
			return "global pax header: changes every member";
		return NULL;
	}
	if (is(key, "path"))
		return take_text(&p->path, value);
	if (is(key, "linkpath"))
		return take_text(&p->link, value);
	if (is(key, "size"))
		return take_number(&p->size, value);
	if (is(key, "mtime"))
		return take_time(p, value);
	if (is(key, "uid"))
		return take_number(&p->uid, value);
	if (is(key, "gid"))
		return take_number(&p->gid, value);
	if (starts(key, "GNU.sparse."))
		return take_sparse(p, key, value);
	if (p->want_attrs && attrs_knows(key.at, key.len))
		return attrs_keep(&p->attrs, key.at, key.len, value.at,
				  value.len);
	return NULL;
}

const char *
pax_read(struct pax *p, const char *buf, size_t len, bool global)
{
	const char *why = NULL;

	while (len > 0 && !why) {
		const char *blank = memchr(buf, ' ', len < 20 ? len : 20);
		const char *equals;
		struct text size = {buf, 0}, key, value;
		int64_t n;

		if (!blank)
			return "pax header: a record without a length";
		size.len = (size_t)(blank - buf);
		if (decimal(size, &n) != 0 || n > (int64_t)len ||
		    n <= (int64_t)size.len + 2 || buf[n - 1] != '\n')
			return "pax header: a record of the wrong length";
		key.at = blank + 1;
		equals = memchr(key.at, '=', (size_t)(buf + n - key.at));
		if (!equals || equals == key.at)
			return "pax header: a record without a key";
		key.len = (size_t)(equals - key.at);
		value.at = equals + 1;
		value.len = (size_t)(buf + n - 1 - value.at);
		why = take(p, key, value, global);
		buf += n;
		len -= (size_t)n;
	}
	return why;
}
