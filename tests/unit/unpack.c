/*
 * The pure parts of ktar-unpack: numbers of headers, policy, inodes.
 *
 * links: ktar-unpack/header ktar-unpack/policy ktar-unpack/inodes
 * links: lib/mem lib/err lib/pattern
 */
#include "tap.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "ktar-unpack/header.h"
#include "ktar-unpack/inodes.h"
#include "ktar-unpack/policy.h"
#include "lib/err.h"

static void
numbers(void)
{
	static const struct {
		const char *field; /* 12 bytes */
		int rc;
		int64_t n;
	} row[] = {
	    {"00000000017\0", 0, 15},
	    {"         17 ", 0, 15},
	    {"777777777777", 0, 68719476735},
	    {"\0\0\0\0\0\0\0\0\0\0\0\0", 0, 0},
	    {"            ", 0, 0},
	    {"17 17       ", -1, 0},
	    {"0000000008\0\0", -1, 0},
	    {"-0000000001\0", -1, 0},
	    {"\200\0\0\0\0\0\0\0\0\0\1\0", 0, 256},
	    {"\200\0\0\0\177\377\377\377\377\377\377\377", 0, INT64_MAX},
	    {"\200\0\0\0\200\0\0\0\0\0\0\0", -1, 0},
	    {"\200\1\0\0\0\0\0\0\0\0\0\0", -1, 0},
	    {"\377\377\377\377\377\377\377\377\377\377\377\376", 0, -2},
	    {"\377\377\377\377\200\0\0\0\0\0\0\0", 0, INT64_MIN},
	    {"\377\377\377\377\177\0\0\0\0\0\0\0", -1, 0},
	    {"\201\0\0\0\0\0\0\0\0\0\0\0", -1, 0},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		int64_t n = 0;
		int rc =
		    header_number(&n, (const unsigned char *)row[i].field, 12);

		ok(rc == row[i].rc && (rc != 0 || n == row[i].n),
		   "number %zu is %lld", i, (long long)n);
	}
}

/* The verdict and the path for one member, with the policy p. */
static void
decides(const struct policy *p, enum scan_type type, const char *name,
	const char *link, enum policy_verdict want, const char *path)
{
	const struct scan_member m = {.type = type, .name = name, .link = link};
	struct policy_take t = {0};
	const char *why;
	enum policy_verdict got = policy_decide(p, &m, &t, &why);

	ok(got == want, "%s -> %s: verdict %d", name, link, (int)got);
	if (got == POLICY_TAKE)
		is(type == SCAN_HARDLINK ? t.link : t.path, path, "as %s",
		   path);
	policy_free(&t);
}

static void
policies(void)
{
	struct policy p = {.max_bytes = -1, .max_files = -1, .max_depth = -1};

	decides(&p, SCAN_FILE, "./a//b/./c", "", POLICY_TAKE, "a/b/c");
	decides(&p, SCAN_DIR, "./", "", POLICY_TAKE, "");
	decides(&p, SCAN_FILE, "a/", "", POLICY_TAKE, "a");
	decides(&p, SCAN_FILE, "a\\..\\b", "", POLICY_TAKE, "a\\..\\b");
	decides(&p, SCAN_FILE, "a/..b", "", POLICY_TAKE, "a/..b");
	decides(&p, SCAN_FILE, "a/../b", "", POLICY_REFUSE, NULL);
	decides(&p, SCAN_FILE, "/a", "", POLICY_REFUSE, NULL);
	decides(&p, SCAN_HARDLINK, "h", "./a/b", POLICY_TAKE, "a/b");
	decides(&p, SCAN_HARDLINK, "h", ".", POLICY_REFUSE, NULL);
	decides(&p, SCAN_SYMLINK, "a/b/l", "../../c", POLICY_TAKE, "a/b/l");
	decides(&p, SCAN_SYMLINK, "./a//b/l", "../../c", POLICY_TAKE, "a/b/l");
	decides(&p, SCAN_SYMLINK, "a/b/l", "../../../c", POLICY_REFUSE, NULL);
	decides(&p, SCAN_SYMLINK, "a/l", "./.././c", POLICY_TAKE, "a/l");
	decides(&p, SCAN_SYMLINK, "a/b/l", "c/../d", POLICY_REFUSE, NULL);
	decides(&p, SCAN_SYMLINK, "l", "/c", POLICY_REFUSE, NULL);
	p.prefix = "./x//y/";
	decides(&p, SCAN_FILE, "x/y/z", "", POLICY_TAKE, "z");
	decides(&p, SCAN_DIR, "./x/y", "", POLICY_TAKE, "");
	decides(&p, SCAN_FILE, "x/yz", "", POLICY_STOP, NULL);
	decides(&p, SCAN_DIR, "x", "", POLICY_STOP, NULL);
	decides(&p, SCAN_FILE, "x/y/../z", "", POLICY_STOP, NULL);
	decides(&p, SCAN_HARDLINK, "x/y/h", "x/y/z", POLICY_TAKE, "z");
	decides(&p, SCAN_HARDLINK, "x/y/h", "x/z", POLICY_REFUSE, NULL);
	p.prefix = NULL;
	p.strip = 2;
	decides(&p, SCAN_FILE, "a/./b/c/d", "", POLICY_TAKE, "c/d");
	decides(&p, SCAN_DIR, "a/b", "", POLICY_SKIP, NULL);
	decides(&p, SCAN_DIR, "a", "", POLICY_SKIP, NULL);
	decides(&p, SCAN_FILE, "a/b", "", POLICY_REFUSE, NULL);
	decides(&p, SCAN_HARDLINK, "a/b/h", "a/b/t", POLICY_TAKE, "t");
	decides(&p, SCAN_HARDLINK, "a/b/h", "a/b", POLICY_REFUSE, NULL);
}

static long
peak_kib(void)
{
	struct rusage use;

	return getrusage(RUSAGE_SELF, &use) == 0 ? use.ru_maxrss : 0;
}

static void
inode_sets(void)
{
	struct inodes *s = inodes_new();
	int missed = 0, invented = 0;
	const char *san = getenv("KPIPE_SAN");
	long peak = peak_kib();

	for (ino_t i = 0; i < 300000; i++)
		inodes_add(s, i % 3, i * 7);
	for (ino_t i = 0; i < 300000; i++) {
		missed += !inodes_has(s, i % 3, i * 7);
		invented += inodes_has(s, (i + 1) % 3, i * 7);
		invented += inodes_has(s, i % 3, i * 7 + 1);
	}
	ok(missed == 0, "no inode is missed (%d)", missed);
	ok(invented == 0, "and none is invented (%d)", invented);
	/* more than the table may hold */
	for (ino_t i = 0; i < 700000; i++)
		inodes_add(s, 9, i * 64);
	for (ino_t i = 0; i < 700000; i++)
		invented += inodes_has(s, 9, i * 64 + 1);
	ok(invented == 0, "nor when the table is full");
	ok(inodes_has(s, 9, 0), "and what fitted is there");
	peak = peak_kib() - peak;
	/* sanitizers shadow memory, and keep what was freed */
	if (san && *san)
		printf("ok %d - memory of the table # SKIP built with %s\n",
		       ++tap_count, san);
	else
		ok(peak < 10 << 10, "it never took more than %ld KiB", peak);
	inodes_free(s);
}

int
main(void)
{
	err_init("unit", 1);
	numbers();
	policies();
	inode_sets();
	return tap_end();
}
