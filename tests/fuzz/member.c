/*
 * A header that ktar-pack writes, of whatever a file can be, is read by
 * ktar-unpack's strict reader as what it was, byte for byte and number for
 * number, and is all that is read; only ustar may refuse.
 *
 * links: ktar-pack/block ktar-pack/header ktar-pack/pax ktar-pack/emit
 * links: ktar-pack/sparse
 * links: ktar-unpack/scan ktar-unpack/header ktar-unpack/pax
 * links: ktar-unpack/attrs ktar-unpack/sparse
 * links: lib/posixacl lib/base64 lib/mem lib/err
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ktar-pack/emit.h"
#include "ktar-pack/sparse.h"
#include "ktar-unpack/scan.h"
#include "lib/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *at;
	size_t left;
};

static uint64_t
number(struct input *in, int bytes)
{
	uint64_t n = 0;

	for (; bytes > 0 && in->left > 0; bytes--, in->left--)
		n = n << 8 | *in->at++;
	return n;
}

/* A string of up to most bytes, for the caller to free. */
static char *
string(struct input *in, size_t most)
{
	size_t n = (size_t)number(in, 2) % (most + 1);
	char *s;

	if (n > in->left)
		n = in->left;
	s = xstrndup((const char *)in->at, n);
	in->at += n;
	in->left -= n;
	return s;
}

/* Whether s is what ktar-pack/name makes: components and single slashes. */
static bool
is_name(const char *s)
{
	for (;; s++) {
		size_t n = strcspn(s, "/");

		if (n == 0 || (n == 1 && s[0] == '.') ||
		    (n == 2 && s[0] == '.' && s[1] == '.'))
			return false;
		s += n;
		if (!*s)
			return true;
	}
}

static bool
make_map(struct input *in, struct sparse_map *map, uint64_t size)
{
	uint64_t pos = 0;

	sparse_begin(map, size);
	for (size_t n = (size_t)number(in, 1); n > 0; n--) {
		uint64_t gap = number(in, 3) << number(in, 1) % 24;
		uint64_t len = number(in, 2) << number(in, 1) % 24;

		if (gap >= size - pos)
			break;
		pos += gap;
		len = len < size - pos ? len : size - pos;
		if (len == 0)
			continue;
		if (!sparse_data(map, pos, len))
			break;
		pos += len;
	}
	sparse_end(map);
	return sparse_has_holes(map);
}

static void
need(bool good)
{
	if (!good)
		abort();
}

static bool
same_name(const char *got, const char *want, bool dir)
{
	size_t len = strlen(want);

	return strncmp(got, want, len) == 0 &&
	       (!got[len] || (dir && strcmp(got + len, "/") == 0));
}

static void
compare(const struct scan_member *got, const struct member *m,
	enum emit_format format)
{
	static const enum scan_type type[] = {SCAN_FILE, SCAN_DIR,
					      SCAN_SYMLINK};
	bool dir = S_ISDIR(m->st->st_mode);
	bool fraction = format == EMIT_PAX && m->st->st_mtim.tv_sec >= 0;

	need(got->type == (m->hard ? SCAN_HARDLINK
				   : type[dir + 2 * S_ISLNK(m->st->st_mode)]));
	need(same_name(got->name, m->name, dir));
	need(strcmp(got->link, m->link ? m->link : "") == 0);
	need(got->mode == (m->st->st_mode & 07777));
	need(got->uid == m->st->st_uid && got->gid == m->st->st_gid);
	need(got->mtime == m->st->st_mtim.tv_sec);
	need(got->mtime_ns == (fraction ? m->st->st_mtim.tv_nsec : 0));
	need((uint64_t)got->size == (m->map ? m->map->size : m->size));
}

/* What the reader makes of the len bytes of headers. */
static void
read_back(const unsigned char *bytes, size_t len, const struct member *m,
	  enum emit_format format)
{
	struct scan *s = scan_new(false);
	enum scan_verdict v = SCAN_MORE;
	size_t at = 0, used, data;

	while (at < len && v == SCAN_MORE) {
		v = scan_feed(s, bytes + at, len - at, &used, &data);
		at += used;
	}
	need(v == SCAN_MEMBER && at == len);
	compare(scan_member(s), m, format);
	scan_free(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const mode_t kind[] = {S_IFREG, S_IFDIR, S_IFLNK, S_IFREG};
	struct input in = {data, size};
	enum emit_format format = (enum emit_format)(number(&in, 1) % 3);
	unsigned which = (unsigned)number(&in, 1) % 8;
	struct sparse_map map = {0};
	struct stat st = {0};
	struct member m = {.st = &st, .hard = which == 3};
	char *uname, *gname, *name, *link;
	struct emit *e;
	const char *why = NULL;
	size_t len;

	st.st_mode = kind[which % 4] | ((mode_t)number(&in, 2) & 07777);
	/* the highest number is nobody's */
	st.st_uid = (uid_t)(number(&in, 4) % UINT32_MAX);
	st.st_gid = (gid_t)(number(&in, 4) % UINT32_MAX);
	/* as far as a file system goes, and further */
	st.st_mtim.tv_sec = (time_t)((int64_t)number(&in, 8) >> 9);
	st.st_mtim.tv_nsec = (long)(number(&in, 4) % 1000000000);
	/* the reader takes 18 digits */
	st.st_size = (off_t)(number(&in, 8) >> 5);
	m.uname = uname = string(&in, 31);
	m.gname = gname = string(&in, 31);
	m.name = name = string(&in, 9000);
	link = string(&in, 4095);
	if (which % 4 >= 2)
		m.link = link;
	if (which % 4 == 0) {
		m.size = (uint64_t)st.st_size;
		if (which == 4 && format != EMIT_USTAR &&
		    make_map(&in, &map, m.size)) {
			m.map = &map;
			m.size = map.stored;
		}
	}
	e = emit_new(format);
	if (is_name(name) && (!m.link || *link)) {
		const unsigned char *bytes = emit_header(e, &m, &len, &why);

		need(bytes ? !why || format == EMIT_USTAR
			   : why && format == EMIT_USTAR);
		if (bytes)
			read_back(bytes, len, &m, format);
	}
	emit_free(e);
	sparse_free(&map);
	free(uname);
	free(gname);
	free(name);
	free(link);
	return 0;
}
