#ifndef TESTS_APISERVER_CONN_H
#define TESTS_APISERVER_CONN_H

#include <stddef.h>

#include "config.h"
#include "loop.h"
#include "net.h"
#include "queue.h"

/* One connection of a client: requests, their answers, an exec session. */
struct conn;

/* What all connections share. */
struct conn_shared {
	const struct config *config;
	struct loop *loop;
	struct conn *first; /* the list of those that live */
};

struct conn *conn_new(struct conn_shared *shared, struct link *link);

/* The client has sent n bytes. */
void conn_input(struct conn *c, const unsigned char *in, size_t n);

/* The queue of what is to be sent, filled as far as is good now; what has gone
 * is taken off it by conn_sent. */
struct queue *conn_output(struct conn *c);

/* The first n bytes of it have been sent. */
void conn_sent(struct conn *c, size_t n);

/* What to do when that queue has been sent. */
enum conn_next { CONN_STAYS, CONN_ENDS, CONN_DROPS, CONN_RESETS };
enum conn_next conn_next(const struct conn *c);

/* A child has ended: all sessions look whether it was theirs. */
void conn_children(struct conn_shared *shared);

/* The connection is gone. */
void conn_free(struct conn *c);

#endif
