/*
 * The WebSocket transport: subprotocols v5 and v4.  The framing is pure
 * (frame), the bytes go over link.
 */
#include "ws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "lib/base64.h"
#include "lib/clock.h"
#include "lib/exchange.h"
#include "lib/mem.h"

#include "digest.h"
#include "frame.h"
#include "link.h"

enum { RANDOM_BYTES = 256, RESIZE_MAX = 64 };

struct ws {
	struct transport base;
	bool v4, closing; /* a close frame has gone out */
	struct frame_reader reader;
	/* pings: see ws_owed */
	uint64_t sent, proved;
	unsigned char random[RANDOM_BYTES];
	size_t random_left;
};

static struct ws *
self(struct transport *t)
{
	return (struct ws *)t;
}

static const struct ws *
self_const(const struct transport *t)
{
	return (const struct ws *)t;
}

/* A mask for a frame (RFC 6455, 5.3), from a pool of the kernel's. */
static const unsigned char *
new_mask(struct ws *w)
{
	if (w->random_left < 4) {
		while (getrandom(w->random, sizeof w->random, 0) !=
		       (ssize_t)sizeof w->random)
			;
		w->random_left = sizeof w->random;
	}
	w->random_left -= 4;
	return w->random + w->random_left;
}

/* Puts a small frame behind what is on its way; false when there is no room. */
static bool
queue(struct ws *w, enum frame_op op, const void *body, size_t n)
{
	unsigned char head[FRAME_HEAD_MAX], *p;
	const unsigned char *mask = new_mask(w);
	size_t size = frame_head(head, op, n, mask);

	p = link_small(&w->base.link, size + n);
	if (!p)
		return false;
	memcpy(p, head, size);
	memcpy(p + size, body, n);
	frame_mask(p + size, n, mask);
	return true;
}

static void
ws_stdin_put(struct transport *t, size_t n)
{
	struct ws *w = self(t);
	unsigned char head[FRAME_HEAD_MAX];
	unsigned char *body = link_body(&w->base.link) - 1;
	const unsigned char *mask = new_mask(w);
	size_t size = frame_head(head, FRAME_BINARY, n + 1, mask);

	body[0] = CHANNEL_STDIN;
	frame_mask(body, n + 1, mask);
	memcpy(body - size, head, size);
	w->sent += n;
	link_put(&w->base.link, size + 1, n);
}

static void
ws_stdin_end(struct transport *t)
{
	static const unsigned char close_stdin[] = {CHANNEL_CLOSE,
						    CHANNEL_STDIN};
	struct ws *w = self(t);

	/* v4 has no word for it */
	if (w->v4)
		return;
	/* it fits: pongs leave room for it */
	queue(w, FRAME_BINARY, close_stdin, sizeof close_stdin);
	link_send(&t->link);
}

/* It counts as stdin does: a server that does not take it reads no pings. */
static void
ws_resize(struct transport *t, const char *text, size_t n)
{
	struct ws *w = self(t);
	unsigned char body[1 + RESIZE_MAX];

	body[0] = CHANNEL_RESIZE;
	memcpy(body + 1, text, n);
	w->sent += n;
	queue(w, FRAME_BINARY, body, n + 1);
	link_send(&t->link);
}

/*
 * Only the answer to one of our pings proves anything: what had been sent when
 * that ping went out, which is its body.
 */
static void
take_pong(struct ws *w, const struct frame_out *o)
{
	uint64_t mark;

	if (o->len != sizeof mark)
		return;
	memcpy(&mark, o->data, sizeof mark);
	if (mark < w->proved || mark > w->sent)
		return;
	w->proved = mark;
	w->base.ping_at = -1;
}

/* Takes a control frame.  Returns false when the connection ended with it. */
static bool
control(struct ws *w, struct session *s, const struct frame_out *o)
{
	char how[64];

	switch (o->op) {
	case FRAME_PING:
		/* an answer that finds no room is left out: the next ping's
		 * will do (RFC 6455, 5.5.3) */
		if (link_spare(&w->base.link)) {
			queue(w, FRAME_PONG, o->data, o->len);
			link_send(&w->base.link);
		}
		return true;
	case FRAME_PONG:
		take_pong(w, o);
		return true;
	case FRAME_CLOSE:
		if (o->len >= 2)
			snprintf(how, sizeof how, "closed by the server (%d)",
				 o->data[0] << 8 | o->data[1]);
		else
			snprintf(how, sizeof how, "closed by the server");
		session_end(s, how);
		queue(w, FRAME_CLOSE, o->data, o->len < 2 ? o->len : 2);
		w->closing = true;
		link_send(&w->base.link);
		return false;
	case FRAME_CONTINUATION:
	case FRAME_TEXT:
	case FRAME_BINARY:
		break;
	}
	return true;
}

static enum transport_received
ws_take(struct transport *t, struct session *s, struct sink *out,
	struct sink *err)
{
	struct ws *w = self(t);
	struct link *l = &t->link;

	while (l->rx_start < l->rx_end) {
		size_t room = sink_room(out), n = l->rx_end - l->rx_start;
		const unsigned char *data;
		struct frame_out o;
		size_t used, len;

		if (sink_room(err) < room)
			room = sink_room(err);
		if (room == 0)
			return RECEIVED_FULL;
		/* no piece is then larger than what both sinks take */
		switch (frame_next(&w->reader, l->rx + l->rx_start,
				   n < room ? n : room, &used, &o)) {
		case FRAME_MORE:
			l->rx_start += used;
			break;
		case FRAME_PIECE:
			l->rx_start += used;
			switch (session_message(s, o.first, o.data, o.len,
						&data, &len)) {
			case CHANNEL_STDOUT:
				sink_put(out, data, len);
				break;
			case CHANNEL_STDERR:
				sink_put(err, data, len);
				break;
			}
			break;
		case FRAME_CONTROL:
			l->rx_start += used;
			if (!control(w, s, &o))
				return RECEIVED_END;
			break;
		case FRAME_FAULT:
			session_end(s, o.fault);
			return RECEIVED_END;
		}
	}
	return RECEIVED_ALL;
}

static void
ws_ping(struct transport *t, int64_t now)
{
	struct ws *w = self(t);

	if (link_sending(&t->link) ||
	    !queue(w, FRAME_PING, &w->sent, sizeof w->sent))
		return;
	if (w->base.ping_at < 0)
		w->base.ping_at = now;
	link_send(&t->link);
}

/*
 * A server does not read, and so answers no ping, while the command leaves its
 * stdin unread.  Only when a pong has shown that it took all that we have sent
 * does silence after the next ping mean anything.
 */
static int64_t
ws_owed(const struct transport *t)
{
	const struct ws *w = self_const(t);

	return w->sent == w->proved ? w->base.ping_at : -1;
}

static void
ws_close(struct transport *t)
{
	static const unsigned char normal[] = {1000 >> 8, 1000 & 0xff};
	struct ws *w = self(t);

	if (!w->closing && queue(w, FRAME_CLOSE, normal, sizeof normal))
		link_send(&t->link);
	conn_close(w->base.link.conn);
	free(w);
}

static const struct transport_ops ops = {
    .stdin_put = ws_stdin_put,
    .stdin_end = ws_stdin_end,
    .resize = ws_resize,
    .take = ws_take,
    .ping = ws_ping,
    .owed = ws_owed,
    .stuck = "no stdin is taken: the command may have ended without reading it,"
	     " which a server before 1.36 reports only over SPDY",
    .close = ws_close,
};

/* What the server must answer to key (RFC 6455, 4.2.2). */
static void
expected_accept(char out[BASE64_ROOM(DIGEST_SHA1_BYTES)], const char *key)
{
	unsigned char sum[DIGEST_SHA1_BYTES] = {0};
	char *text = xasprintf("%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);

	/* a library without SHA-1 gives zeros, which no server answers */
	(void)digest_sha1(sum, text, strlen(text));
	base64_encode(out, sum, sizeof sum);
	free(text);
}

/* Why the answer is no WebSocket of ours, or NULL. */
static const char *
judge(const struct http_reply *r, const char *key, const char *offer)
{
	char want[BASE64_ROOM(DIGEST_SHA1_BYTES)];

	expected_accept(want, key);
	if (!r->upgrade || !http_has_token(r->upgrade, "websocket") ||
	    !r->connection_upgrade)
		return "the server switched to another protocol";
	if (!r->accept || strcmp(r->accept, want) != 0)
		return "the server's handshake is wrong";
	if (!r->protocol || !*r->protocol)
		return "the server chose no subprotocol";
	if (!http_has_token(offer, r->protocol))
		return "the server chose a subprotocol that was not offered";
	return NULL;
}

/* Why there is no WebSocket, when the answer was no 101. */
static char *
refusal(struct exchange *h, struct conn *c, int64_t deadline, bool *final)
{
	char *text = exchange_status(h, c, deadline);

	*final = text != NULL;
	if (text)
		return text;
	/* golang.org/x/net/websocket says nothing more */
	if (h->reply.code == 403 && h->body_len == 0)
		return xstrdup("the server knows none of the subprotocols "
			       "that were offered (403)");
	return xasprintf("answer %d %s", h->reply.code, h->reply.reason);
}

struct transport *
ws_open(struct conn **conn, const struct transport_request *r,
	const char *offer, const char **protocol, struct transport_refusal *no)
{
	unsigned char nonce[16];
	char key[BASE64_ROOM(sizeof nonce)], *request;
	struct exchange h;
	struct ws *w = NULL;
	const char *fault;
	struct conn *c = *conn;
	int rc;

	*conn = NULL;
	*no = (struct transport_refusal){.final = true};
	while (getrandom(nonce, sizeof nonce, 0) != (ssize_t)sizeof nonce)
		;
	base64_encode(key, nonce, sizeof nonce);
	request = xasprintf("GET %s HTTP/1.1\r\n"
			    "Host: %s\r\n"
			    "User-Agent: kexec/" VERSION "\r\n"
			    "%s"
			    "Connection: Upgrade\r\n"
			    "Upgrade: websocket\r\n"
			    "Sec-WebSocket-Version: 13\r\n"
			    "Sec-WebSocket-Key: %s\r\n"
			    "Sec-WebSocket-Protocol: %s\r\n"
			    "\r\n",
			    r->path, r->hostname, r->identity, key, offer);
	rc = exchange_run(&h, c, request, r->deadline, &no->text);
	wipe_str(request);
	if (rc != 0) {
		no->mute = h.len == 0;
		conn_close(c);
		return NULL;
	}
	no->code = h.reply.code;
	if (h.reply.code != 101) {
		no->text = refusal(&h, c, r->deadline, &no->final);
		goto fail;
	}
	fault = judge(&h.reply, key, offer);
	if (fault) {
		no->text = xstrdup(fault);
		no->final = false;
		goto fail;
	}
	w = xmalloc(sizeof *w);
	memset(w, 0, sizeof *w);
	w->base.ops = &ops;
	w->v4 = strcmp(h.reply.protocol, WS_V4) == 0;
	*protocol = w->v4 ? WS_V4 : WS_V5;
	w->base.ping_at = -1;
	link_init(&w->base.link, c, &h);
	exchange_free(&h);
	return &w->base;
fail:
	if (h.reusable && no->final)
		*conn = c;
	else
		conn_close(c);
	exchange_free(&h);
	return NULL;
}
