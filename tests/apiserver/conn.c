/*
 * Requests one after another on a connection, until one turns it into an exec
 * session.
 */
#include "conn.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io.h"
#include "lib/mem.h"

#include "api.h"
#include "auth.h"
#include "http.h"
#include "podwatch.h"
#include "session.h"

struct conn {
	struct conn_shared *shared;
	struct conn *next, **link_here;
	struct link *link;
	struct queue in, out;
	size_t body; /* bytes of a request's body to pass over */
	struct http_request request; /* the session's */
	struct api_answer answer;
	struct session *session;
	struct podwatch *watch;
	bool busy, paused;
	bool spoke; /* since the client did */
	uint64_t requests, got, sent, turns;
	enum conn_next end;
};

struct conn *
conn_new(struct conn_shared *shared, struct link *link)
{
	struct conn *c = xmalloc(sizeof(*c));

	memset(c, 0, sizeof(*c));
	c->shared = shared;
	c->link = link;
	c->next = shared->first;
	c->link_here = &shared->first;
	if (c->next)
		c->next->link_here = &c->next;
	shared->first = c;
	if (shared->config->log >= 0)
		io_write_full(shared->config->log, "connection\n", 11);
	return c;
}

static void
say_request(const struct conn *c, const char *user)
{
	const struct api_answer *a = &c->answer;
	const char *protocol = a->code == 101 ? a->exec.subprotocol : "";
	char *line =
	    xasprintf("request\t%s\t%s\t%d\t%s\t%s\n", c->request.method,
		      c->request.line_target, a->code, user ? user : "-",
		      *protocol ? protocol : "-");

	/* One write a line: lines of many servers can share a file. */
	io_write_full(c->shared->config->log, line, strlen(line));
	free(line);
}

/* The body of a request that is read, in one line. */
static void
say_content(const struct conn *c)
{
	char *line = xasprintf("body\t%s\n", c->request.content), *at = line;

	while ((at = strchr(at, '\n')) != NULL && at[1])
		*at = ' ';
	io_write_full(c->shared->config->log, line, strlen(line));
	free(line);
}

/* Whom the client wants to be, a line a header. */
static void
say_impersonation(const struct conn *c)
{
	static const char start[] = "Impersonate-";

	for (size_t i = 0; i < c->request.n_headers; i++) {
		const struct http_header *h = &c->request.headers[i];
		char *line;

		if (strncasecmp(h->name, start, strlen(start)) != 0)
			continue;
		line = xasprintf("header\t%s\t%s\n", h->name, h->value);
		io_write_full(c->shared->config->log, line, strlen(line));
		free(line);
	}
}

static void
say_closed(const struct conn *c)
{
	char *line = xasprintf("closed\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
			       "\t%" PRIu64 "\n",
			       c->requests, c->got, c->sent, c->turns);

	io_write_full(c->shared->config->log, line, strlen(line));
	free(line);
}

static void
put_text(struct queue *q, char *text)
{
	queue_put(q, text, strlen(text));
	free(text);
}

static void
put_answer(struct conn *c)
{
	const struct api_answer *a = &c->answer;

	put_text(&c->out, xasprintf("HTTP/1.1 %d %s\r\n", a->code,
				    http_reason(a->code)));
	if (a->bare) {
		put_text(&c->out, xstrdup("Connection: close\r\n\r\n"));
		c->end = CONN_ENDS;
		return;
	}
	put_text(&c->out,
		 xasprintf("Cache-Control: no-cache, private\r\n"
			   "Content-Type: %s\r\n%sContent-Length: %zu\r\n\r\n",
			   a->type, a->more ? a->more : "", strlen(a->body)));
	queue_put(&c->out, a->body, strlen(a->body));
	if (http_has_token(&c->request, "Connection", "close"))
		c->end = CONN_ENDS;
}

static void wake(void *arg);

/* The 101 of a WebSocket. */
static void
put_websocket(struct conn *c, bool wrong)
{
	char *accept =
	    net_accept(http_header(&c->request, "Sec-WebSocket-Key"));

	if (wrong)
		accept[0] = accept[0] == 'A' ? 'B' : 'A';
	put_text(&c->out,
		 xasprintf("HTTP/1.1 101 Switching Protocols\r\n"
			   "Upgrade: websocket\r\nConnection: Upgrade\r\n"
			   "Sec-WebSocket-Accept: %s\r\n"
			   "Sec-WebSocket-Protocol: %s\r\n\r\n",
			   accept, c->answer.exec.subprotocol));
	free(accept);
}

/* The 101 of SPDY. */
static void
put_spdy(struct conn *c, bool wrong)
{
	put_text(&c->out, xasprintf("HTTP/1.1 101 Switching Protocols\r\n"
				    "Connection: Upgrade\r\n"
				    "Upgrade: SPDY/3.1\r\n"
				    "X-Stream-Protocol-Version: %s\r\n\r\n",
				    wrong ? "v9.channel.k8s.io"
					  : c->answer.exec.subprotocol));
}

static void
begin_session(struct conn *c)
{
	const struct api_exec *e = &c->answer.exec;
	bool wrong = e->pod.fault.answer == FAULT_ANSWER_BAD_ACCEPT;

	if (e->transport == API_SPDY)
		put_spdy(c, wrong);
	else
		put_websocket(c, wrong);
	c->session = session_new(e, c->shared->loop, &c->out, wake, c);
}

static void
begin_watch(struct conn *c)
{
	struct api_answer *a = &c->answer;

	put_text(&c->out, xasprintf("HTTP/1.1 200 OK\r\n"
				    "Cache-Control: no-cache, private\r\n"
				    "Content-Type: %s\r\n"
				    "Transfer-Encoding: chunked\r\n\r\n",
				    a->type));
	c->watch = podwatch_new(&a->watch, a->watch_seconds, c->shared->loop,
				&c->out, wake, c);
}

static void
answer_request(struct conn *c)
{
	char name[256];
	const char *common_name =
	    link_common_name(c->link, name, sizeof(name)) ? name : NULL;
	char *user = auth_user(c->shared->config, &c->request, common_name);

	c->requests++;
	api_answer(&c->answer, c->shared->config, &c->request, user);
	if (c->shared->config->log >= 0) {
		if (c->request.content)
			say_content(c);
		say_impersonation(c);
		say_request(c, user);
	}
	free(user);
	c->body = c->request.body;
	if (c->answer.code == 101) {
		begin_session(c);
		return;
	}
	if (c->answer.watches) {
		begin_watch(c);
		return;
	}
	put_answer(c);
	api_answer_free(&c->answer);
	http_free(&c->request);
}

/* Reads one request; returns whether there was a whole one. */
static bool
read_request(struct conn *c)
{
	size_t n = c->body < c->in.len ? c->body : c->in.len;

	queue_drop(&c->in, n);
	c->body -= n;
	n = c->in.len ? http_head_size(queue_peek(&c->in), c->in.len) : 0;
	if (n == 0 && c->in.len <= HTTP_HEAD_MAX)
		return false;
	if (n == 0 || http_parse(&c->request, queue_peek(&c->in), n) < 0) {
		put_text(&c->out,
			 xstrdup("HTTP/1.1 400 Bad Request\r\nContent-Type: "
				 "text/plain; charset=utf-8\r\nConnection: "
				 "close\r\n\r\n400 Bad Request"));
		http_free(&c->request);
		c->end = CONN_ENDS;
		return false;
	}
	/* of a patch the body counts */
	if (strcmp(c->request.method, "PATCH") == 0) {
		size_t body = c->request.body;

		if (c->in.len - n < body) {
			http_free(&c->request);
			return false;
		}
		c->request.content =
		    xstrndup((const char *)queue_peek(&c->in) + n, body);
	}
	queue_drop(&c->in, n);
	answer_request(c);
	return true;
}

/* What a session in that state means for its connection. */
static enum conn_next
after(enum session_state state)
{
	switch (state) {
	case SESSION_RUNS:
	case SESSION_LINGERS:
		return CONN_STAYS;
	case SESSION_OVER:
		return CONN_ENDS;
	case SESSION_DROPPED:
		return CONN_DROPS;
	case SESSION_RESET:
		return CONN_RESETS;
	}
	return CONN_STAYS;
}

/* Goes on with what has come, as far as it goes. */
static void
read_on(struct conn *c)
{
	bool paused;

	c->busy = true;
	while (c->end == CONN_STAYS && !c->session && !c->watch &&
	       read_request(c))
		continue;
	if (c->watch && podwatch_over(c->watch))
		c->end = CONN_ENDS;
	if (c->session && c->end == CONN_STAYS) {
		size_t body = c->body < c->in.len ? c->body : c->in.len;

		queue_drop(&c->in, body);
		c->body -= body;
		queue_drop(&c->in, session_input(c->session, queue_peek(&c->in),
						 c->in.len));
		c->end = after(session_state(c->session));
	}
	if (c->end != CONN_STAYS)
		queue_drop(&c->in, c->in.len);
	c->busy = false;
	paused = (c->session || c->watch) && c->in.len > 0;
	if (paused != c->paused)
		link_pause(c->link, paused);
	c->paused = paused;
	if (c->out.len > 0 || c->end != CONN_STAYS)
		link_write_later(c->link);
}

static void
wake(void *arg)
{
	struct conn *c = arg;

	if (!c->busy && (c->in.len > 0 || c->watch))
		read_on(c);
	link_write_later(c->link);
}

void
conn_input(struct conn *c, const unsigned char *in, size_t n)
{
	c->got += n;
	if (c->spoke || c->turns == 0)
		c->turns++;
	c->spoke = false;
	if (c->end != CONN_STAYS)
		return;
	queue_put(&c->in, in, n);
	read_on(c);
}

struct queue *
conn_output(struct conn *c)
{
	if (c->session && c->end == CONN_STAYS) {
		session_fill(c->session);
		read_on(c);
	}
	return &c->out;
}

void
conn_sent(struct conn *c, size_t n)
{
	queue_drop(&c->out, n);
	c->sent += n;
	c->spoke = true;
}

enum conn_next
conn_next(const struct conn *c)
{
	return c->end;
}

void
conn_children(struct conn_shared *shared)
{
	struct conn *c;

	for (c = shared->first; c; c = c->next)
		if (c->session)
			session_child(c->session);
}

void
conn_free(struct conn *c)
{
	if (c->shared->config->log >= 0)
		say_closed(c);
	*c->link_here = c->next;
	if (c->next)
		c->next->link_here = c->link_here;
	if (c->session)
		session_free(c->session);
	if (c->watch)
		podwatch_free(c->watch);
	api_answer_free(&c->answer);
	http_free(&c->request);
	queue_free(&c->in);
	queue_free(&c->out);
	free(c);
}
