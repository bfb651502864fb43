/*
 * RFC 6455 framing.  A body is handed on as it comes, however long its frame
 * says it is, so no length that a peer declares costs memory.
 */
#include "frame.h"

#include <string.h>

size_t
frame_head(unsigned char out[FRAME_HEAD_MAX], enum frame_op op, size_t len,
	   const unsigned char mask[4])
{
	size_t n = 2;

	out[0] = (unsigned char)(0x80 | op);
	if (len < 126) {
		out[1] = (unsigned char)(0x80 | len);
	} else if (len < 65536) {
		out[1] = 0x80 | 126;
		out[n++] = (unsigned char)(len >> 8);
		out[n++] = (unsigned char)len;
	} else {
		out[1] = 0x80 | 127;
		for (int shift = 56; shift >= 0; shift -= 8)
			out[n++] = (unsigned char)((uint64_t)len >> shift);
	}
	memcpy(out + n, mask, 4);
	return n + 4;
}

void
frame_mask(unsigned char *p, size_t n, const unsigned char mask[4])
{
	uint64_t word, key;
	size_t i;

	memcpy(&key, mask, 4);
	memcpy((unsigned char *)&key + 4, mask, 4);
	for (i = 0; i + sizeof word <= n; i += sizeof word) {
		memcpy(&word, p + i, sizeof word);
		word ^= key;
		memcpy(p + i, &word, sizeof word);
	}
	for (; i < n; i++)
		p[i] ^= mask[i % 4];
}

static bool
is_control(enum frame_op op)
{
	return op >= FRAME_CLOSE;
}

/* Bytes that the head needs, as far as those that are there tell. */
static size_t
head_size(const struct frame_reader *r)
{
	unsigned len;

	if (r->head_have < 2)
		return 2;
	len = r->head[1] & 0x7f;
	return len == 126 ? 4 : len == 127 ? 10 : 2;
}

/* Takes a whole head apart.  Returns the fault, or NULL. */
static const char *
take_head(struct frame_reader *r)
{
	unsigned op = r->head[0] & 0x0f;
	uint64_t len = r->head[1] & 0x7f;

	if (r->head[0] & 0x70)
		return "frame with reserved bits";
	if (r->head[1] & 0x80)
		return "masked frame from the server";
	if (op > FRAME_PONG || (op > FRAME_BINARY && op < FRAME_CLOSE))
		return "frame with an unknown opcode";
	if (len == 126) {
		len = (uint64_t)r->head[2] << 8 | r->head[3];
	} else if (len == 127) {
		len = 0;
		for (int i = 2; i < 10; i++)
			len = len << 8 | r->head[i];
		if (len >> 63)
			return "frame with a negative length";
	}
	r->fin = r->head[0] & 0x80;
	if (op >= FRAME_CLOSE) {
		if (!r->fin || len > FRAME_CONTROL_MAX)
			return "control frame in pieces or too long";
		r->op = (enum frame_op)op;
		r->control_have = 0;
	} else if (op == FRAME_CONTINUATION) {
		if (!r->in_message)
			return "continuation of no message";
		r->op = FRAME_CONTINUATION;
	} else {
		if (r->in_message)
			return "message inside a message";
		r->op = (enum frame_op)op;
		r->in_message = r->first = true;
	}
	r->body_left = len;
	r->in_body = true;
	r->head_have = 0;
	return NULL;
}

enum frame_event
frame_next(struct frame_reader *r, const unsigned char *buf, size_t len,
	   size_t *used, struct frame_out *out)
{
	size_t n = 0;

	*used = 0;
	memset(out, 0, sizeof *out);
	while (!r->in_body) {
		while (r->head_have < head_size(r)) {
			if (n == len) {
				*used = n;
				return FRAME_MORE;
			}
			r->head[r->head_have++] = buf[n++];
		}
		out->fault = take_head(r);
		if (out->fault)
			return FRAME_FAULT;
	}
	out->op = r->op;
	out->data = buf + n;
	out->len = len - n;
	if (out->len > r->body_left)
		out->len = (size_t)r->body_left;
	r->body_left -= out->len;
	*used = n + out->len;
	if (r->body_left == 0)
		r->in_body = false;
	if (is_control(r->op)) {
		memcpy(r->control + r->control_have, out->data, out->len);
		r->control_have += out->len;
		out->data = r->control;
		out->len = r->control_have;
		return r->in_body ? FRAME_MORE : FRAME_CONTROL;
	}
	out->last = !r->in_body && r->fin;
	if (out->len == 0 && !out->last)
		return FRAME_MORE;
	out->first = r->first;
	r->first = false;
	if (out->last)
		r->in_message = false;
	return FRAME_PIECE;
}
