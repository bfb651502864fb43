#ifndef TESTS_APISERVER_FRAME_H
#define TESTS_APISERVER_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* WebSocket frames (RFC 6455, section 5.2), the server's side. */

enum {
	FRAME_CONTINUATION = 0,
	FRAME_TEXT = 1,
	FRAME_BINARY = 2,
	FRAME_CLOSE = 8,
	FRAME_PING = 9,
	FRAME_PONG = 10
};

enum { FRAME_HEAD_MAX = 10, FRAME_CONTROL_MAX = 125 };

/*
 * Writes the head of an unmasked frame with len bytes of payload to out and
 * returns its size.
 */
size_t frame_head(unsigned char out[FRAME_HEAD_MAX], bool fin, int opcode,
		  uint64_t len);

/* The frame that is being read.  All zero is "before a frame". */
struct frame_reader {
	unsigned char head[14];
	size_t have;
	bool ready;    /* the head is whole: the next four are valid */
	bool masked;   /* a client must */
	int opcode;    /* the low four bits, whatever they say */
	uint64_t left; /* payload bytes still to come */
	uint64_t pos;  /* payload bytes that have come */
};

/*
 * Takes bytes of a frame's head from the n at in; returns how many it took.
 * Stops when the head is whole.
 */
size_t frame_take_head(struct frame_reader *r, const unsigned char *in,
		       size_t n);

/*
 * Unmasks n bytes of payload, n at most r->left, from in to out (which may be
 * the same).  When the frame ends, r is ready for the next but keeps opcode.
 */
void frame_take_payload(struct frame_reader *r, unsigned char *out,
			const unsigned char *in, size_t n);

#endif
