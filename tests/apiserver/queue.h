#ifndef TESTS_APISERVER_QUEUE_H
#define TESTS_APISERVER_QUEUE_H

#include <stddef.h>

/* Bytes in, bytes out, in order.  All zero is an empty queue. */
struct queue {
	unsigned char *data;
	size_t head, len, room;
};

/* Appends the n bytes at p, which may be NULL when n is 0. */
void queue_put(struct queue *q, const void *p, size_t n);

/* The q->len bytes that are waiting, valid until the next queue_put. */
const unsigned char *queue_peek(const struct queue *q);

/* Takes the first n bytes away; n is at most q->len. */
void queue_drop(struct queue *q, size_t n);

/* Frees what q holds and makes it empty. */
void queue_free(struct queue *q);

#endif
