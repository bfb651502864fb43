/*
 * A ring of blocks.  The caller fills them in order and writes them in order;
 * in between whoever is free takes the next one and compresses it.  Of lib/
 * the only includer of zlib.
 */
#include "gzip.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* else its input is not const */
#define ZLIB_CONST
#include <zlib.h>

#include "io.h"
#include "mem.h"

enum {
	LEVEL = 6,
	WINDOW = 32 << 10, /* as far back as deflate can refer */
	BLOCK = 128 << 10,
	/* more than deflateBound for a block, and the marker of a flush */
	OUT = BLOCK + (BLOCK >> 8) + 64,
	SPARE = 2, /* blocks beyond one for each thread */
};

struct block {
	unsigned char
	    in[WINDOW + BLOCK]; /* the dictionary ends where data begins */
	size_t dictionary, have;
	bool last;
	unsigned char out[OUT];
	size_t out_len; /* 0: it could not be compressed */
	uLong sum;      /* CRC-32 of the data */
	bool done;
};

struct worker {
	struct gzip *gzip;
	z_stream stream;
	pthread_t thread;
};

struct gzip {
	pthread_mutex_t lock;
	pthread_cond_t filled, compressed;
	/* of the blocks put since the beginning, the number N lies at
	 * block[N % n_blocks]: up to here they are written, taken by somebody
	 * to compress, filled */
	uint64_t written, taken, put;
	bool quit;
	struct block *block;
	size_t n_blocks;
	z_stream own; /* the caller's */
	struct worker *worker;
	int threads;
	bool begun;
	uLong sum;
	uint32_t size; /* modulo 2^32, as the format has it */
};

static void
compress_block(z_stream *z, struct block *b)
{
	int rc;

	b->out_len = 0;
	if (deflateReset(z) != Z_OK ||
	    (b->dictionary > 0 &&
	     deflateSetDictionary(z, b->in + WINDOW - b->dictionary,
				  (uInt)b->dictionary) != Z_OK))
		return;
	z->next_in = b->in + WINDOW;
	z->avail_in = (uInt)b->have;
	z->next_out = b->out;
	z->avail_out = OUT;
	rc = deflate(z, b->last ? Z_FINISH : Z_SYNC_FLUSH);
	if (rc == (b->last ? Z_STREAM_END : Z_OK) && z->avail_in == 0 &&
	    z->avail_out > 0)
		b->out_len = OUT - z->avail_out;
	b->sum = crc32_z(crc32_z(0, NULL, 0), b->in + WINDOW, b->have);
}

/* Takes the next block and compresses it; with the lock, which is open
 * meanwhile. */
static void
take(struct gzip *g, z_stream *z)
{
	struct block *b = &g->block[g->taken++ % g->n_blocks];

	pthread_mutex_unlock(&g->lock);
	compress_block(z, b);
	pthread_mutex_lock(&g->lock);
	b->done = true;
	pthread_cond_signal(&g->compressed);
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct gzip *g = w->gzip;

	pthread_mutex_lock(&g->lock);
	while (!g->quit) {
		if (g->taken < g->put)
			take(g, &w->stream);
		else
			pthread_cond_wait(&g->filled, &g->lock);
	}
	pthread_mutex_unlock(&g->lock);
	return NULL;
}

static bool
begin_stream(z_stream *z)
{
	*z = (z_stream){0};
	return deflateInit2(z, LEVEL, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL - 1,
			    Z_DEFAULT_STRATEGY) == Z_OK;
}

/* Begins up to that many threads. */
static void
begin_threads(struct gzip *g, int threads)
{
	sigset_t all, before;

	sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &before);
	for (int i = 0; i < threads; i++) {
		struct worker *w = &g->worker[i];

		w->gzip = g;
		if (!begin_stream(&w->stream))
			break;
		if (pthread_create(&w->thread, NULL, work, w) != 0) {
			(void)deflateEnd(&w->stream);
			break;
		}
		g->threads++;
	}
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct gzip *
gzip_new(int threads)
{
	struct gzip *g = xmalloc(sizeof *g);

	*g = (struct gzip){.n_blocks = (size_t)threads + SPARE};
	if (!begin_stream(&g->own)) {
		free(g);
		errno = ENOMEM;
		return NULL;
	}
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->filled, NULL);
	pthread_cond_init(&g->compressed, NULL);
	g->block = xmalloc(g->n_blocks * sizeof *g->block);
	g->block[0].have = g->block[0].dictionary = 0;
	g->worker = xmalloc((size_t)threads * sizeof *g->worker);
	g->sum = crc32_z(0, NULL, 0);
	begin_threads(g, threads);
	return g;
}

/* Writes the oldest block, which is compressed at last by the caller. */
static int
write_oldest(struct gzip *g, int fd)
{
	/* no name, no time, made on Unix */
	static const unsigned char header[10] = {31, 139, Z_DEFLATED, [9] = 3};
	struct block *b = &g->block[g->written % g->n_blocks];

	pthread_mutex_lock(&g->lock);
	while (!b->done) {
		if (g->taken < g->put)
			take(g, &g->own);
		else
			pthread_cond_wait(&g->compressed, &g->lock);
	}
	g->written++;
	pthread_mutex_unlock(&g->lock);
	if (b->out_len == 0) {
		errno = EINVAL;
		return -1;
	}
	if (!g->begun && io_write_full(fd, header, sizeof header) != 0)
		return -1;
	g->begun = true;
	g->sum = crc32_combine(g->sum, b->sum, (z_off_t)b->have);
	g->size += (uint32_t)b->have;
	return io_write_full(fd, b->out, b->out_len);
}

/* Puts the block that is being filled, and begins another. */
static int
put(struct gzip *g, int fd, bool last)
{
	struct block *b = &g->block[g->put % g->n_blocks], *next;
	size_t keep = b->dictionary + b->have;

	b->last = last;
	b->done = false;
	pthread_mutex_lock(&g->lock);
	g->put++;
	pthread_cond_signal(&g->filled);
	pthread_mutex_unlock(&g->lock);
	if (g->put - g->written == g->n_blocks && write_oldest(g, fd) != 0)
		return -1;
	if (keep > WINDOW)
		keep = WINDOW;
	next = &g->block[g->put % g->n_blocks];
	memcpy(next->in + WINDOW - keep, b->in + WINDOW + b->have - keep, keep);
	next->dictionary = keep;
	next->have = 0;
	return 0;
}

static int
write_all(struct gzip *g, int fd)
{
	while (g->written < g->put)
		if (write_oldest(g, fd) != 0)
			return -1;
	return 0;
}

int
gzip_write(struct gzip *g, int fd, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	while (n > 0) {
		struct block *b = &g->block[g->put % g->n_blocks];
		size_t some = BLOCK - b->have < n ? BLOCK - b->have : n;

		memcpy(b->in + WINDOW + b->have, p, some);
		b->have += some;
		p += some;
		n -= some;
		if (b->have == BLOCK && put(g, fd, false) != 0)
			return -1;
	}
	return 0;
}

int
gzip_flush(struct gzip *g, int fd)
{
	if (g->block[g->put % g->n_blocks].have > 0 && put(g, fd, false) != 0)
		return -1;
	return write_all(g, fd);
}

int
gzip_end(struct gzip *g, int fd)
{
	unsigned char trailer[8];

	if (put(g, fd, true) != 0 || write_all(g, fd) != 0)
		return -1;
	for (int i = 0; i < 4; i++) {
		trailer[i] = (unsigned char)(g->sum >> 8 * i);
		trailer[4 + i] = (unsigned char)(g->size >> 8 * i);
	}
	return io_write_full(fd, trailer, sizeof trailer);
}

void
gzip_free(struct gzip *g)
{
	if (!g)
		return;
	pthread_mutex_lock(&g->lock);
	g->quit = true;
	pthread_cond_broadcast(&g->filled);
	pthread_mutex_unlock(&g->lock);
	for (int i = 0; i < g->threads; i++) {
		pthread_join(g->worker[i].thread, NULL);
		(void)deflateEnd(&g->worker[i].stream);
	}
	(void)deflateEnd(&g->own);
	pthread_cond_destroy(&g->compressed);
	pthread_cond_destroy(&g->filled);
	pthread_mutex_destroy(&g->lock);
	free(g->worker);
	free(g->block);
	free(g);
}
