/*
 * SPDY/3.1 framing.  A body is handed on, inflated or skipped as it comes, so
 * no length that a peer declares costs memory.
 */
#include "spdyframe.h"

#include <string.h>

#include "spdyblock.h"

enum { VERSION_3 = 3, FLAG_FIN = 1, ID_MASK = 0x7fffffff };

static void
put24(unsigned char *p, size_t n)
{
	p[0] = (unsigned char)(n >> 16);
	p[1] = (unsigned char)(n >> 8);
	p[2] = (unsigned char)n;
}

static void
put32(unsigned char *p, uint32_t n)
{
	p[0] = (unsigned char)(n >> 24);
	put24(p + 1, n & 0xffffff);
}

static uint32_t
get32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static void
put_control(unsigned char *p, enum spdy_type type, size_t len)
{
	put32(p, 0x80000000U | VERSION_3 << 16 | type);
	p[4] = 0;
	put24(p + 5, len);
}

void
spdy_data_head(unsigned char out[SPDY_HEAD], uint32_t stream, size_t len,
	       bool fin)
{
	put32(out, stream);
	out[4] = fin ? FLAG_FIN : 0;
	put24(out + 5, len);
}

void
spdy_ping(unsigned char out[SPDY_PING_BYTES], uint32_t id)
{
	put_control(out, SPDY_PING, 4);
	put32(out + SPDY_HEAD, id);
}

size_t
spdy_open_streams(unsigned char *out, const char *const types[], size_t n)
{
	struct spdyblock_writer *w = spdyblock_writer_new();
	unsigned char *p = out;

	for (size_t i = 0; i < n; i++) {
		unsigned char *fixed = p + SPDY_HEAD;
		size_t len;

		/* no associated stream, no priority, no slot */
		memset(fixed, 0, SPDY_FIXED_MAX);
		put32(fixed, (uint32_t)(2 * i + 1));
		len =
		    SPDY_FIXED_MAX + spdyblock_write(w, fixed + SPDY_FIXED_MAX,
						     "streamtype", types[i]);
		put_control(p, SPDY_SYN_STREAM, len);
		p += SPDY_HEAD + len;
	}
	spdyblock_writer_free(w);
	return (size_t)(p - out);
}

void
spdy_reader_init(struct spdy_reader *r)
{
	memset(r, 0, sizeof *r);
	r->block = spdyblock_new();
}

void
spdy_reader_free(struct spdy_reader *r)
{
	spdyblock_free(r->block);
	memset(r, 0, sizeof *r);
}

static bool
has_block(const struct spdy_reader *r)
{
	return r->control &&
	       (r->type == SPDY_SYN_STREAM || r->type == SPDY_SYN_REPLY ||
		r->type == SPDY_HEADERS);
}

/* Bytes of the body that are looked at as they are. */
static uint32_t
fixed_size(const struct spdy_reader *r)
{
	if (!r->control)
		return 0;
	switch (r->type) {
	case SPDY_SYN_STREAM:
		return 10;
	case SPDY_SYN_REPLY:
	case SPDY_HEADERS:
	case SPDY_SETTINGS:
	case SPDY_PING:
		return 4;
	case SPDY_RST_STREAM:
	case SPDY_GOAWAY:
	case SPDY_WINDOW_UPDATE:
		return 8;
	default:
		return 0;
	}
}

/* Takes a whole head apart.  Returns the fault, or NULL. */
static const char *
take_head(struct spdy_reader *r)
{
	uint32_t word = get32(r->head), fixed;

	r->control = word >> 31;
	r->type = word & 0xffff;
	r->left = get32(r->head + 4) & 0xffffff;
	if (!r->control) {
		if (word == 0)
			return "data of no stream";
		r->at = SPDY_AT_BODY;
		return NULL;
	}
	if ((word >> 16 & 0x7fff) != VERSION_3)
		return "frame of another version than SPDY/3";
	fixed = fixed_size(r);
	if (r->left < fixed)
		return "control frame that is too short";
	r->left -= fixed;
	if (has_block(r)) {
		if (r->left > SPDY_COMPRESSED_MAX)
			return "header block that is too long";
		spdyblock_start(r->block);
	} else if (fixed > 0 && r->type != SPDY_SETTINGS && r->left > 0) {
		return "control frame that is too long";
	}
	r->at = fixed > 0 ? SPDY_AT_FIXED : SPDY_AT_BODY;
	return NULL;
}

/* The control frame is whole.  Returns whether it is an event. */
static bool
tell_control(const struct spdy_reader *r, struct spdy_out *out)
{
	const unsigned char *fixed = r->head + SPDY_HEAD;

	switch (r->type) {
	case SPDY_SYN_STREAM:
	case SPDY_SYN_REPLY:
	case SPDY_HEADERS:
		out->fin = r->head[4] & FLAG_FIN;
		break;
	case SPDY_RST_STREAM:
	case SPDY_GOAWAY:
		out->code = get32(fixed + 4);
		break;
	case SPDY_PING:
		out->code = get32(fixed);
		out->type = SPDY_PING;
		return true;
	default:
		return false;
	}
	out->type = (enum spdy_type)r->type;
	out->stream = get32(fixed) & ID_MASK;
	return true;
}

/*
 * Takes n bytes of the body, which may be its last.  Returns the event; MORE
 * also stands for a frame that is over and was none.
 */
static enum spdy_event
take_body(struct spdy_reader *r, const unsigned char *p, size_t n,
	  struct spdy_out *out)
{
	bool last;

	if (has_block(r) && n > 0) {
		out->fault = spdyblock_take(r->block, p, n);
		if (out->fault)
			return SPDY_FAULT;
	}
	r->left -= (uint32_t)n;
	last = r->left == 0;
	if (last)
		r->at = SPDY_AT_HEAD;
	if (r->control)
		return last && tell_control(r, out) ? SPDY_CONTROL : SPDY_MORE;
	out->stream = get32(r->head) & ID_MASK;
	out->data = p;
	out->len = n;
	out->fin = last && r->head[4] & FLAG_FIN;
	return n > 0 || out->fin ? SPDY_PIECE : SPDY_MORE;
}

enum spdy_event
spdy_next(struct spdy_reader *r, const unsigned char *buf, size_t len,
	  size_t *used, struct spdy_out *out)
{
	size_t n = 0;

	for (;;) {
		size_t want = SPDY_HEAD, body;
		enum spdy_event e;

		memset(out, 0, sizeof *out);
		if (r->at == SPDY_AT_FIXED)
			want += fixed_size(r);
		while (r->at != SPDY_AT_BODY && r->have < want && n < len)
			r->head[r->have++] = buf[n++];
		*used = n;
		if (r->at != SPDY_AT_BODY && r->have < want)
			return SPDY_MORE;
		if (r->at == SPDY_AT_HEAD) {
			out->fault = take_head(r);
			if (out->fault)
				return SPDY_FAULT;
			continue;
		}
		r->at = SPDY_AT_BODY;
		body = len - n < r->left ? len - n : r->left;
		if (body == 0 && r->left > 0)
			return SPDY_MORE;
		r->have = 0;
		e = take_body(r, buf + n, body, out);
		n += body;
		*used = n;
		if (e != SPDY_MORE)
			return e;
	}
}
