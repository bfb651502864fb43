#ifndef KEXEC_HANDSHAKE_H
#define KEXEC_HANDSHAKE_H

#include <stddef.h>
#include <stdint.h>

#include "conn.h"
#include "upgrade.h"

/*
 * One HTTP/1.1 exchange on a connection that becomes something else.
 */
struct handshake {
	char *buf; /* the answer's head, cut up, and what came behind it */
	size_t len, head_len;
	struct upgrade_reply reply;
};

/*
 * Sends the request text and reads the head of the answer until deadline.
 * Returns 0, and the caller calls handshake_free; or -1 and in *why a text
 * for the caller to free.
 */
int handshake_run(struct handshake *h, struct conn *c, const char *request,
		  int64_t deadline, char **why);

/*
 * Reads the body of an answer that refuses, as far as it is worth reading.
 * Returns the message and the code when it is a Status, which only the API
 * server sends, for the caller to free; NULL when it is anything else.
 */
char *handshake_status(struct handshake *h, struct conn *c, int64_t deadline);

void handshake_free(struct handshake *h);

#endif
