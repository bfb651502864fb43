/*
 * A hostile stream on the whole way that ktar-unpack reads it, up to the
 * policy: decompression, the strict reader, sums, and a destination that takes
 * all and keeps nothing.
 *
 * links: ktar-unpack/source ktar-unpack/stream ktar-unpack/scan
 * links: ktar-unpack/header ktar-unpack/pax ktar-unpack/sparse
 * links: ktar-unpack/attrs lib/posixacl lib/base64
 * links: ktar-unpack/policy ktar-unpack/sums
 * links: lib/mem lib/err lib/io lib/pattern lib/meter lib/line lib/progress
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

static void
play(struct stream *in, struct sums *sums)
{
	struct policy p = {.max_bytes = 1 << 22,
			   .max_files = 10000,
			   .max_depth = -1};
	struct policy_take t = {0};
	enum policy_verdict v = POLICY_SKIP;
	const struct scan_member *m;
	const char *why;
	int errnum, got = 1;

	while (v != POLICY_STOP && got > 0 && (got = stream_next(in, &m)) > 0) {
		v = policy_decide(&p, m, &t, &why);
		if (v != POLICY_TAKE)
			continue;
		check_path(t.path);
		if (m->type == SCAN_FILE)
			got = drain(in, sums, m);
	}
	/* what fails says why */
	if (got < 0 && stream_why(in, &errnum)[0] == '\0' && errnum == 0)
		abort();
	policy_free(&t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct source *source;
	struct stream *in;
	struct sums *sums;

	if (fd < 0 && (fd = memfd_create("stream", MFD_CLOEXEC)) < 0)
		abort();
	if (ftruncate(fd, 0) != 0 ||
	    pwrite(fd, data, size, 0) != (ssize_t)size ||
	    lseek(fd, 0, SEEK_SET) != 0)
		abort();
	sums = sums_new();
	source = source_new(fd, SOURCE_AUTO);
	in = stream_new(source, true);
	play(in, sums);
	stream_free(in);
	source_free(source);
	sums_free(sums);
	return 0;
}
