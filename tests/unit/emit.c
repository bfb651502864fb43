/*
 * The headers that ktar-pack writes, read back by libarchive: whatever a
 * member is called, whoever owns it, whenever it was changed.
 *
 * links: ktar-pack/block ktar-pack/header ktar-pack/pax ktar-pack/emit
 * links: ktar-pack/sparse
 * links: lib/mem lib/err
 * pkgs: libarchive
 */
#include "tap.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "lib/err.h"
#include "lib/mem.h"

#include "ktar-pack/block.h"
#include "ktar-pack/emit.h"
#include "ktar-pack/header.h"
#include "ktar-pack/pax.h"

static const char *const format_name[] = {"gnu", "pax", "ustar"};

static bool
text_is(const char *got, const char *want)
{
	return got ? strcmp(got, want) == 0 : want[0] == '\0';
}

/* What libarchive reads is m, as far as the format can say it. */
static bool
says(struct archive_entry *got, const struct member *m, enum emit_format format)
{
	const struct timespec *t = &m->st->st_mtim;
	const char *path = archive_entry_pathname(got);
	const char *link =
	    m->hard ? archive_entry_hardlink(got) : archive_entry_symlink(got);
	size_t len = strlen(m->name);
	long ns = format == EMIT_PAX && t->tv_sec >= 0 ? t->tv_nsec : 0;

	return path && strncmp(path, m->name, len) == 0 &&
	       (path[len] == '\0' ||
		(S_ISDIR(m->st->st_mode) && strcmp(path + len, "/") == 0)) &&
	       text_is(link, m->link ? m->link : "") &&
	       (m->hard || archive_entry_mode(got) == m->st->st_mode) &&
	       archive_entry_uid(got) == m->st->st_uid &&
	       archive_entry_gid(got) == m->st->st_gid &&
	       text_is(archive_entry_uname(got), m->uname) &&
	       text_is(archive_entry_gname(got), m->gname) &&
	       (uint64_t)archive_entry_size(got) == m->size &&
	       archive_entry_mtime(got) == t->tv_sec &&
	       archive_entry_mtime_nsec(got) == ns;
}

/* Whether libarchive reads m back; -1 where the format refuses it. */
static int
reads(const struct member *m, enum emit_format format)
{
	struct emit *e = emit_new(format);
	struct archive *a = archive_read_new();
	struct archive_entry *got;
	const char *why = NULL;
	unsigned char *bytes;
	size_t len;
	int rc = -1;

	bytes = emit_header(e, m, &len, &why);
	if (bytes) {
		archive_read_support_format_tar(a);
		rc = len % BLOCK == 0 &&
		     archive_read_open_memory(a, bytes, len) == ARCHIVE_OK &&
		     archive_read_next_header(a, &got) == ARCHIVE_OK &&
		     says(got, m, format);
	} else if (!why) {
		rc = 0;
	}
	archive_read_free(a);
	emit_free(e);
	return rc;
}

/* reads in all formats; ustar is what it should be of m in that one. */
static void
all_read(const char *what, const struct member *m, int ustar)
{
	static const enum emit_format format[] = {EMIT_GNU, EMIT_PAX,
						  EMIT_USTAR};

	for (size_t i = 0; i < sizeof format / sizeof format[0]; i++) {
		int want = format[i] == EMIT_USTAR ? ustar : 1;

		ok(reads(m, format[i]) == want, "%s, %s%s", format_name[i],
		   what, want < 0 ? ": refused" : "");
	}
}

/* name in pieces: n bytes, a slash, m bytes; without the first for n 0 */
static char *
joined(size_t n, size_t m)
{
	char *s = xmalloc(n + m + 2);

	memset(s, 'd', n);
	s[n] = '/';
	memset(s + n + 1, 'f', m);
	s[n + 1 + m] = '\0';
	return s;
}

static void
names(void)
{
	static const struct {
		size_t dir, leaf;
		int ustar, ustar_dir;
	} row[] = {{1, 97, 1, 1},     {1, 98, 1, 1},    {1, 99, 1, 1},
		   {1, 100, 1, 1},    {1, 101, -1, -1}, {50, 100, 1, 1},
		   {154, 100, 1, 1},  {155, 1, 1, 1},   {155, 99, 1, 1},
		   {155, 100, 1, 1},  {156, 1, -1, -1}, {155, 101, -1, -1},
		   {300, 1, -1, -1},  {1, 300, -1, -1}, {4000, 200, -1, -1},
		   {70000, 5, -1, -1}};
	struct stat st = {.st_mode = S_IFREG | 0644, .st_mtime = 1};
	struct member m = {.st = &st, .uname = "u", .gname = "g"};
	char what[64], *name;

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		m.name = name = joined(row[i].dir, row[i].leaf);
		snprintf(what, sizeof what, "a name of %zu/%zu", row[i].dir,
			 row[i].leaf);
		st.st_mode = S_IFREG | 0644;
		all_read(what, &m, row[i].ustar);
		snprintf(what, sizeof what, "a directory of %zu/%zu",
			 row[i].dir, row[i].leaf);
		st.st_mode = S_IFDIR | 0755;
		all_read(what, &m, row[i].ustar_dir);
		st.st_mode = S_IFLNK | 0777;
		m.name = "link";
		m.link = name;
		snprintf(what, sizeof what, "a target of %zu/%zu", row[i].dir,
			 row[i].leaf);
		all_read(what, &m,
			 row[i].dir + row[i].leaf < BLOCK_LINK_BYTES ? 1 : -1);
		st.st_mode = S_IFREG | 0644;
		m.hard = true;
		all_read("and as a hard link", &m,
			 row[i].dir + row[i].leaf < BLOCK_LINK_BYTES ? 1 : -1);
		m.hard = false;
		m.link = NULL;
		free(name);
	}
	m.name = "utf8-\303\251\360\237\220\237";
	all_read("UTF-8", &m, 1);
	m.name = "raw-\377\376\200";
	all_read("no UTF-8", &m, 1);
	m.name = name = joined(120, 120);
	memcpy(name + 119, "\303/\251", 3);
	all_read("no UTF-8, about the cut", &m, -1);
	free(name);
}

static void
numbers(void)
{
	static const int64_t times[] = {0,           1,           8589934591,
					8589934592,  -1,          -2208988800,
					99999999999, -62135596800};
	static const uint64_t sizes[] = {
	    0, 1, 8589934591, 8589934592, UINT64_C(1) << 40, INT64_MAX / 2};
	static const unsigned ids[] = {0, 2097151, 2097152, 4294967294u};
	struct stat st = {.st_mode = S_IFREG | 07777};
	struct member m = {.name = "n", .st = &st, .uname = "", .gname = ""};
	char what[64];

	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		st.st_mtim.tv_sec = times[i];
		for (int n = 0; n < 3; n++) {
			st.st_mtim.tv_nsec = n == 0   ? 0
					     : n == 1 ? 1
						      : 123456780;
			snprintf(what, sizeof what, "time %lld.%09ld",
				 (long long)times[i], st.st_mtim.tv_nsec);
			all_read(what, &m,
				 times[i] < 0 || times[i] >> 33 ? -1 : 1);
		}
	}
	st.st_mtim = (struct timespec){5, 0};
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		m.size = sizes[i];
		snprintf(what, sizeof what, "size %llu",
			 (unsigned long long)sizes[i]);
		all_read(what, &m, sizes[i] >> 33 ? -1 : 1);
	}
	m.size = 0;
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		st.st_uid = ids[i];
		st.st_gid = ids[sizeof ids / sizeof ids[0] - 1 - i];
		snprintf(what, sizeof what, "owner %u", ids[i]);
		all_read(what, &m, -1);
		st.st_gid = 7;
		all_read(what, &m, ids[i] >> 21 ? -1 : 1);
	}
}

static void
records(void)
{
	static const struct {
		const char *text;
		bool utf8;
	} row[] = {
	    {"", true},
	    {"a", true},
	    {"\302\200", true},
	    {"\301\277", false},
	    {"\340\237\277", false},
	    {"\340\240\200", true},
	    {"\355\240\200", false},
	    {"\355\237\277", true},
	    {"\360\217\277\277", false},
	    {"\360\220\200\200", true},
	    {"\364\217\277\277", true},
	    {"\364\220\200\200", false},
	    {"\365\200\200\200", false},
	    {"\303", false},
	    {"\303x", false},
	    {"\200", false},
	};
	struct pax p = {0};
	char value[128];

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		ok(pax_is_utf8(row[i].text) == row[i].utf8, "UTF-8 row %zu", i);
	/* a length that has one more digit because of its own digits */
	memset(value, 'v', sizeof value);
	pax_bytes(&p, "k", value, 5);
	pax_bytes(&p, "k", value, 4);
	ok(p.len == 20 && memcmp(p.buf, "11 k=vvvvv\n9 k=vvvv\n", 20) == 0,
	   "lengths at the edge");
	pax_free(&p);
	for (size_t n = 0; n < sizeof value; n++) {
		char *end;

		pax_bytes(&p, "key", value, n);
		if (strtoul((char *)p.buf, &end, 10) != p.len || *end != ' ')
			ok(false, "a record of %zu bytes", n);
		p.len = 0;
	}
	ok(true, "each record has the length that it says");
	pax_free(&p);
}

static void
sizes(enum emit_format format)
{
	struct stat st = {.st_mode = S_IFREG | 0644, .st_mtime = 1};
	struct member m = {.name = "n", .st = &st, .uname = "", .gname = ""};
	struct emit *e = emit_new(format);
	const char *why;
	size_t len;
	unsigned char *bytes;

	m.size = 5;
	bytes = emit_header(e, &m, &len, &why);
	ok(bytes && len == BLOCK, "%s: one block is enough",
	   format_name[format]);
	emit_resize(bytes, 3);
	ok(memcmp(bytes + BLOCK_SIZE, "00000000003", 11) == 0,
	   "%s: a size that changes", format_name[format]);
	emit_free(e);
}

int
main(void)
{
	err_init("unit", 1);
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		die(1, 0, "no locale C.UTF-8");
	names();
	numbers();
	records();
	sizes(EMIT_GNU);
	sizes(EMIT_PAX);
	sizes(EMIT_USTAR);
	return tap_end();
}
