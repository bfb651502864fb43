#ifndef LIB_EXCHANGE_H
#define LIB_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>

#include "conn.h"
#include "http.h"

/*
 * One HTTP/1.1 exchange on a connection that becomes something else.
 */
struct exchange {
	char *buf; /* the answer's head, cut up, and what came behind it */
	size_t len, head_len;
	struct http_reply reply;
};

/*
 * Sends the request text and reads the head of the answer until deadline.
 * Returns 0, and the caller calls exchange_free; or -1 and in *why a text
 * for the caller to free.
 */
int exchange_run(struct exchange *h, struct conn *c, const char *request,
		 int64_t deadline, char **why);

/*
 * Reads the body of an answer that refuses, as far as it is worth reading.
 * Returns the message and the code when it is a Status, which only the API
 * server sends, for the caller to free; NULL when it is anything else.
 */
char *exchange_status(struct exchange *h, struct conn *c, int64_t deadline);

void exchange_free(struct exchange *h);

#endif
