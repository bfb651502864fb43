/*
 * The client's frames, taken apart.  A continuation frame is a message of its
 * own here, and text is as good as binary: the API server's library looks at
 * neither.  Pure.
 */
#include "intake.h"

#include <string.h>

enum { FRAME_MAX = 32 << 20, CLOSE_CHANNEL = 255 };

/* A part of the payload of a frame that carries data; it started at pos. */
static void
take_data(struct intake *i, uint64_t pos, struct part *part)
{
	if (pos == 0) {
		i->channel = part->data[0];
		part->n--;
		memmove(part->data, part->data + 1, part->n);
		pos = 1;
	}
	if (i->channel == CHANNEL_STDIN)
		part->kind = PART_STDIN;
	else if (i->channel == CHANNEL_RESIZE)
		part->kind = PART_RESIZE;
	else if (i->channel == CLOSE_CHANNEL && pos == 1 && part->n > 0)
		i->control[0] = part->data[0];
}

/* The frame is whole; size is that of its payload. */
static void
take_end(struct intake *i, uint64_t size, struct part *part)
{
	switch (i->reader.opcode) {
	case FRAME_CLOSE:
		part->kind = PART_CLOSE;
		return;
	case FRAME_PING:
		part->kind = PART_PING;
		part->n = (size_t)size;
		memcpy(part->data, i->control, part->n);
		return;
	case FRAME_PONG:
		return;
	default:
		if (size == 0 || i->channel != CLOSE_CHANNEL || !i->v5)
			return;
		if (size != 2 || i->control[0] >= CHANNELS) {
			part->kind = PART_CLOSE;
		} else if (i->control[0] == CHANNEL_STDIN) {
			part->kind = PART_STDIN;
			part->ends = true;
			part->n = 0;
		}
		return;
	}
}

size_t
intake_take(struct intake *i, const unsigned char *in, size_t n,
	    struct part *part)
{
	struct frame_reader *r = &i->reader;
	size_t used = 0, take;
	uint64_t pos;

	part->kind = PART_NOTHING;
	part->n = 0;
	part->ends = false;
	if (!r->ready) {
		used = frame_take_head(r, in, n);
		if (!r->ready)
			return used;
		if (!r->masked || r->left > FRAME_MAX ||
		    (r->opcode >= FRAME_CLOSE && r->left > FRAME_CONTROL_MAX)) {
			part->kind = PART_BROKEN;
			return used;
		}
	}
	take = n - used < PART_CHUNK ? n - used : PART_CHUNK;
	take = r->left < take ? (size_t)r->left : take;
	pos = r->pos;
	frame_take_payload(r, part->data, in + used, take);
	if (r->opcode >= FRAME_CLOSE) {
		memcpy(i->control + pos, part->data, take);
	} else if (take > 0) {
		part->n = take;
		take_data(i, pos, part);
	}
	if (!r->ready)
		take_end(i, pos + take, part);
	return used + take;
}
