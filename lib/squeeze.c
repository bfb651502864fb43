/*
 * Compression through zlib and libzstd; of lib/ the only includer of their
 * headers.  Level and window are chosen for pipes: what a network takes
 * should not wait for the processor, and memory has a limit that does not
 * depend on the number of processors.
 */
#include "squeeze.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

/* else its input is not const */
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#include "io.h"
#include "mem.h"

enum {
	OUT_BYTES = 128 << 10,
	GZIP_LEVEL = 6,
	GZIP_HEADER = 16, /* added to the window's bits: gzip, not zlib */
	ZSTD_LEVEL = 3,
	ZSTD_WINDOW_LOG = 20,
	ZSTD_JOB_BYTES = 1 << 20, /* what a thread gets at a time */
};

struct squeeze {
	enum squeeze_kind kind;
	z_stream gzip;
	ZSTD_CCtx *zstd;
	unsigned char out[OUT_BYTES];
};

enum step { STEP_GO, STEP_FLUSH, STEP_END };

static bool
begin_gzip(struct squeeze *s)
{
	s->gzip = (z_stream){0};
	return deflateInit2(&s->gzip, GZIP_LEVEL, Z_DEFLATED,
			    MAX_WBITS + GZIP_HEADER, MAX_MEM_LEVEL - 1,
			    Z_DEFAULT_STRATEGY) == Z_OK;
}

static bool
set(ZSTD_CCtx *z, ZSTD_cParameter name, int value)
{
	return !ZSTD_isError(ZSTD_CCtx_setParameter(z, name, value));
}

/* Has the library start its threads now, where signals are blocked and stay
 * so: who asked for them is to be interrupted, not one of these. */
static bool
begin_threads(ZSTD_CCtx *z, int threads)
{
	unsigned char none[1];
	ZSTD_inBuffer in = {NULL, 0, 0};
	ZSTD_outBuffer out = {none, 0, 0};
	sigset_t all, before;
	bool rc;

	if (!set(z, ZSTD_c_nbWorkers, threads) ||
	    !set(z, ZSTD_c_jobSize, ZSTD_JOB_BYTES))
		return false;
	sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &before);
	rc = !ZSTD_isError(ZSTD_compressStream2(z, &out, &in, ZSTD_e_continue));
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

static bool
begin_zstd(struct squeeze *s, int threads)
{
	s->zstd = ZSTD_createCCtx();
	if (!s->zstd || !set(s->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL) ||
	    !set(s->zstd, ZSTD_c_windowLog, ZSTD_WINDOW_LOG) ||
	    !set(s->zstd, ZSTD_c_checksumFlag, 1)) {
		ZSTD_freeCCtx(s->zstd);
		return false;
	}
	if (threads > 0 && !begin_threads(s->zstd, threads)) {
		(void)ZSTD_CCtx_reset(s->zstd, ZSTD_reset_session_only);
		(void)set(s->zstd, ZSTD_c_nbWorkers, 0);
	}
	return true;
}

struct squeeze *
squeeze_new(enum squeeze_kind kind, int threads)
{
	struct squeeze *s = xmalloc(sizeof *s);

	s->kind = kind;
	s->zstd = NULL;
	if (kind == SQUEEZE_GZIP ? begin_gzip(s) : begin_zstd(s, threads))
		return s;
	free(s);
	errno = ENOMEM;
	return NULL;
}

static int
step_gzip(struct squeeze *s, int fd, const void *bytes, size_t n,
	  enum step step)
{
	static const int flush[] = {Z_NO_FLUSH, Z_SYNC_FLUSH, Z_FINISH};
	int rc;

	s->gzip.next_in = bytes;
	s->gzip.avail_in = (uInt)n;
	do {
		s->gzip.next_out = s->out;
		s->gzip.avail_out = OUT_BYTES;
		rc = deflate(&s->gzip, flush[step]);
		if (rc == Z_STREAM_ERROR) {
			errno = EINVAL;
			return -1;
		}
		if (io_write_full(fd, s->out, OUT_BYTES - s->gzip.avail_out) !=
		    0)
			return -1;
	} while (s->gzip.avail_out == 0);
	return 0;
}

static int
step_zstd(struct squeeze *s, int fd, const void *bytes, size_t n,
	  enum step step)
{
	static const ZSTD_EndDirective flush[] = {ZSTD_e_continue, ZSTD_e_flush,
						  ZSTD_e_end};
	ZSTD_inBuffer in = {bytes, n, 0};
	size_t left;

	do {
		ZSTD_outBuffer out = {s->out, OUT_BYTES, 0};

		left = ZSTD_compressStream2(s->zstd, &out, &in, flush[step]);
		if (ZSTD_isError(left)) {
			errno = ENOMEM;
			return -1;
		}
		if (io_write_full(fd, s->out, out.pos) != 0)
			return -1;
	} while (step == STEP_GO ? in.pos < n : left > 0);
	return 0;
}

static int
step_of(struct squeeze *s, int fd, const void *bytes, size_t n, enum step step)
{
	/* zlib counts in unsigned int */
	while (n > OUT_BYTES) {
		if (step_of(s, fd, bytes, OUT_BYTES, STEP_GO) != 0)
			return -1;
		bytes = (const char *)bytes + OUT_BYTES;
		n -= OUT_BYTES;
	}
	return s->kind == SQUEEZE_GZIP ? step_gzip(s, fd, bytes, n, step)
				       : step_zstd(s, fd, bytes, n, step);
}

int
squeeze_write(struct squeeze *s, int fd, const void *bytes, size_t n)
{
	return step_of(s, fd, bytes, n, STEP_GO);
}

int
squeeze_flush(struct squeeze *s, int fd)
{
	return step_of(s, fd, NULL, 0, STEP_FLUSH);
}

int
squeeze_end(struct squeeze *s, int fd)
{
	return step_of(s, fd, NULL, 0, STEP_END);
}

void
squeeze_free(struct squeeze *s)
{
	if (!s)
		return;
	if (s->kind == SQUEEZE_GZIP)
		(void)deflateEnd(&s->gzip);
	else
		ZSTD_freeCCtx(s->zstd);
	free(s);
}
