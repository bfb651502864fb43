/*
 * The WebSocket transport: subprotocols v5 and v4.  The framing is pure
 * (frame), the bytes go over conn; what is here is buffers and order.
 *
 * Only one thing is on its way out at a time: a frame of stdin, read straight
 * into its place behind room for the frame's head, and small frames behind it.
 */
#include "ws.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "lib/base64.h"
#include "lib/mem.h"

#include "clock.h"
#include "digest.h"
#include "frame.h"
#include "handshake.h"

enum {
	STDIN_BYTES = 65536, /* of stdin in a frame */
	STDIN_AT = FRAME_HEAD_MAX + 1,
	SMALL_ROOM = 512, /* behind it, for frames of control */
	TX_BYTES = STDIN_AT + STDIN_BYTES + SMALL_ROOM,
	RX_BYTES = 65536,
	RANDOM_BYTES = 256
};

struct ws {
	struct transport base;
	struct conn *conn;
	bool v4;
	struct frame_reader reader;
	unsigned char rx[RX_BYTES];
	size_t rx_start, rx_end;
	unsigned char tx[TX_BYTES];
	size_t tx_start, tx_end;
	bool tx_dead; /* the peer takes nothing more; it may still be heard */
	int64_t heard;
	/* pings: see ws_owed */
	int64_t ping_at;
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

static void
ws_send(struct transport *t)
{
	struct ws *w = self(t);

	while (w->tx_start < w->tx_end && !w->tx_dead) {
		ssize_t n = conn_write(w->conn, w->tx + w->tx_start,
				       w->tx_end - w->tx_start);

		if (n == CONN_AGAIN)
			return;
		/* what the peer still says may hold the verdict */
		if (n <= 0)
			w->tx_dead = true;
		else
			w->tx_start += (size_t)n;
	}
	w->tx_start = w->tx_end = 0;
}

static bool
ws_sending(const struct transport *t)
{
	const struct ws *w = self_const(t);

	return w->tx_end > w->tx_start;
}

/* Puts a small frame behind what is on its way; false when there is no room. */
static bool
queue(struct ws *w, enum frame_op op, const void *body, size_t n)
{
	const unsigned char *mask;

	if (w->tx_dead || TX_BYTES - w->tx_end < FRAME_HEAD_MAX + n)
		return false;
	mask = new_mask(w);
	w->tx_end += frame_head(w->tx + w->tx_end, op, n, mask);
	memcpy(w->tx + w->tx_end, body, n);
	frame_mask(w->tx + w->tx_end, n, mask);
	w->tx_end += n;
	return true;
}

static unsigned char *
ws_stdin_room(struct transport *t, size_t *cap)
{
	struct ws *w = self(t);

	if (ws_sending(t) || w->tx_dead)
		return NULL;
	*cap = STDIN_BYTES;
	return w->tx + STDIN_AT;
}

static void
ws_stdin_put(struct transport *t, size_t n)
{
	struct ws *w = self(t);
	unsigned char head[FRAME_HEAD_MAX], *body = w->tx + STDIN_AT - 1;
	const unsigned char *mask = new_mask(w);
	size_t size = frame_head(head, FRAME_BINARY, n + 1, mask);

	body[0] = CHANNEL_STDIN;
	frame_mask(body, n + 1, mask);
	memcpy(body - size, head, size);
	w->tx_start = (size_t)(body - w->tx) - size;
	w->tx_end = STDIN_AT + n;
	w->sent += n;
	ws_send(t);
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
	ws_send(t);
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
	w->ping_at = -1;
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
		if (TX_BYTES - w->tx_end >= SMALL_ROOM / 2) {
			queue(w, FRAME_PONG, o->data, o->len);
			ws_send(&w->base);
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
		ws_send(&w->base);
		return false;
	case FRAME_CONTINUATION:
	case FRAME_TEXT:
	case FRAME_BINARY:
		break;
	}
	return true;
}

static enum transport_received
take(struct ws *w, struct session *s, struct sink *out, struct sink *err)
{
	while (w->rx_start < w->rx_end) {
		size_t room = sink_room(out), n = w->rx_end - w->rx_start;
		const unsigned char *data;
		struct frame_out o;
		size_t used, len;

		if (sink_room(err) < room)
			room = sink_room(err);
		if (room == 0)
			return RECEIVED_FULL;
		/* no piece is then larger than what both sinks take */
		switch (frame_next(&w->reader, w->rx + w->rx_start,
				   n < room ? n : room, &used, &o)) {
		case FRAME_MORE:
			w->rx_start += used;
			break;
		case FRAME_PIECE:
			w->rx_start += used;
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
			w->rx_start += used;
			if (!control(w, s, &o))
				return RECEIVED_END;
			break;
		case FRAME_FAULT:
			session_end(s, o.fault);
			return RECEIVED_END;
		}
	}
	w->rx_start = w->rx_end = 0;
	return RECEIVED_ALL;
}

static enum transport_received
ws_receive(struct transport *t, struct session *s, struct sink *out,
	   struct sink *err)
{
	struct ws *w = self(t);
	ssize_t n;

	for (;;) {
		enum transport_received r = take(w, s, out, err);

		if (r != RECEIVED_ALL)
			return r;
		n = conn_read(w->conn, w->rx, sizeof w->rx);
		if (n == CONN_AGAIN)
			return RECEIVED_ALL;
		if (n <= 0) {
			session_end(s, conn_fault(w->conn));
			return RECEIVED_END;
		}
		w->rx_end = (size_t)n;
		w->heard = clock_ms();
		if (w->ping_at >= 0)
			w->ping_at = w->heard;
	}
}

static int
ws_fd(const struct transport *t)
{
	return conn_fd(self_const(t)->conn);
}

static short
ws_events(const struct transport *t, bool receiving)
{
	const struct ws *w = self_const(t);
	short events = 0;

	if (receiving)
		events |= conn_read_events(w->conn);
	if (ws_sending(t))
		events |= conn_write_events(w->conn);
	return events;
}

static void
ws_ping(struct transport *t, int64_t now)
{
	struct ws *w = self(t);

	if (ws_sending(t) || !queue(w, FRAME_PING, &w->sent, sizeof w->sent))
		return;
	if (w->ping_at < 0)
		w->ping_at = now;
	ws_send(t);
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

	return w->sent == w->proved ? w->ping_at : -1;
}

static bool
ws_lost(const struct transport *t)
{
	return conn_lost(self_const(t)->conn);
}

static int64_t
ws_heard(const struct transport *t)
{
	return self_const(t)->heard;
}

static void
ws_close(struct transport *t)
{
	struct ws *w = self(t);

	conn_close(w->conn);
	free(w);
}

static const struct transport_ops ops = {
    .stdin_room = ws_stdin_room,
    .stdin_put = ws_stdin_put,
    .stdin_end = ws_stdin_end,
    .receive = ws_receive,
    .send = ws_send,
    .sending = ws_sending,
    .fd = ws_fd,
    .events = ws_events,
    .ping = ws_ping,
    .owed = ws_owed,
    .lost = ws_lost,
    .heard = ws_heard,
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
judge(const struct upgrade_reply *r, const char *key, const char *offer)
{
	char want[BASE64_ROOM(DIGEST_SHA1_BYTES)];

	expected_accept(want, key);
	if (!r->upgrade || !upgrade_has_token(r->upgrade, "websocket") ||
	    !r->connection_upgrade)
		return "the server switched to another protocol";
	if (!r->accept || strcmp(r->accept, want) != 0)
		return "the server's handshake is wrong";
	if (!r->protocol || !*r->protocol)
		return "the server chose no subprotocol";
	if (!upgrade_has_token(offer, r->protocol))
		return "the server chose a subprotocol that was not offered";
	return NULL;
}

struct transport *
ws_open(struct conn *c, const struct ws_request *r, bool *v4, char **why)
{
	unsigned char nonce[16];
	char key[BASE64_ROOM(sizeof nonce)], *request;
	struct handshake h;
	struct ws *w = NULL;
	const char *fault;
	int rc;

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
			    r->path, r->hostname, r->identity, key, r->offer);
	rc = handshake_run(&h, c, request, r->deadline, why);
	wipe_str(request);
	if (rc != 0) {
		conn_close(c);
		return NULL;
	}
	if (h.reply.code != 101) {
		*why = handshake_refusal(&h, c, r->deadline);
		goto fail;
	}
	fault = judge(&h.reply, key, r->offer);
	if (fault) {
		*why = xstrdup(fault);
		goto fail;
	}
	w = xmalloc(sizeof *w);
	memset(w, 0, sizeof *w);
	w->base.ops = &ops;
	w->conn = c;
	w->v4 = *v4 = strcmp(h.reply.protocol, WS_V4) == 0;
	w->ping_at = -1;
	w->heard = clock_ms();
	/* the first frames may have come with the head; both are bounded by
	 * the same size */
	w->rx_end = h.len - h.head_len;
	memcpy(w->rx, h.buf + h.head_len, w->rx_end);
	handshake_free(&h);
	return &w->base;
fail:
	handshake_free(&h);
	conn_close(c);
	return NULL;
}
