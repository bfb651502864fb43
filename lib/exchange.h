#ifndef LIB_EXCHANGE_H
#define LIB_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conn.h"
#include "http.h"

/*
 * One HTTP/1.1 exchange on a connection, which may then be used for another
 * one or become something else.
 */
struct exchange {
	char *buf; /* the answer's head, cut up, and what came behind it */
	size_t len, head_len;
	size_t body_len; /* what has been taken of the body */
	struct http_reply reply;
	bool reusable; /* the body has ended; another request may follow */
};

/*
 * Sends the request text and reads the head of the answer until deadline.
 * Returns 0, and the caller calls exchange_free; or -1 and in *why a text
 * for the caller to free, and x->len tells whether anything came.
 */
int exchange_run(struct exchange *x, struct conn *c, const char *request,
		 int64_t deadline, char **why);

/* Takes a piece of a body.  Returns NULL, or why it takes no more. */
typedef const char *exchange_take(void *arg, const char *data, size_t n);

/*
 * Reads the body until deadline and hands it to take, piece by piece.
 * Returns NULL when all of it came and was taken, and x->reusable is set; or
 * why not.
 */
const char *exchange_body(struct exchange *x, struct conn *c, int64_t deadline,
			  exchange_take *take, void *arg);

/*
 * Reads the body of an answer that refuses, as far as it is worth reading.
 * Returns the message and the code when it is a Status, which only the API
 * server sends, for the caller to free; NULL when it is anything else.
 */
char *exchange_status(struct exchange *x, struct conn *c, int64_t deadline);

void exchange_free(struct exchange *x);

#endif
