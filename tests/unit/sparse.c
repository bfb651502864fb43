/*
 * ktar-pack/sparse: parts that meet are one, parts are of whole blocks, and
 * there are never too many; what the header says is what libarchive reads.
 *
 * links: ktar-pack/block ktar-pack/header ktar-pack/pax ktar-pack/emit
 * links: ktar-pack/sparse lib/mem lib/err
 * pkgs: libarchive
 */
#include "tap.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include "lib/err.h"
#include "lib/mem.h"

#include "ktar-pack/emit.h"
#include "ktar-pack/sparse.h"

/* The map of size bytes with these n parts. */
static struct sparse_map
made(uint64_t size, size_t n, const struct sparse_part *part)
{
	struct sparse_map s;

	sparse_begin(&s, size);
	for (size_t i = 0; i < n; i++)
		if (!sparse_data(&s, part[i].at, part[i].len))
			break;
	sparse_end(&s);
	return s;
}

static void
map_is(const char *name, uint64_t size, size_t n,
       const struct sparse_part *part, const char *want)
{
	struct sparse_map s = made(size, n, part);
	char *got = xstrdup("");

	for (size_t i = 0; i < s.n; i++) {
		char *more = xasprintf("%s%llu+%llu ", got,
				       (unsigned long long)s.part[i].at,
				       (unsigned long long)s.part[i].len);

		free(got);
		got = more;
	}
	is(got, want, "%s", name);
	free(got);
	sparse_free(&s);
}

/* Whether libarchive finds in the header what s says. */
static bool
reads(enum emit_format format, const struct sparse_map *s, const char *name)
{
	struct stat st = {.st_mode = S_IFREG | 0644, .st_size = (off_t)s->size};
	struct member m = {.name = name,
			   .st = &st,
			   .uname = "",
			   .gname = "",
			   .size = s->stored,
			   .map = s};
	struct emit *e = emit_new(format);
	struct archive *a = archive_read_new();
	struct archive_entry *got;
	const char *why;
	size_t len, i = 0;
	unsigned char *bytes = emit_header(e, &m, &len, &why);
	int64_t at, n;
	bool rc;

	archive_read_support_format_tar(a);
	rc = len % BLOCK == 0 &&
	     archive_read_open_memory(a, bytes, len) == ARCHIVE_OK &&
	     archive_read_next_header(a, &got) == ARCHIVE_OK &&
	     strcmp(archive_entry_pathname(got), name) == 0 &&
	     archive_entry_size(got) == (int64_t)s->size;
	if (rc)
		archive_entry_sparse_reset(got);
	for (; rc && i < s->n && s->part[i].len > 0; i++)
		rc = archive_entry_sparse_next(got, &at, &n) == ARCHIVE_OK &&
		     (uint64_t)at == s->part[i].at &&
		     (uint64_t)n == s->part[i].len;
	rc = rc && i == s->n - 1;
	archive_read_free(a);
	emit_free(e);
	return rc;
}

static void
headers(void)
{
	static const size_t count[] = {1, 2, 3, 4, 24, 25, 26, 46, 300};
	char *name = xmalloc(300);

	memset(name, 'n', 300);
	name[150] = '/';
	name[299] = '\0';
	for (size_t i = 0; i < sizeof count / sizeof count[0]; i++) {
		struct sparse_map s;

		sparse_begin(&s, UINT64_C(1) << 42);
		for (size_t k = 0; k < count[i]; k++)
			sparse_data(&s, (uint64_t)k << 32 | 4096, 8192);
		sparse_end(&s);
		ok(reads(EMIT_GNU, &s, "file"), "GNU: %zu parts", count[i]);
		ok(reads(EMIT_PAX, &s, "a/file"), "pax: %zu parts", count[i]);
		ok(reads(EMIT_GNU, &s, name), "GNU: %zu, long", count[i]);
		ok(reads(EMIT_PAX, &s, name), "pax: %zu, long", count[i]);
		ok(reads(EMIT_PAX, &s, "\303\251"), "pax: and UTF-8");
		sparse_free(&s);
	}
	free(name);
}

int
main(void)
{
	static const struct sparse_part two[] = {{4096, 4096}, {12288, 100}},
					meet[] = {{0, 4096}, {4096, 4096}},
					odd[] = {{100, 1}, {1000, 30}},
					touch[] = {{100, 412}, {513, 1}},
					whole[] = {{0, 5000}};
	struct sparse_map s;
	bool room = true;
	size_t n = 0;

	err_init("sparse", 1);
	setlocale(LC_ALL, "C.UTF-8");
	map_is("nothing but a hole", 5000, 0, NULL, "5000+0 ");
	map_is("two parts", 20000, 2, two, "4096+4096 12288+512 20000+0 ");
	map_is("at the end", 12388, 2, two, "4096+4096 12288+100 12388+0 ");
	map_is("parts that meet are one", 9000, 2, meet, "0+8192 9000+0 ");
	map_is("whole blocks", 9000, 2, odd, "0+1536 9000+0 ");
	map_is("blocks side by side", 9000, 2, touch, "0+1024 9000+0 ");
	s = made(5000, 1, whole);
	ok(!sparse_has_holes(&s), "a whole file has no holes");
	sparse_free(&s);
	s = made(5001, 1, whole);
	ok(!sparse_has_holes(&s), "nor one with less than a block");
	sparse_free(&s);

	sparse_begin(&s, UINT64_C(1) << 42);
	while (room)
		room = sparse_data(&s, (uint64_t)n++ * 8192, 4096);
	sparse_end(&s);
	ok(n == SPARSE_PARTS && s.n == SPARSE_PARTS + 1, "the most parts");
	ok(s.part[SPARSE_PARTS - 1].at + s.part[SPARSE_PARTS - 1].len == s.size,
	   "the last of which is all the rest");
	ok(s.stored == (uint64_t)(SPARSE_PARTS - 1) * 4096 + s.size -
			   s.part[SPARSE_PARTS - 1].at,
	   "and the sum is right");
	sparse_free(&s);
	headers();
	return tap_end();
}
