#ifndef KEXEC_SPDYBLOCK_H
#define KEXEC_SPDYBLOCK_H

#include <stddef.h>

/*
 * The header blocks of SPDY/3 (draft-mbelshe-httpbis-spdy-00, 2.6.10): one
 * zlib stream each way for the whole connection, a flush behind each block.
 * Pure.
 */

/* More than this in one block, inflated, is a fault. */
enum { SPDYBLOCK_MAX = 65536 };

/* What a peer's blocks are read with. */
struct spdyblock;

struct spdyblock *spdyblock_new(void);
void spdyblock_free(struct spdyblock *b);

/* A new block begins: its bound starts anew. */
void spdyblock_start(struct spdyblock *b);

/*
 * Inflates the next n bytes of the block, which every block needs, or those
 * behind it could not be read.  Nothing that a server says there matters to
 * kexec, so what comes out is dropped.  Returns NULL, or the fault.
 */
const char *spdyblock_take(struct spdyblock *b, const unsigned char *p,
			   size_t n);

/* What our own blocks are written with. */
struct spdyblock_writer;

struct spdyblock_writer *spdyblock_writer_new(void);
void spdyblock_writer_free(struct spdyblock_writer *w);

/* A block of one header, compressed, is never longer. */
enum { SPDYBLOCK_ONE_MAX = 128 };

/*
 * Writes a block of the one header name: value, of at most 32 bytes each, and
 * returns its size, which is at most SPDYBLOCK_ONE_MAX.
 */
size_t spdyblock_write(struct spdyblock_writer *w,
		       unsigned char out[SPDYBLOCK_ONE_MAX], const char *name,
		       const char *value);

#endif
