/*
 * The only includer of zlib.
 */
#include "spdyblock.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "lib/mem.h"

#include "spdydict.h"

struct spdyblock {
	z_stream z;
	size_t out; /* bytes that the block has given */
};

struct spdyblock_writer {
	z_stream z;
};

/* Memory or death, for zlib. */
static void *
allocate(void *unused, unsigned n, unsigned size)
{
	(void)unused;
	return xmalloc((size_t)n * size);
}

static void
release(void *unused, void *p)
{
	(void)unused;
	free(p);
}

static const unsigned char *
dictionary(void)
{
	return (const unsigned char *)spdydict;
}

struct spdyblock *
spdyblock_new(void)
{
	struct spdyblock *b = xmalloc(sizeof *b);

	memset(b, 0, sizeof *b);
	b->z.zalloc = allocate;
	b->z.zfree = release;
	/* memory apart, which is there, there is nothing in it to fail; and a
	 * stream that is not set up inflates nothing, which is a fault */
	(void)inflateInit(&b->z);
	return b;
}

void
spdyblock_free(struct spdyblock *b)
{
	if (!b)
		return;
	inflateEnd(&b->z);
	free(b);
}

void
spdyblock_start(struct spdyblock *b)
{
	b->out = 0;
}

const char *
spdyblock_take(struct spdyblock *b, const unsigned char *p, size_t n)
{
	unsigned char out[1024];
	int rc;

	/* zlib does not write there (zlib.h: next_in is z_const) */
	b->z.next_in = (z_const unsigned char *)p;
	b->z.avail_in = (unsigned)n;
	do {
		b->z.next_out = out;
		b->z.avail_out = sizeof out;
		rc = inflate(&b->z, Z_SYNC_FLUSH);
		if (rc == Z_NEED_DICT && b->z.adler == SPDYDICT_ID) {
			rc = inflateSetDictionary(&b->z, dictionary(),
						  SPDYDICT_BYTES);
			if (rc == Z_OK)
				rc = inflate(&b->z, Z_SYNC_FLUSH);
		}
		b->out += sizeof out - b->z.avail_out;
		if (b->out > SPDYBLOCK_MAX)
			return "header block that is too long";
		/* Z_BUF_ERROR: there was nothing left to do */
		if (rc != Z_OK && rc != Z_BUF_ERROR)
			return "header block that cannot be inflated";
	} while (rc == Z_OK && (b->z.avail_in > 0 || b->z.avail_out == 0));
	return NULL;
}

struct spdyblock_writer *
spdyblock_writer_new(void)
{
	struct spdyblock_writer *w = xmalloc(sizeof *w);

	memset(w, 0, sizeof *w);
	w->z.zalloc = allocate;
	w->z.zfree = release;
	/* the whole window, as everybody has it, and of the rest the least */
	(void)deflateInit2(&w->z, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS, 1,
			   Z_DEFAULT_STRATEGY);
	(void)deflateSetDictionary(&w->z, dictionary(), SPDYDICT_BYTES);
	return w;
}

void
spdyblock_writer_free(struct spdyblock_writer *w)
{
	deflateEnd(&w->z);
	free(w);
}

/* A text behind its length in four bytes. */
static unsigned char *
put(unsigned char *p, const char *text)
{
	size_t n = strlen(text);

	memset(p, 0, 3);
	p[3] = (unsigned char)n;
	memcpy(p + 4, text, n);
	return p + 4 + n;
}

size_t
spdyblock_write(struct spdyblock_writer *w,
		unsigned char out[SPDYBLOCK_ONE_MAX], const char *name,
		const char *value)
{
	unsigned char block[SPDYBLOCK_ONE_MAX] = {0, 0, 0, 1}, *end;

	end = put(put(block + 4, name), value);
	w->z.next_in = block;
	w->z.avail_in = (unsigned)(end - block);
	w->z.next_out = out;
	w->z.avail_out = SPDYBLOCK_ONE_MAX;
	(void)deflate(&w->z, Z_SYNC_FLUSH);
	return SPDYBLOCK_ONE_MAX - w->z.avail_out;
}
