#ifndef TESTS_APISERVER_SPDYHEADERS_H
#define TESTS_APISERVER_SPDYHEADERS_H

#include <stddef.h>

#include "queue.h"

/*
 * Header blocks of SPDY/3.1 (section 2.6.10), which are compressed with one
 * zlib stream each way for the whole connection.
 */

/* The client's stream. */
struct headers_in;

struct headers_in *headers_in_new(void);

/*
 * Reads the n bytes of one block and puts the value of name, if it is there
 * and shorter than size, into value, else an empty string.  Every block of a
 * connection has to pass.  Returns 0, or -1 when it is no such block or one
 * of more than a MiB; the stream is of no use then.
 */
int headers_read(struct headers_in *h, const unsigned char *block, size_t n,
		 const char *name, char *value, size_t size);

void headers_in_free(struct headers_in *h);

/* The server's stream. */
struct headers_out;

struct headers_out *headers_out_new(void);

/* Appends a block without headers to out. */
void headers_write_none(struct headers_out *h, struct queue *out);

/* Appends a block that says it has one header, with a value of n zeroes. */
void headers_write_zeroes(struct headers_out *h, struct queue *out, size_t n);

void headers_out_free(struct headers_out *h);

#endif
