/*
 * The size of a terminal, as clients send it.  Pure.
 */
#include "size.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

bool
size_take(struct queue *stream, uint16_t *width, uint16_t *height)
{
	const unsigned char *text = queue_peek(stream);
	const unsigned char *end =
	    stream->len ? memchr(text, '}', stream->len) : NULL;
	unsigned w, h;
	char *copy;
	bool found;

	if (!end)
		return false;
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
