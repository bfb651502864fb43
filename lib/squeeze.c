/*
 * gzip by gzip.h, and libzstd, of which this is lib/'s only includer.  Level
 * and window are chosen for pipes: what a network takes should not wait for
 * the processor, and memory has a limit that does not depend on the number of
 * processors.
 */
#include "squeeze.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include <zstd.h>

#include "gzip.h"
#include "io.h"
#include "mem.h"

enum {
	OUT_BYTES = 128 << 10,
	ZSTD_LEVEL = 3,
	ZSTD_WINDOW_LOG = 20,
	ZSTD_JOB_BYTES = 512 << 10, /* what a thread gets at a time */
};

struct squeeze {
	struct gzip *gzip; /* or */
	ZSTD_CCtx *zstd;
	unsigned char out[OUT_BYTES];
};

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

	s->gzip = NULL;
	s->zstd = NULL;
	if (kind == SQUEEZE_GZIP ? (s->gzip = gzip_new(threads)) != NULL
				 : begin_zstd(s, threads))
		return s;
	free(s);
	errno = ENOMEM;
	return NULL;
}

static int
step_zstd(struct squeeze *s, int fd, const void *bytes, size_t n,
	  ZSTD_EndDirective step)
{
	ZSTD_inBuffer in = {bytes, n, 0};
	size_t left;

	do {
		ZSTD_outBuffer out = {s->out, OUT_BYTES, 0};

		left = ZSTD_compressStream2(s->zstd, &out, &in, step);
		if (ZSTD_isError(left)) {
			errno = ENOMEM;
			return -1;
		}
		if (io_write_full(fd, s->out, out.pos) != 0)
			return -1;
	} while (step == ZSTD_e_continue ? in.pos < n : left > 0);
	return 0;
}

int
squeeze_write(struct squeeze *s, int fd, const void *bytes, size_t n)
{
	return s->gzip ? gzip_write(s->gzip, fd, bytes, n)
		       : step_zstd(s, fd, bytes, n, ZSTD_e_continue);
}

int
squeeze_flush(struct squeeze *s, int fd)
{
	return s->gzip ? gzip_flush(s->gzip, fd)
		       : step_zstd(s, fd, NULL, 0, ZSTD_e_flush);
}

int
squeeze_end(struct squeeze *s, int fd)
{
	return s->gzip ? gzip_end(s->gzip, fd)
		       : step_zstd(s, fd, NULL, 0, ZSTD_e_end);
}

void
squeeze_free(struct squeeze *s)
{
	if (!s)
		return;
	gzip_free(s->gzip);
	if (s->zstd)
		ZSTD_freeCCtx(s->zstd);
	free(s);
}
