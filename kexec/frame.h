#ifndef KEXEC_FRAME_H
#define KEXEC_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * WebSocket frames (RFC 6455, section 5), from the client's side.  Pure: bytes
 * in, pieces of messages out; nothing is stored but the head of a frame and
 * the body of a control frame.
 */

enum frame_op {
	FRAME_CONTINUATION = 0,
	FRAME_TEXT = 1,
	FRAME_BINARY = 2,
	FRAME_CLOSE = 8,
	FRAME_PING = 9,
	FRAME_PONG = 10
};

enum {
	FRAME_HEAD_MAX = 14,    /* client's head: 2 + 8 + mask */
	FRAME_CONTROL_MAX = 125 /* body of a control frame */
};

/*
 * Writes the head of one unfragmented, masked frame with a body of len bytes.
 * Returns its size, 6 to FRAME_HEAD_MAX.
 */
size_t frame_head(unsigned char out[FRAME_HEAD_MAX], enum frame_op op,
		  size_t len, const unsigned char mask[4]);

/* Masks the n bytes at p, which are the start of a frame's body, in place. */
void frame_mask(unsigned char *p, size_t n, const unsigned char mask[4]);

/* Where a reader stands; all zero at the start of a connection. */
struct frame_reader {
	unsigned char head[10];
	size_t head_have;
	uint64_t body_left;
	enum frame_op op;
	bool in_body, fin, in_message, first;
	unsigned char control[FRAME_CONTROL_MAX];
	size_t control_have;
};

enum frame_event {
	FRAME_MORE,    /* nothing to tell yet; *used bytes were taken */
	FRAME_PIECE,   /* a piece of a text or binary message */
	FRAME_CONTROL, /* a whole control frame */
	FRAME_FAULT    /* the peer breaks the protocol */
};

/*
 * What frame_next found.  For FRAME_PIECE: the bytes, whether they are the
 * first of their message and whether the message ends with them (len may be
 * 0 then); for FRAME_CONTROL: op and body; for FRAME_FAULT: text.
 */
struct frame_out {
	enum frame_op op;
	const unsigned char *data;
	size_t len;
	bool first, last;
	const char *fault;
};

/*
 * Reads from the len bytes at buf up to the next event and stores in *used how
 * many it took.  Call again with the rest while there is any.  data
 * points into buf or into r and is good until the next call.
 */
enum frame_event frame_next(struct frame_reader *r, const unsigned char *buf,
			    size_t len, size_t *used, struct frame_out *out);

#endif
