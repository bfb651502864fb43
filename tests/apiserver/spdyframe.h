#ifndef TESTS_APISERVER_SPDYFRAME_H
#define TESTS_APISERVER_SPDYFRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "queue.h"

/* Frames of SPDY/3.1 (draft 3.1, section 2.2), all numbers big endian. */

enum {
	SPDY_SYN_STREAM = 1,
	SPDY_SYN_REPLY = 2,
	SPDY_RST_STREAM = 3,
	SPDY_SETTINGS = 4,
	SPDY_PING = 6,
	SPDY_GOAWAY = 7,
	SPDY_HEADERS = 8,
	SPDY_WINDOW_UPDATE = 9
};

/* Status codes of RST_STREAM. */
enum { SPDY_REFUSED_STREAM = 3, SPDY_CANCEL = 5, SPDY_INTERNAL_ERROR = 6 };

enum {
	SPDY_VERSION = 3,
	SPDY_FIN = 1,
	SPDY_HEAD = 8,
	SPDY_LENGTH_MAX = 0xffffff,
	SPDY_ID_MAX = 0x7fffffff
};

struct spdy_head {
	bool control;
	unsigned version, type; /* of a control frame */
	uint32_t stream;        /* of a data frame */
	unsigned flags;
	uint32_t length; /* of what follows */
};

void spdy_read_head(struct spdy_head *h, const unsigned char in[SPDY_HEAD]);

/* The 32 bits at in. */
uint32_t spdy_read32(const unsigned char *in);

/* Appends the head of a data frame; length is at most SPDY_LENGTH_MAX. */
void spdy_put_data_head(struct queue *out, uint32_t stream, unsigned flags,
			size_t length);

/* Appends the head of a control frame; the same. */
void spdy_put_control_head(struct queue *out, unsigned type, unsigned flags,
			   size_t length);

void spdy_put32(struct queue *out, uint32_t value);

#endif
