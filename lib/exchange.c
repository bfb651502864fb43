/*
 * The exchange that opens a stream, with a deadline.
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

	while (left > 0) {
		ssize_t n = conn_write(c, text, left);

		if (n > 0) {
			text += n;
			left -= (size_t)n;
		} else if (n != CONN_AGAIN) {
			return conn_fault(c);
		} else if ((fault = await(c, conn_write_events(c), deadline)) !=
			   NULL) {
			return fault;
		}
	}
	return NULL;
}

/* Reads some more behind what is there.  Returns NULL, or why not. */
static const char *
read_more(struct exchange *h, struct conn *c, size_t max, int64_t deadline)
{
	for (;;) {
		ssize_t n = conn_read(c, h->buf + h->len, max - h->len);
		const char *fault;

		if (n > 0) {
			h->len += (size_t)n;
			return NULL;
		}
		if (n != CONN_AGAIN)
			return conn_fault(c);
		fault = await(c, conn_read_events(c), deadline);
		if (fault)
			return fault;
	}
}

int
exchange_run(struct exchange *h, struct conn *c, const char *request,
	     int64_t deadline, char **why)
{
	const char *fault = send_all(c, request, deadline);

	memset(h, 0, sizeof *h);
	/* the body that a refusal may have fits behind the head */
	h->buf = xmalloc(HTTP_HEAD_MAX + HTTP_BODY_MAX);
	while (!fault && h->head_len == 0) {
		if (h->len == HTTP_HEAD_MAX)
			fault = "the answer's head is too long";
		else
			fault = read_more(h, c, HTTP_HEAD_MAX, deadline);
		if (!fault)
			h->head_len = http_head_end(h->buf, h->len);
	}
	if (!fault && http_parse(&h->reply, h->buf, h->head_len) != 0)
		fault = "the answer is not HTTP/1";
	if (fault) {
		*why = xstrdup(fault);
		exchange_free(h);
		return -1;
	}
	return 0;
}

/* Whether the body that the head announces is all there. */
static bool
body_is_whole(const struct exchange *h)
{
	static const char last[] = "0\r\n\r\n";
	size_t have = h->len - h->head_len, n = sizeof last - 1;

	if (h->reply.code == 204 || h->reply.code == 304)
		return true;
	if (h->reply.chunked)
		return have >= n && memcmp(h->buf + h->len - n, last, n) == 0;
	return h->reply.length >= 0 && have >= (size_t)h->reply.length;
}

char *
exchange_status(struct exchange *h, struct conn *c, int64_t deadline)
{
	const struct http_reply *r = &h->reply;
	size_t max = h->head_len + HTTP_BODY_MAX, len;
	char *body = h->buf + h->head_len, *message, *text = NULL;

	if (deadline < 0 || deadline > clock_ms() + BODY_MS)
		deadline = clock_ms() + BODY_MS;
	/* without a length the end of the connection ends the body */
	while (h->len < max && !body_is_whole(h) &&
	       read_more(h, c, max, deadline) == NULL)
		;
	len = h->len - h->head_len;
	if (r->chunked)
		http_dechunk(body, &len);
	message = apistatus_message(body, len);
	if (message)
		text = xasprintf("%s (%d)", message, r->code);
	free(message);
	return text;
}

void
exchange_free(struct exchange *h)
{
	free(h->buf);
	memset(h, 0, sizeof *h);
}
