/*
 * The parts of ktar-pack that can be tried alone: header blocks, member names,
 * exclude patterns, the hard link table, bounded listings.
 *
 * links: ktar-pack/block ktar-pack/name ktar-pack/filter ktar-pack/links
 * links: ktar-pack/list lib/mem lib/err lib/pattern
 */
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/mem.h"

#include "ktar-pack/block.h"
#include "ktar-pack/filter.h"
#include "ktar-pack/links.h"
#include "ktar-pack/list.h"
#include "ktar-pack/name.h"

static void
numbers(void)
{
	static const struct {
		int64_t value;
		size_t width;
		const char *bytes;
	} row[] = {
	    {0, 8, "0000000"},
	    {0755, 8, "0000755"},
	    {2097151, 8, "7777777"},
	    {2097152, 8, "\200\0\0\0\0\040\0\0"},
	    {4294967295, 8, "\200\0\0\0\377\377\377\377"},
	    {-1, 12, "\377\377\377\377\377\377\377\377\377\377\377\377"},
	    {-256, 12, "\377\377\377\377\377\377\377\377\377\377\377\0"},
	    {8589934591, 12, "77777777777"},
	    {8589934592, 12, "\200\0\0\0\0\0\0\2\0\0\0\0"},
	    {INT64_MAX, 12, "\200\0\0\0\177\377\377\377\377\377\377\377"},
	    {INT64_MIN, 12, "\377\377\377\377\200\0\0\0\0\0\0\0"},
	};
	unsigned char field[12], block[BLOCK] = {0};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		block_number(field, row[i].width, row[i].value);
		ok(memcmp(field, row[i].bytes, row[i].width) == 0,
		   "number row %zu", i);
	}
	ok(block_padding(0) == 0 && block_padding(1) == 511 &&
	       block_padding(512) == 0 && block_padding(513) == 511,
	   "padding");
	block_seal(block);
	ok(memcmp(block + BLOCK_CHECKSUM, "000400\0 ", 8) == 0,
	   "the sum of an empty block is that of eight spaces");
}

static void
operands(void)
{
	static const struct {
		const char *operand, *member;
	} row[] = {
	    {"a", "a"},
	    {"a/", "a"},
	    {"/", ""},
	    {"//etc//passwd", "etc/passwd"},
	    {".", ""},
	    {"..", ""},
	    {"./a/./b/.", "a/b"},
	    {"../../x/y", "x/y"},
	    {"a/../b", "b"},
	    {"a/b/..", ""},
	    {"..a/b..", "..a/b.."},
	    {"...", "..."},
	    {"", ""},
	};
	struct name n = {0};
	char *s, longest[4096];
	size_t up;

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		s = name_of_operand(row[i].operand);
		is(s, row[i].member, "operand '%s'", row[i].operand);
		free(s);
	}
	ok(name_is_relative("a") && name_is_relative("a/..b") &&
	       name_is_relative("."),
	   "relative names");
	ok(!name_is_relative("") && !name_is_relative("/a") &&
	       !name_is_relative("..") && !name_is_relative("a/../b") &&
	       !name_is_relative("a/.."),
	   "names that could lead out");

	name_begin(&n, "../x//", "x");
	up = name_down(&n, "leaf");
	is(n.member, "x/leaf", "member");
	s = name_shown(&n);
	is(s, "../x/leaf", "what messages say");
	free(s);
	name_up(&n, up);
	is(n.member, "x", "and back");
	name_begin(&n, "/", "");
	(void)name_down(&n, "etc");
	is(n.member, "etc", "no slash in front");
	s = name_shown(&n);
	is(s, "/etc", "but in messages");
	free(s);
	memset(longest, 'n', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	(void)name_down(&n, longest);
	s = name_shown(&n);
	ok(strlen(s) == 1503 && strncmp(s, "...nnn", 6) == 0,
	   "of a long name messages show the end");
	free(s);
	name_free(&n);
}

static void
patterns(void)
{
	static const struct {
		const char *pattern, *name;
		bool excluded;
	} row[] = {
	    {"foo", "foo", true},    {"foo", "a/foo", true},
	    {"foo", "foo/b", true},  {"foo", "a/foo/b", true},
	    {"foo", "food", false},  {"foo", "a/xfoo", false},
	    {"*.o", "a/.x.o", true}, {"a*z", "a/b/z", true},
	    {"/foo", "foo", false},  {"a/b", "x/a/b", true},
	    {"?", "ab", false},      {"[", "[", true},
	    {"\\*", "*", true},      {"\\*", "x", false},
	    {"", "x", false},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct filter f = {0};

		filter_add(&f, "never");
		filter_add(&f, row[i].pattern);
		ok(filter_excludes(&f, row[i].name) == row[i].excluded,
		   "pattern '%s' on %s", row[i].pattern, row[i].name);
		filter_free(&f);
	}
}

static void
hard_links(void)
{
	struct links t = {0};
	struct stat st = {.st_dev = 1, .st_ino = 7, .st_nlink = 3};
	int refused = 0, wrong = 0;
	bool stale;
	char name[64];

	ok(!links_find(&t, &st, &stale), "an empty table");
	ok(links_seen(&t, &st, "first", NULL) == 0, "a first name");
	is(links_find(&t, &st, &stale), "first", "is found");
	st.st_dev = 2;
	ok(!links_find(&t, &st, &stale), "but not on another device");
	st.st_dev = 1;
	st.st_size = 1;
	ok(links_find(&t, &st, &stale) && stale, "with another content");
	st.st_size = 0;
	ok(links_find(&t, &st, &stale) && !stale, "and as it was");
	(void)links_seen(&t, &st, "second", NULL);
	is(links_find(&t, &st, &stale), "first", "the first stays");
	(void)links_seen(&t, &st, "third", NULL);
	ok(!links_find(&t, &st, &stale) && t.n == 0,
	   "all names came: forgotten");

	st.st_nlink = 2;
	for (unsigned i = 0; i < 5000; i++) {
		st.st_ino = (i * 2654435761u) % 65536;
		snprintf(name, sizeof name, "%u", i);
		refused += links_seen(&t, &st, name, NULL) != 0;
	}
	for (unsigned i = 0; i < 5000; i += 3) {
		st.st_ino = (i * 2654435761u) % 65536;
		(void)links_seen(&t, &st, "again", NULL);
	}
	for (unsigned i = 0; i < 5000; i++) {
		const char *found;

		st.st_ino = (i * 2654435761u) % 65536;
		snprintf(name, sizeof name, "%u", i);
		found = links_find(&t, &st, &stale);
		wrong += i % 3 == 0 ? found != NULL
				    : !found || strcmp(found, name) != 0;
	}
	ok(refused == 0 && wrong == 0,
	   "5,000 in, a third of them out, the others found");
	for (unsigned i = 0; i < 200000; i++) {
		st.st_ino = 100000 + i;
		refused += links_seen(&t, &st, "name", NULL) != 0;
	}
	ok(refused > 0 && t.bytes <= LINKS_BYTES, "a full table says so");
	links_free(&t);
}

/* Whether reading fd in lists of limit bytes gives the names 000 to 299. */
static bool
in_pieces(int fd, size_t limit, int *pieces)
{
	char want[16], last[256];
	const char *after = NULL;
	struct list l;
	int n = 0;
	bool more;

	*pieces = 0;
	if (lseek(fd, 0, SEEK_SET) != 0)
		return false;
	do {
		list_init(&l, limit);
		if (list_read(fd, &l, after, NULL) != 0 || l.n == 0)
			return false;
		for (size_t i = 0; i < l.n; i++) {
			snprintf(want, sizeof want, "%03d", n++);
			if (strcmp(list_name(&l, i), want) != 0)
				return false;
			snprintf(last, sizeof last, "%s", list_name(&l, i));
		}
		after = last;
		more = l.more;
		list_free(&l);
		++*pieces;
	} while (more);
	return n == 300;
}

static void
lists(void)
{
	struct list files, dirs;
	int fd, pieces;
	char name[16];

	(void)mkdir("list", 0700);
	fd = open("list", O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof name, "%03d", i * 7 % 300);
		close(openat(fd, name, O_CREAT | O_WRONLY, 0600));
	}
	ok(in_pieces(fd, 1 << 20, &pieces) && pieces == 1, "one list");
	ok(in_pieces(fd, 500, &pieces) && pieces > 5, "%d lists", pieces);
	ok(in_pieces(fd, 1, &pieces) && pieces == 300, "a name a list");
	(void)mkdirat(fd, "d", 0700);
	list_init(&files, 1 << 20);
	list_init(&dirs, 1 << 20);
	ok(list_read(fd, &files, "290", &dirs) == 0 && files.n == 9 &&
	       dirs.n == 1,
	   "files and directories, behind a name");
	list_free(&files);
	list_free(&dirs);
	ok(list_read(-1, &files, NULL, &dirs) == -1, "no directory");
	/* when it is run by hand it leaves nothing behind */
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof name, "%03d", i);
		(void)unlinkat(fd, name, 0);
	}
	(void)unlinkat(fd, "d", AT_REMOVEDIR);
	ok(rmdir("list") == 0, "all is removed");
	close(fd);
}

int
main(void)
{
	err_init("unit", 1);
	numbers();
	operands();
	patterns();
	hard_links();
	lists();
	return tap_end();
}
