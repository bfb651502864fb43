#ifndef LIB_API_H
#define LIB_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange.h"
#include "url.h"

struct conn;
struct record;

/*
 * Requests to the API server over one connection, which is kept from one to
 * the next where the server keeps it.
 */
struct api {
	const struct record *record; /* borrowed */
	struct url url;
	char *identity;    /* header lines that tell who asks; secret */
	struct conn *conn; /* idle; NULL for none */
	bool used;         /* it has had an answer before */
	int timeout;       /* of a connection, and of a request; 0: none, ms */
};

/* Why there is no answer. */
struct api_failure {
	int code;    /* of the answer; 0 when none came */
	bool server; /* there is no connection to the server itself */
	char *text;  /* for the caller to free */
};

/*
 * Looks at the server and the credentials of r, which must outlive a; connects
 * to nothing.  Returns 0, and the caller calls api_free; or -1 and a line for
 * the user in why (cap bytes), which shows no secret.
 */
int api_init(struct api *a, const struct record *r, int timeout, char *why,
	     size_t cap);

/* Until when a request may last that begins now (clock_ms; -1 for ever). */
int64_t api_deadline(const struct api *a);

/* Whether there is an idle connection that the server has not closed. */
bool api_connected(struct api *a);

/* Sees to it that there is one, until deadline.  Returns 0, or -1 and why (cap
 * bytes). */
int api_connect(struct api *a, int64_t deadline, char *why, size_t cap);

/* Hands the idle connection over; api_give hands it, or none, back. */
struct conn *api_take(struct api *a);
void api_give(struct api *a, struct conn *c);

/*
 * GETs path, connecting where need be, and hands the body of an answer 200 to
 * take, as exchange_body does.  No redirect is followed.  Returns 0; or -1
 * and in *f why: what the server's Status says, where it sent one.
 */
int api_get(struct api *a, const char *path, exchange_take *take, void *arg,
	    struct api_failure *f);

/*
 * As api_get, the body as one JSON document of at most 3 MiB, which is more
 * than an object can have; for json_free.  NULL and *f when it fails.
 */
struct json *api_get_json(struct api *a, const char *path,
			  struct api_failure *f);

/*
 * PATCHes path by a strategic merge patch, and returns what the object is then,
 * as api_get_json.  When a connection that was kept ends just then it is sent
 * once more, so it has to mean the same the second time.
 */
struct json *api_patch_json(struct api *a, const char *path, const char *patch,
			    struct api_failure *f);

/* Closes what is open, wipes and frees. */
void api_free(struct api *a);

#endif
