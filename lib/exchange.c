/*
 * Requests and answers, with a deadline.
 */
#include "exchange.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apistatus.h"
#include "clock.h"
#include "mem.h"

/* A body that comes more slowly than this is not worth the time. */
enum { BODY_MS = 5000 };

/* Waits for events.  Returns NULL, or why it was in vain. */
static const char *
await(struct conn *c, short events, int64_t deadline)
{
	struct pollfd p = {conn_fd(c), events, 0};
	int n;

	do
		n = poll(&p, 1, clock_left(deadline));
	while (n < 0 && errno == EINTR);
	return n > 0 ? NULL : n == 0 ? "no answer in time" : strerror(errno);
}

static const char *
send_all(struct conn *c, const char *text, int64_t deadline)
{
	size_t left = strlen(text);
	const char *fault;

	while (left > 0 || conn_pending(c)) {
		ssize_t n =
		    left > 0 ? conn_write(c, text, left) : conn_flush(c);

		if (n >= 0) {
			text += n;
			left -= (size_t)n;
			continue;
		}
		if (n != CONN_AGAIN)
			return conn_fault(c);
		fault = await(c, conn_write_events(c), deadline);
		if (fault)
			return fault;
	}
	return NULL;
}

/* Reads at most n bytes behind what is there.  Returns NULL, or why not. */
static const char *
read_more(struct exchange *x, struct conn *c, size_t n, int64_t deadline,
	  bool *ended)
{
	for (;;) {
		ssize_t got = conn_read(c, x->buf + x->len, n);
		const char *fault;

		if (got > 0) {
			x->len += (size_t)got;
			return NULL;
		}
		if (got != CONN_AGAIN) {
			*ended = got == CONN_END;
			return conn_fault(c);
		}
		fault = await(c, conn_read_events(c), deadline);
		if (fault)
			return fault;
	}
}

int
exchange_run(struct exchange *x, struct conn *c, const char *request,
	     int64_t deadline, char **why)
{
	const char *fault = send_all(c, request, deadline);
	bool ended;

	memset(x, 0, sizeof *x);
	/* what comes of the body at a time fits behind the head */
	x->buf = xmalloc(HTTP_HEAD_MAX + HTTP_BODY_MAX);
	while (!fault && x->head_len == 0) {
		if (x->len == HTTP_HEAD_MAX)
			fault = "the answer's head is too long";
		else
			fault = read_more(x, c, HTTP_HEAD_MAX - x->len,
					  deadline, &ended);
		if (!fault)
			x->head_len = http_head_end(x->buf, x->len);
	}
	if (!fault && http_parse(&x->reply, x->buf, x->head_len) != 0)
		fault = "the answer is not HTTP/1";
	if (fault) {
		*why = xstrdup(fault);
		free(x->buf);
		x->buf = NULL;
		return -1;
	}
	return 0;
}

const char *
exchange_body(struct exchange *x, struct conn *c, int64_t deadline,
	      exchange_take *take, void *arg)
{
	struct http_body b;
	size_t at = x->head_len, used, n;
	const char *data, *fault;
	bool ended = false;

	http_body_init(&b, &x->reply);
	for (;;) {
		switch (http_body_next(&b, x->buf + at, x->len - at, &used,
				       &data, &n)) {
		case HTTP_BODY_PIECE:
			at += used;
			x->body_len += n;
			fault = take(arg, data, n);
			if (fault)
				return fault;
			break;
		case HTTP_BODY_MORE:
			/* a peer that never stops makes poll never wait */
			if (deadline >= 0 && clock_left(deadline) == 0)
				return "no answer in time";
			x->len = at = x->head_len;
			fault =
			    read_more(x, c, HTTP_BODY_MAX, deadline, &ended);
			if (fault && ended && b.at == HTTP_BODY_TO_END)
				return NULL;
			if (fault)
				return fault;
			break;
		case HTTP_BODY_DONE:
			/* what is behind it belongs to nothing */
			x->reusable =
			    x->reply.keep_alive && at + used == x->len;
			return NULL;
		case HTTP_BODY_FAULT:
			return "the answer's body is not as its head says";
		}
	}
}

/* A body that is kept, as far as it fits. */
struct kept {
	char text[HTTP_BODY_MAX];
	size_t len;
};

static const char *
keep(void *arg, const char *data, size_t n)
{
	struct kept *k = arg;

	if (n > sizeof k->text - k->len)
		return "the answer's body is too long";
	memcpy(k->text + k->len, data, n);
	k->len += n;
	return NULL;
}

char *
exchange_status(struct exchange *x, struct conn *c, int64_t deadline)
{
	struct kept *k = xmalloc(sizeof *k);
	char *message, *text = NULL;

	k->len = 0;
	if (deadline < 0 || deadline > clock_ms() + BODY_MS)
		deadline = clock_ms() + BODY_MS;
	/* a Status is whole or none, whatever the body's end was */
	(void)exchange_body(x, c, deadline, keep, k);
	message = apistatus_message(k->text, k->len);
	if (message)
		text = xasprintf("%s (%d)", message, x->reply.code);
	free(message);
	free(k);
	return text;
}

void
exchange_free(struct exchange *x)
{
	free(x->buf);
	memset(x, 0, sizeof *x);
}
