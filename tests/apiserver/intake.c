/*
 * The client's frames, taken apart.  A continuation frame is a message of its
 * own here, and text is as good as binary: the API server's library looks at
 * neither.  Pure.
 */
#include "intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

enum { FRAME_MAX = 32 << 20, CLOSE_CHANNEL = 255 };

/* A part of the payload of a frame that carries data; it started at pos. */
static void
take_data(struct intake *i, uint64_t pos, struct intake_part *part)
{
	if (pos == 0) {
		i->channel = part->data[0];
		part->n--;
		memmove(part->data, part->data + 1, part->n);
		pos = 1;
	}
	if (i->channel == 0)
		part->kind = INTAKE_STDIN;
	else if (i->channel == 4)
		part->kind = INTAKE_RESIZE;
	else if (i->channel == CLOSE_CHANNEL && pos == 1 && part->n > 0)
		i->control[0] = part->data[0];
}

/* The frame is whole; size is that of its payload. */
static void
take_end(struct intake *i, uint64_t size, struct intake_part *part)
{
	switch (i->reader.opcode) {
	case FRAME_CLOSE:
		part->kind = INTAKE_CLOSE;
		return;
	case FRAME_PING:
		part->kind = INTAKE_PING;
		part->n = (size_t)size;
		memcpy(part->data, i->control, part->n);
		return;
	case FRAME_PONG:
		return;
	default:
		if (size == 0 || i->channel != CLOSE_CHANNEL)
			return;
		if (size != 2 || i->control[0] > 4)
			part->kind = INTAKE_STRANGE;
		else if (i->control[0] == 0)
			part->kind = INTAKE_HALF_CLOSE;
		return;
	}
}

size_t
intake_take(struct intake *i, const unsigned char *in, size_t n,
	    struct intake_part *part)
{
	struct frame_reader *r = &i->reader;
	size_t used = 0, take;
	uint64_t pos;

	part->kind = INTAKE_NOTHING;
	part->n = 0;
	if (!r->ready) {
		used = frame_take_head(r, in, n);
		if (!r->ready)
			return used;
		if (!r->masked || r->left > FRAME_MAX ||
		    (r->opcode >= FRAME_CLOSE && r->left > FRAME_CONTROL_MAX)) {
			part->kind = INTAKE_BROKEN;
			return used;
		}
	}
	take = n - used < INTAKE_CHUNK ? n - used : INTAKE_CHUNK;
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

int
intake_size(struct queue *stream, uint16_t *width, uint16_t *height)
{
	const unsigned char *text = queue_peek(stream);
	const unsigned char *end =
	    stream->len ? memchr(text, '}', stream->len) : NULL;
	unsigned w, h;
	char *copy;
	int found;

	if (!end)
		return 0;
	copy = xstrndup((const char *)text, (size_t)(end - text) + 1);
	found = sscanf(copy, " { \"Width\" : %5u , \"Height\" : %5u }", &w,
		       &h) == 2 &&
		w <= UINT16_MAX && h <= UINT16_MAX;
	if (found) {
		*width = (uint16_t)w;
		*height = (uint16_t)h;
	}
	free(copy);
	queue_drop(stream, (size_t)(end - text) + 1);
	return found;
}
