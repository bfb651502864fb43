/*
 * Decompression between stdin and the checker.  Memory is that of one zlib
 * window, or of one zstd window, which may have 8 MiB: what RFC 8878 wants
 * every decoder to take, and no encoder to exceed for strangers.
 */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/meter.h"

enum { IN_BYTES = 1 << 17, WINDOW_LOG = 23 };

/* A pipe of that many bytes is worth the wait until it is nearly full; ns. */
enum { PIPE_LEAST = 1 << 18, GATHER_NS = 100000 };

struct source {
	int fd;
	enum source_how how;
	unsigned char *in; /* NULL: plain from the start */
	size_t have, taken;
	bool eof;     /* of fd */
	bool unmoved; /* fd is no pipe, or what is written to cannot be spliced
		       */
	size_t worth; /* what a move has to take, or the next one waits */
	size_t moved; /* by the last one */
	bool between; /* members or frames; at the start too */
	bool any;     /* one of them was whole */
	z_stream gzip;
	ZSTD_DStream *zstd;
	const char *why;
	int errnum;
};

static ssize_t
fail(struct source *s, int errnum, const char *why)
{
	s->errnum = errnum;
	s->why = why;
	return -1;
}

struct source *
source_new(int fd, enum source_how how)
{
	struct source *s = xmalloc(sizeof *s);
	int pipe = fcntl(fd, F_GETPIPE_SZ);

	*s = (struct source){.fd = fd, .how = how, .between = true, .why = ""};
	if (pipe >= PIPE_LEAST)
		s->worth = (size_t)pipe / 8 * 7;
	if (how != SOURCE_PLAIN)
		s->in = xmalloc(IN_BYTES);
	return s;
}

void
source_free(struct source *s)
{
	if (!s)
		return;
	if (s->how == SOURCE_GZIP)
		inflateEnd(&s->gzip);
	ZSTD_freeDStream(s->zstd);
	free(s->in);
	free(s);
}

const char *
source_why(const struct source *s, int *errnum)
{
	*errnum = s->errnum;
	return s->why;
}

/* What takes long is the time for the meter. */
static ssize_t
read_input(const struct source *s, void *buf, size_t n)
{
	ssize_t got;

	meter_wait();
	got = io_read_wait(s->fd, buf, n);
	meter_go();
	return got;
}

/* Reads on until min bytes wait, or to the end.  0, or -1. */
static int
refill(struct source *s, size_t min)
{
	memmove(s->in, s->in + s->taken, s->have - s->taken);
	s->have -= s->taken;
	s->taken = 0;
	while (s->have < min && !s->eof) {
		ssize_t got =
		    read_input(s, s->in + s->have, IN_BYTES - s->have);

		if (got < 0)
			return (int)fail(s, errno, "");
		s->eof = got == 0;
		s->have += (size_t)got;
	}
	return 0;
}

/* What the first bytes say. */
static int
detect(struct source *s)
{
	static const unsigned char gzip[] = {0x1f, 0x8b},
				   zstd[] = {0x28, 0xb5, 0x2f, 0xfd},
				   skip[] = {0x2a, 0x4d, 0x18};

	if (refill(s, sizeof zstd) != 0)
		return -1;
	s->how = SOURCE_PLAIN;
	if (s->have >= sizeof gzip && memcmp(s->in, gzip, sizeof gzip) == 0)
		s->how = SOURCE_GZIP;
	else if (s->have >= sizeof zstd &&
		 (memcmp(s->in, zstd, sizeof zstd) == 0 ||
		  ((s->in[0] & 0xf0) == 0x50 &&
		   memcmp(s->in + 1, skip, sizeof skip) == 0)))
		s->how = SOURCE_ZSTD;
	return 0;
}

static int
start(struct source *s)
{
	if (s->how == SOURCE_AUTO && detect(s) != 0)
		return -1;
	/* 16: gzip, and nothing else */
	if (s->how == SOURCE_GZIP && !s->gzip.state &&
	    inflateInit2(&s->gzip, 16 + MAX_WBITS) != Z_OK)
		return (int)fail(s, ENOMEM, "");
	if (s->how != SOURCE_ZSTD || s->zstd)
		return 0;
	s->zstd = ZSTD_createDStream();
	if (!s->zstd ||
	    ZSTD_isError(ZSTD_DCtx_setParameter(s->zstd, ZSTD_d_windowLogMax,
						WINDOW_LOG)))
		return (int)fail(s, ENOMEM, "");
	return 0;
}

static ssize_t
read_plain(struct source *s, void *buf, size_t n)
{
	ssize_t got;

	/* what was looked at to tell what it is */
	if (s->have > s->taken) {
		if (n > s->have - s->taken)
			n = s->have - s->taken;
		memcpy(buf, s->in + s->taken, n);
		s->taken += n;
		return (ssize_t)n;
	}
	got = s->eof ? 0 : read_input(s, buf, n);
	return got < 0 ? fail(s, errno, "") : got;
}

bool
source_can_move(const struct source *s)
{
	return s->how == SOURCE_PLAIN && s->taken == s->have && !s->unmoved;
}

/*
 * Lets the pipe fill.  Who takes out each piece as soon as it is put in fights
 * with the writer for the lock of the pipe, and spins: that was a fifth of a
 * large file.
 */
static void
gather(const struct source *s, size_t n)
{
	static const struct timespec pause = {0, GATHER_NS};

	if (s->moved > 0 && s->moved < s->worth && n > s->worth)
		(void)nanosleep(&pause, NULL);
}

ssize_t
source_move(struct source *s, int fd, int64_t offset, size_t n)
{
	ssize_t got;

	meter_wait();
	gather(s, n);
	got = io_splice_wait(s->fd, fd, offset, n);
	meter_go();
	s->moved = got > 0 ? (size_t)got : 0;
	/* no such call, or a filter that forbids it */
	if (got < 0 && (errno == EINVAL || errno == ENOSYS || errno == EPERM))
		s->unmoved = true;
	return got;
}

/* Decompresses some of the input into buf: how much came out, or -1. */
static ssize_t
step_gzip(struct source *s, void *buf, size_t n)
{
	z_stream *z = &s->gzip;
	int rc;

	if (s->between && s->in[s->taken] != 0x1f)
		return fail(s, 0,
			    s->any ? "data behind the compressed archive"
				   : "not compressed by gzip");
	if (s->between && s->any && inflateReset(z) != Z_OK)
		return fail(s, 0, "gzip: internal error");
	s->between = false;
	z->next_in = s->in + s->taken;
	z->avail_in = (uInt)(s->have - s->taken);
	z->next_out = buf;
	z->avail_out = n > 1U << 30 ? 1U << 30 : (uInt)n;
	n = z->avail_out;
	rc = inflate(z, Z_NO_FLUSH);
	s->taken = s->have - z->avail_in;
	if (rc == Z_STREAM_END)
		s->between = s->any = true;
	else if (rc == Z_MEM_ERROR)
		return fail(s, ENOMEM, "");
	else if (rc != Z_OK && rc != Z_BUF_ERROR)
		return fail(s, 0, "damaged gzip data");
	return (ssize_t)(n - z->avail_out);
}

static ssize_t
step_zstd(struct source *s, void *buf, size_t n)
{
	ZSTD_inBuffer in = {s->in, s->have, s->taken};
	ZSTD_outBuffer out = {buf, n, 0};
	size_t rc = ZSTD_decompressStream(s->zstd, &out, &in);

	s->taken = in.pos;
	s->between = rc == 0;
	if (rc == 0)
		s->any = true;
	if (!ZSTD_isError(rc))
		return (ssize_t)out.pos;
	if (ZSTD_getErrorCode(rc) == ZSTD_error_memory_allocation)
		return fail(s, ENOMEM, "");
	if (ZSTD_getErrorCode(rc) == ZSTD_error_frameParameter_windowTooLarge)
		return fail(s, 0, "zstd: the window is larger than 8 MiB");
	if (ZSTD_getErrorCode(rc) == ZSTD_error_prefix_unknown)
		return fail(s, 0,
			    s->any ? "data behind the compressed archive"
				   : "not compressed by zstd");
	return fail(s, 0, "damaged zstd data");
}

ssize_t
source_read(struct source *s, void *buf, size_t n)
{
	ssize_t got;

	if (start(s) != 0)
		return -1;
	if (s->how == SOURCE_PLAIN)
		return read_plain(s, buf, n);
	for (;;) {
		if (s->taken == s->have && refill(s, 1) != 0)
			return -1;
		/* no step between members without input: it would seem to be
		 * the start of another */
		if (s->taken == s->have && s->between)
			return s->any ? 0 : fail(s, 0, "empty: not compressed");
		got = s->how == SOURCE_GZIP ? step_gzip(s, buf, n)
					    : step_zstd(s, buf, n);
		if (got != 0)
			return got;
		if (s->taken == s->have && s->eof && !s->between)
			return fail(s, 0, "truncated within compressed data");
	}
}
