#ifndef TESTS_APISERVER_INTAKE_H
#define TESTS_APISERVER_INTAKE_H

#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "queue.h"

/* What a client says in an exec session, read as the API server reads it. */

enum { INTAKE_CHUNK = 4096 };

enum intake_kind {
	INTAKE_NOTHING,    /* more bytes are needed */
	INTAKE_STDIN,      /* data, n */
	INTAKE_RESIZE,     /* data, n: bytes of the stream of sizes */
	INTAKE_PING,       /* data, n: to be sent back */
	INTAKE_CLOSE,      /* a close frame */
	INTAKE_HALF_CLOSE, /* ff 00 */
	INTAKE_STRANGE,    /* a channel 255 message that is not allowed */
	INTAKE_BROKEN      /* no WebSocket: unmasked, too large */
};

struct intake_part {
	enum intake_kind kind;
	unsigned char data[INTAKE_CHUNK];
	size_t n;
};

/* All zero is the start. */
struct intake {
	struct frame_reader reader;
	int channel;
	unsigned char control[FRAME_CONTROL_MAX];
};

/*
 * Takes bytes from the n at in until there is something to say, and says it
 * in *part.  Returns how many were taken; more than none when n is.
 */
size_t intake_take(struct intake *i, const unsigned char *in, size_t n,
		   struct intake_part *part);

/*
 * Sizes of a terminal are a stream of JSON objects.  Takes the first whole
 * one out of stream; returns whether there was one with a good size.
 */
int intake_size(struct queue *stream, uint16_t *width, uint16_t *height);

#endif
