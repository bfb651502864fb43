/*
 * The heads of SPDY frames.  Pure.
 */
#include "spdyframe.h"

uint32_t
spdy_read32(const unsigned char *in)
{
	return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 |
	       (uint32_t)in[2] << 8 | in[3];
}

void
spdy_read_head(struct spdy_head *h, const unsigned char in[SPDY_HEAD])
{
	uint32_t first = spdy_read32(in), second = spdy_read32(in + 4);

	h->control = first >> 31;
	h->version = first >> 16 & 0x7fff;
	h->type = first & 0xffff;
	h->stream = first & SPDY_ID_MAX;
	h->flags = second >> 24;
	h->length = second & SPDY_LENGTH_MAX;
}

void
spdy_put32(struct queue *out, uint32_t value)
{
	unsigned char b[4];
	int i;

	for (i = 0; i < 4; i++)
		b[i] = (unsigned char)(value >> (24 - 8 * i));
	queue_put(out, b, sizeof(b));
}

void
spdy_put_data_head(struct queue *out, uint32_t stream, unsigned flags,
		   size_t length)
{
	spdy_put32(out, stream);
	spdy_put32(out, (uint32_t)flags << 24 | (uint32_t)length);
}

void
spdy_put_control_head(struct queue *out, unsigned type, unsigned flags,
		      size_t length)
{
	spdy_put32(out, 1u << 31 | (uint32_t)SPDY_VERSION << 16 | type);
	spdy_put32(out, (uint32_t)flags << 24 | (uint32_t)length);
}
