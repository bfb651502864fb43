/*
 * Requests over a connection that lasts.
 */
#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conn.h"
#include "err.h"
#include "http.h"
#include "json.h"
#include "mem.h"
#include "record.h"

/* etcd takes no object of more than 1.5 MiB; as JSON it may be longer. */
enum { OBJECT_MAX = 3 << 20 };

int
api_init(struct api *a, const struct record *r, int timeout, char *why,
	 size_t cap)
{
	const char *fault;

	memset(a, 0, sizeof *a);
	a->record = r;
	a->timeout = timeout;
	a->identity = xstrdup("");
	/* it may hold a password, and is not shown before that is known to be
	 * otherwise */
	if (url_parse(&a->url, r->server, &fault) != 0)
		snprintf(why, cap, "server: %s", fault);
	else if (!a->url.tls && (r->token || r->username || r->key))
		snprintf(why, cap, "%s: no TLS, so no credentials go there",
			 r->server);
	else if (http_identity(&a->identity, r, &fault) != 0)
		snprintf(why, cap, "%s: holds a byte that no header can",
			 fault);
	else
		return 0;
	api_free(a);
	return -1;
}

int64_t
api_deadline(const struct api *a)
{
	return a->timeout ? clock_ms() + a->timeout : -1;
}

bool
api_connected(struct api *a)
{
	char byte;

	if (!a->conn)
		return false;
	/* nothing was asked, so nothing can come but the end */
	if (conn_read(a->conn, &byte, 1) == CONN_AGAIN)
		return true;
	conn_close(api_take(a));
	return false;
}

int
api_connect(struct api *a, int64_t deadline, char *why, size_t cap)
{
	if (!api_connected(a)) {
		a->conn = conn_open(&a->url, a->record, deadline, why, cap);
		a->used = false;
	}
	return a->conn ? 0 : -1;
}

struct conn *
api_take(struct api *a)
{
	struct conn *c = a->conn;

	a->conn = NULL;
	return c;
}

void
api_give(struct api *a, struct conn *c)
{
	a->conn = c;
	a->used = true;
}

/* The body of an answer that is no 200. */
static char *
refusal(struct exchange *x, struct conn *c, int64_t deadline)
{
	char *text = exchange_status(x, c, deadline);

	return text ? text
		    : xasprintf("answer %d %s", x->reply.code, x->reply.reason);
}

/* Sends the request and reads the head of the answer.  A connection that has
 * lasted may end just when it is used again; asking twice does no harm. */
static struct conn *
ask(struct api *a, const char *request, int64_t deadline, struct exchange *x,
    struct api_failure *f)
{
	char why[512];

	for (;;) {
		struct conn *c;
		bool used;

		if (api_connect(a, deadline, why, sizeof why) != 0) {
			f->server = true;
			f->text = xstrdup(why);
			return NULL;
		}
		used = a->used;
		c = api_take(a);
		if (exchange_run(x, c, request, deadline, &f->text) == 0)
			return c;
		conn_close(c);
		if (!used || x->len > 0)
			return NULL;
		free(f->text);
		f->text = NULL;
	}
}

/* Sends method path with more header lines and a body, and takes the body of
 * the answer. */
static int
request(struct api *a, const char *method, const char *path, const char *more,
	const char *body, exchange_take *take, void *arg, struct api_failure *f)
{
	int64_t deadline = api_deadline(a);
	const char *fault;
	struct exchange x;
	struct conn *c;
	char *text =
	    xasprintf("%s %s HTTP/1.1\r\n"
		      "Host: %s\r\n"
		      "User-Agent: kpipe/" VERSION "\r\n"
		      "Accept: application/json\r\n"
		      "%s%s"
		      "\r\n"
		      "%s",
		      method, path, a->url.hostname, a->identity, more, body);

	memset(f, 0, sizeof *f);
	c = ask(a, text, deadline, &x, f);
	wipe_str(text);
	if (!c)
		return -1;
	f->code = x.reply.code;
	if (f->code == 200) {
		fault = exchange_body(&x, c, deadline, take, arg);
		if (fault)
			f->text = xstrdup(fault);
	} else {
		f->text = refusal(&x, c, deadline);
	}
	if (x.reusable)
		api_give(a, c);
	else
		conn_close(c);
	exchange_free(&x);
	return f->text ? -1 : 0;
}

int
api_get(struct api *a, const char *path, exchange_take *take, void *arg,
	struct api_failure *f)
{
	return request(a, "GET", path, "", "", take, arg, f);
}

/* An answer that is kept. */
struct kept {
	char *text;
	size_t len, cap;
};

static const char *
keep(void *arg, const char *data, size_t n)
{
	struct kept *k = arg;

	if (n > OBJECT_MAX - k->len)
		return "the answer is too long";
	if (n > k->cap - k->len) {
		k->cap = (k->len + n) * 2;
		k->text = xrealloc(k->text, k->cap);
	}
	memcpy(k->text + k->len, data, n);
	k->len += n;
	return NULL;
}

/* As request, the answer as a document. */
static struct json *
request_json(struct api *a, const char *method, const char *path,
	     const char *more, const char *body, struct api_failure *f)
{
	struct kept k = {NULL, 0, 0};
	struct json *j = NULL;
	char why[256];

	if (request(a, method, path, more, body, keep, &k, f) == 0) {
		j = json_parse(k.text ? k.text : "", k.len, why, sizeof why);
		if (!j)
			f->text = xasprintf("answer: %s", why);
	}
	free(k.text);
	return j;
}

struct json *
api_get_json(struct api *a, const char *path, struct api_failure *f)
{
	return request_json(a, "GET", path, "", "", f);
}

struct json *
api_patch_json(struct api *a, const char *path, const char *patch,
	       struct api_failure *f)
{
	char *more =
	    xasprintf("Content-Type: application/strategic-merge-patch+json\r\n"
		      "Content-Length: %zu\r\n",
		      strlen(patch));
	struct json *j = request_json(a, "PATCH", path, more, patch, f);

	free(more);
	return j;
}

void
api_free(struct api *a)
{
	conn_close(a->conn);
	wipe_str(a->identity);
	url_free(&a->url);
	memset(a, 0, sizeof *a);
}
