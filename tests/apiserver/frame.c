/*
 * WebSocket frames as the API server reads and writes them: it looks neither
 * at FIN nor at the difference between text and binary.  Pure.
 */
#include "frame.h"

size_t
frame_head(unsigned char out[FRAME_HEAD_MAX], bool fin, int opcode,
	   uint64_t len)
{
	size_t i, bytes = len < 126 ? 0 : len < 65536 ? 2 : 8;

	out[0] = (unsigned char)((fin ? 0x80 : 0) | opcode);
	out[1] = (unsigned char)(bytes == 0 ? len : bytes == 2 ? 126 : 127);
	for (i = 0; i < bytes; i++)
		out[2 + i] = (unsigned char)(len >> 8 * (bytes - 1 - i));
	return 2 + bytes;
}

size_t
frame_take_head(struct frame_reader *r, const unsigned char *in, size_t n)
{
	size_t used = 0;

	while (used < n && !r->ready) {
		size_t bytes, i, size;
		int short_len;

		r->head[r->have++] = in[used++];
		if (r->have < 2)
			continue;
		short_len = r->head[1] & 0x7f;
		r->masked = r->head[1] & 0x80;
		bytes = short_len == 126 ? 2 : short_len == 127 ? 8 : 0;
		size = 2 + bytes + (r->masked ? 4 : 0);
		if (r->have < size)
			continue;
		r->left = bytes == 0 ? (uint64_t)short_len : 0;
		for (i = 0; i < bytes; i++)
			r->left = r->left << 8 | r->head[2 + i];
		for (i = 0; r->masked && i < 4; i++)
			r->head[i + 2] = r->head[2 + bytes + i];
		r->opcode = r->head[0] & 0x0f;
		r->pos = 0;
		r->ready = true;
	}
	return used;
}

void
frame_take_payload(struct frame_reader *r, unsigned char *out,
		   const unsigned char *in, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		out[i] =
		    r->masked ? in[i] ^ r->head[2 + (r->pos + i) % 4] : in[i];
	r->pos += n;
	r->left -= n;
	if (r->left == 0) {
		r->ready = false;
		r->have = 0;
	}
}
