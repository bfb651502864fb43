/*
 * A growing byte queue.  Bounds are the caller's: it looks at len before it
 * puts more in.  Pure.
 */
#include "queue.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

void
queue_put(struct queue *q, const void *p, size_t n)
{
	if (n == 0)
		return;
	if (q->head + q->len + n > q->room) {
		if (q->len > 0)
			memmove(q->data, q->data + q->head, q->len);
		q->head = 0;
		if (q->len + n > q->room) {
			q->room = (q->len + n) * 2;
			q->data = xrealloc(q->data, q->room);
		}
	}
	memcpy(q->data + q->head + q->len, p, n);
	q->len += n;
}

const unsigned char *
queue_peek(const struct queue *q)
{
	return q->data + q->head;
}

void
queue_drop(struct queue *q, size_t n)
{
	q->len -= n;
	q->head = q->len == 0 ? 0 : q->head + n;
}

void
queue_free(struct queue *q)
{
	free(q->data);
	memset(q, 0, sizeof(*q));
}
