/*
 * A hostile stream on the whole way that ktar-unpack reads it, up to the
 * policy: decompression, the strict reader, attributes, selection, sums, and a
 * destination that takes all and keeps nothing.  The first byte says what was
 * asked for, the second how long the pattern behind it is.
 *
 * links: ktar-unpack/source ktar-unpack/stream ktar-unpack/scan
 * links: ktar-unpack/header ktar-unpack/pax ktar-unpack/sparse
 * links: ktar-unpack/attrs lib/posixacl lib/base64
 * links: ktar-unpack/policy ktar-unpack/sums
 * links: lib/mem lib/err lib/io lib/pattern lib/meter
 * links: lib/expect lib/line lib/progress
 * pkgs: nettle libzstd zlib
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ktar-unpack/policy.h"
#include "ktar-unpack/stream.h"
#include "ktar-unpack/sums.h"
#include "repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A name that may be made leads nowhere but down. */
static void
check_path(const char *path)
{
	for (size_t n; *path; path += n + (path[n] == '/')) {
		n = strcspn(path, "/");
		if (n == 0 || (n == 1 && path[0] == '.') ||
		    (n == 2 && path[0] == '.' && path[1] == '.'))
			abort();
	}
}

/* The data of a file: ascending and within it. */
static int
drain(struct stream *in, struct sums *sums, const struct scan_member *m)
{
	int64_t offset, end = 0;
	const void *p;
	size_t n;
	int got;

	sums_start(sums);
	while ((got = stream_data(in, &p, &n, &offset)) > 0) {
		if (offset < end || offset + (int64_t)n > m->size)
			abort();
		sums_data(sums, p, n, offset);
		end = offset + (int64_t)n;
	}
	if (got == 0)
		sums_end(sums, m->name, m->size);
	return got;
}

/* A target that may be made climbs at its start only, and not out. */
static void
check_target(const char *path, const char *target)
{
	int up = 0, down = 0, deep = 0;

	for (; *path; path++)
		deep += *path == '/';
	if (target[0] == '/' || target[0] == '\0')
		abort();
	for (size_t n; *target; target += n + (target[n] == '/')) {
		n = strcspn(target, "/");
		if (n == 2 && target[0] == '.' && target[1] == '.')
			up++;
		else if (n > 0 && !(n == 1 && target[0] == '.'))
			down++;
		if (up > deep ||
		    (down > 0 && n == 2 && strncmp(target, "..", 2) == 0))
			abort();
	}
}

static void
check_take(const struct policy *p, const struct scan_member *m,
	   const struct policy_take *t)
{
	check_path(t->path);
	if (t->path_len != strlen(t->path) ||
	    (t->path_len == 0 && m->type != SCAN_DIR))
		abort();
	if (m->type >= SCAN_CHAR && !p->special)
		abort();
	if (m->type == SCAN_HARDLINK) {
		check_path(t->link);
		if (t->link_len == 0 || t->link_len != strlen(t->link))
			abort();
	}
	if (m->type == SCAN_SYMLINK && strcmp(t->link, m->link) != 0)
		abort();
	if (m->type == SCAN_SYMLINK && p->links == POLICY_LINKS_INSIDE)
		check_target(t->path, t->link);
}

/* Whatever may be set is one of the user's, or a list. */
static void
check_attrs(const struct attrs *a)
{
	struct attr attr;
	size_t at = 0;

	while (a && attrs_next(a, &at, &attr)) {
		if (!attr.why && !attr.acl &&
		    (strncmp(attr.name, "user.", 5) != 0 || !attr.value))
			abort();
		attr_clear(&attr);
	}
}

static void
play(const struct policy *p, struct stream *in, struct sums *sums)
{
	struct policy_take t = {0};
	enum policy_verdict v = POLICY_SKIP;
	const struct scan_member *m;
	const char *why;
	int errnum, got = 1;

	while (v != POLICY_STOP && got > 0 && (got = stream_next(in, &m)) > 0) {
		check_attrs(m->attrs);
		v = policy_decide(p, m, &t, &why);
		if (v != POLICY_TAKE)
			continue;
		check_take(p, m, &t);
		sums_knows(sums, t.path,
			   m->type == SCAN_HARDLINK ? t.link : NULL);
		if (m->type == SCAN_FILE)
			got = drain(in, sums, m);
	}
	/* what fails says why */
	if (got < 0 && stream_why(in, &errnum)[0] == '\0' && errnum == 0)
		abort();
	policy_free(&t);
}

enum asked {
	REPAIRED = 1,
	PREFIX = 2,
	STRIP = 4,
	INCLUDE = 8,
	EXCLUDE = 16,
	ALL_LINKS = 32,
	SPECIAL = 64,
	ATTRS = 128
};

static void
count_missing(const char *name, void *arg)
{
	*(size_t *)arg += strlen(name);
}

/* Reads what is in fd as was asked for, by pattern. */
static void
run(int fd, unsigned asked, const char *pattern)
{
	struct policy p = {.max_bytes = 1 << 22,
			   .max_files = 10000,
			   .max_depth = -1};
	char list[] = "ba7816bf8f01cfea414140de5dae2223"
		      "b00361a396177a9cb410ff61f20015ad  f\n";
	struct source *source = source_new(fd, SOURCE_AUTO);
	struct stream *in = stream_new(source, asked & ATTRS);
	struct sums *sums = sums_new();
	size_t missing = 0;

	if ((asked & PREFIX) && pattern[0] && pattern[0] != '/')
		p.prefix = pattern;
	p.strip = asked & STRIP ? 1 : 0;
	if (asked & INCLUDE)
		policy_add(&p.include, pattern);
	if (asked & EXCLUDE)
		policy_add(&p.exclude, asked & INCLUDE ? "f" : pattern);
	p.links = asked & ALL_LINKS ? POLICY_LINKS_ALL : POLICY_LINKS_INSIDE;
	p.special = asked & SPECIAL;
	if ((asked & STRIP) && sums_expect(sums, list, sizeof list - 1) != 0)
		abort();
	play(&p, in, sums);
	sums_missing(sums, count_missing, &missing);
	policy_forget(&p);
	stream_free(in);
	source_free(source);
	sums_free(sums);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	char pattern[16] = "";
	uint8_t *copy;
	unsigned asked;
	size_t n;

	if (fd < 0 && (fd = memfd_create("stream", MFD_CLOEXEC)) < 0)
		abort();
	if (size < 2 || (n = data[1] % sizeof pattern) > size - 2)
		return 0;
	asked = data[0];
	memcpy(pattern, data + 2, n);
	data += 2 + n;
	size -= 2 + n;
	copy = malloc(size + 1);
	if (!copy)
		abort();
	memcpy(copy, data, size);
	if (asked & REPAIRED)
		repair(copy, size);
	if (ftruncate(fd, 0) != 0 ||
	    pwrite(fd, copy, size, 0) != (ssize_t)size ||
	    lseek(fd, 0, SEEK_SET) != 0)
		abort();
	free(copy);
	run(fd, asked, pattern);
	return 0;
}
