#ifndef TESTS_APISERVER_API_H
#define TESTS_APISERVER_API_H

#include <stdbool.h>

#include "config.h"
#include "ephemeral.h"
#include "http.h"
#include "pod.h"
#include "podlist.h"

enum api_protocol { API_V1, API_V2, API_V3, API_V4, API_V5 };
enum api_transport { API_WEBSOCKET, API_SPDY };

/* A request to exec that has passed every check. */
struct api_exec {
	struct pod pod;
	const char *container;         /* in pod or in the request */
	const struct ephemeral *debug; /* when it is one that was added */
	char **argv; /* NULL ended, the words are the request's */
	bool in, out, err, tty;
	enum api_transport transport;
	enum api_protocol protocol;
	const char *subprotocol; /* for the 101; "" when none was offered */
};

/* What a request gets. */
struct api_answer {
	int code;         /* 101: exec is valid */
	const char *type; /* Content-Type */
	char *body;       /* for free; NULL: no body */
	const char *more; /* header lines of this answer, or NULL */
	bool bare;        /* nothing but the code, and the connection ends */
	struct api_exec exec;
	bool watches; /* the answer is a watch of these pods */
	struct podquery watch;
	long watch_seconds; /* 0: no end */
};

/*
 * Answers r, which comes from user (NULL: nobody known).  api_answer_free in
 * any case.
 */
void api_answer(struct api_answer *a, const struct config *c,
		const struct http_request *r, const char *user);

void api_answer_free(struct api_answer *a);

#endif
