#ifndef KEXEC_SPDYFRAME_H
#define KEXEC_SPDYFRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * SPDY/3.1 frames (draft-mbelshe-httpbis-spdy-00, 2.2 to 2.6, and the 3.1 of
 * it that Kubernetes speaks), from the client's side.  Pure: bytes in, events
 * out; nothing is stored but the fixed part of a frame and the state of zlib.
 */

enum spdy_type {
	SPDY_DATA = 0,
	SPDY_SYN_STREAM = 1,
	SPDY_SYN_REPLY = 2,
	SPDY_RST_STREAM = 3,
	SPDY_SETTINGS = 4,
	SPDY_PING = 6,
	SPDY_GOAWAY = 7,
	SPDY_HEADERS = 8,
	SPDY_WINDOW_UPDATE = 9
};

enum {
	SPDY_HEAD = 8,              /* of every frame */
	SPDY_DATA_MAX = 0xffffff,   /* body of a data frame */
	SPDY_PING_BYTES = 12,       /* a whole PING */
	SPDY_FIXED_MAX = 10,        /* what stands before a header block */
	SPDY_COMPRESSED_MAX = 65536 /* a longer header block is a fault */
};

/* Writes the head of a data frame with a body of len <= SPDY_DATA_MAX. */
void spdy_data_head(unsigned char out[SPDY_HEAD], uint32_t stream, size_t len,
		    bool fin);

void spdy_ping(unsigned char out[SPDY_PING_BYTES], uint32_t id);

/* The opening of one stream is never longer. */
enum { SPDY_OPEN_MAX = SPDY_HEAD + SPDY_FIXED_MAX + 128 };

/*
 * Writes the SYN_STREAMs of n streams, which get the ids 1, 3, 5 and so on,
 * and each one header streamtype with its word of types (at most 32 bytes).
 * They are all the header blocks that a connection sends.  out has room for n
 * times SPDY_OPEN_MAX.  Returns their size.
 */
size_t spdy_open_streams(unsigned char *out, const char *const types[],
			 size_t n);

/* Where a reader stands. */
struct spdyblock;
struct spdy_reader {
	enum { SPDY_AT_HEAD, SPDY_AT_FIXED, SPDY_AT_BODY } at;
	unsigned char head[SPDY_HEAD + SPDY_FIXED_MAX];
	size_t have;
	bool control;
	unsigned type; /* of a control frame */
	uint32_t left; /* of the body, the fixed part not counted */
	struct spdyblock *block;
};

/* Starts a reader at the start of a connection; free what it holds. */
void spdy_reader_init(struct spdy_reader *r);
void spdy_reader_free(struct spdy_reader *r);

enum spdy_event {
	SPDY_MORE,    /* nothing to tell yet; *used bytes were taken */
	SPDY_PIECE,   /* a piece of a stream's data */
	SPDY_CONTROL, /* a whole control frame */
	SPDY_FAULT    /* the peer breaks the protocol */
};

/*
 * What spdy_next found.  For SPDY_PIECE: stream, the bytes, and whether the
 * stream ends with them (len may be 0 then).  For SPDY_CONTROL: type, and as
 * the type has it stream (for GOAWAY the last one that was taken), code (the
 * status of RST_STREAM and GOAWAY, the id of PING), fin.  SETTINGS,
 * WINDOW_UPDATE and frames of unknown types are no events.  For SPDY_FAULT:
 * text.
 */
struct spdy_out {
	enum spdy_type type;
	uint32_t stream, code;
	const unsigned char *data;
	size_t len;
	bool fin;
	const char *fault;
};

/*
 * Reads from the len bytes at buf up to the next event and stores in *used how
 * many it took.  Call again with the rest while there is any.  data points
 * into buf.  Behind SPDY_FAULT the reader is of no more use.
 */
enum spdy_event spdy_next(struct spdy_reader *r, const unsigned char *buf,
			  size_t len, size_t *used, struct spdy_out *out);

#endif
