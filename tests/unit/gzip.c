/*
 * The parallel gzip stream: zlib reads back what was put, and the bytes are
 * the same however many threads there are and however they were put.
 *
 * links: lib/gzip lib/io lib/mem lib/err
 * pkgs: zlib
 */
#include "lib/gzip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"

#include "tap.h"

enum { MOST = 3 << 20 };

static unsigned char text[MOST], again[MOST + 1];
static int out;

/* Some text that deflate finds much to refer to in, far back as well. */
static void
write_text(void)
{
	uint32_t r = 1;

	for (size_t i = 0; i < MOST; i++) {
		r = r * 1664525 + 1013904223;
		text[i] = (unsigned char)(i > 30000 && r >> 28 ? text[i - 29999]
							       : r >> 24);
	}
}

/* The stream of n bytes, put so many at a time; flushed at flush, if that is
 * reached, and ended. */
static int
stream(int threads, size_t n, size_t some, size_t flush)
{
	struct gzip *g = gzip_new(threads);
	int rc = g ? 0 : -1;

	if (ftruncate(out, 0) != 0 || lseek(out, 0, SEEK_SET) != 0)
		rc = -1;
	for (size_t at = 0; rc == 0 && at < n; at += some) {
		rc = gzip_write(g, out, text + at,
				n - at < some ? n - at : some);
		if (rc == 0 && at == flush)
			rc = gzip_flush(g, out);
	}
	if (rc == 0)
		rc = gzip_end(g, out);
	gzip_free(g);
	return rc;
}

static unsigned char *
content(size_t *n)
{
	unsigned char *bytes;
	struct stat st;

	if (fstat(out, &st) != 0)
		return NULL;
	*n = (size_t)st.st_size;
	bytes = xmalloc(*n);
	if (pread(out, bytes, *n, 0) == (ssize_t)*n)
		return bytes;
	free(bytes);
	return NULL;
}

/* Whether what is in out is one gzip member that holds n bytes of the text. */
static bool
holds(size_t n)
{
	z_stream z = {0};
	size_t len;
	unsigned char *bytes = content(&len);
	int rc;

	if (!bytes || inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return false;
	z.next_in = bytes;
	z.avail_in = (uInt)len;
	z.next_out = again;
	z.avail_out = sizeof again;
	rc = inflate(&z, Z_FINISH);
	(void)inflateEnd(&z);
	free(bytes);
	return rc == Z_STREAM_END && z.avail_in == 0 && z.total_out == n &&
	       memcmp(again, text, n) == 0;
}

static void
sizes(void)
{
	static const size_t size[] = {0,      1,      32767,  32768,  32769,
				      131071, 131072, 131073, 262144, MOST};

	for (size_t i = 0; i < sizeof size / sizeof *size; i++)
		ok(stream(2, size[i], MOST, MOST) == 0 && holds(size[i]),
		   "%zu bytes", size[i]);
}

static void
same(void)
{
	size_t n, m;
	unsigned char *one, *two;

	ok(stream(0, MOST, MOST, MOST) == 0 && holds(MOST), "no thread");
	one = content(&n);
	ok(n < MOST / 2, "is smaller: %zu", n);
	for (int threads = 1; threads < 6; threads++) {
		ok(stream(threads, MOST, 5000, MOST) == 0, "%d threads",
		   threads);
		two = content(&m);
		ok(m == n && memcmp(one, two, n) == 0, "the same bytes");
		free(two);
	}
	free(one);
	ok(stream(2, MOST, 1000, 700000) == 0 && holds(MOST), "flushed");
}

static void
faults(void)
{
	int pipes[2], full = out;
	struct gzip *g = gzip_new(2);

	out = open("/dev/full", O_WRONLY);
	ok(gzip_write(g, out, text, MOST) == -1 && errno == ENOSPC,
	   "a full disk");
	gzip_free(g);
	close(out);
	out = full;
	gzip_free(gzip_new(3));
	g = gzip_new(1);
	ok(pipe(pipes) == 0 && gzip_write(g, pipes[1], text, 100) == 0 &&
	       gzip_flush(g, pipes[1]) == 0 &&
	       read(pipes[0], again, sizeof again) > 10,
	   "what was flushed can be read");
	gzip_free(g);
	close(pipes[0]);
	close(pipes[1]);
}

int
main(void)
{
	char name[] = "gzip.XXXXXX";

	err_init("unit", 1);
	out = mkstemp(name);
	(void)unlink(name);
	write_text();
	sizes();
	same();
	faults();
	return tap_end();
}
