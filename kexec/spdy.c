/*
 * The SPDY/3.1 transport: a stream each for status, stdin, stdout, and stderr
 * or a terminal's size.  The framing is pure (spdyframe); link has the bytes.
 *
 * All streams are opened at once, and stdin follows without waiting for the
 * replies: the server keeps the order, and each reply that is waited for costs
 * a delayed acknowledgement.  There is no flow control beside that of TCP
 * (what Kubernetes speaks has none), and nothing here waits for one stream
 * while another could go on.
 */
#include "spdy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/exchange.h"
#include "lib/mem.h"

#include "link.h"
#include "spdyanswer.h"
#include "spdyframe.h"

/* WORKERS: what a server's library deals its frames to; see spdy_owed. */
enum { WORKERS = 5, STREAMS_MAX = 4 };

struct spdy {
	struct transport base;
	struct spdy_reader reader;
	int channels[STREAMS_MAX]; /* of the streams 1, 3, 5 and 7 */
	size_t n_streams;
	uint32_t stdin_stream, resize_stream; /* 0: none */
	/* pings: see spdy_owed */
	uint32_t ping_id; /* the next */
	unsigned awaited; /* answers of the last round, a bit each */
	bool whole;       /* no stdin was sent since that round */
	bool proved;
};

static struct spdy *
self(struct transport *t)
{
	return (struct spdy *)t;
}

static const struct spdy *
self_const(const struct transport *t)
{
	return (const struct spdy *)t;
}

static void
spdy_stdin_put(struct transport *t, size_t n)
{
	struct spdy *p = self(t);

	spdy_data_head(link_body(&p->base.link) - SPDY_HEAD, p->stdin_stream, n,
		       false);
	p->proved = p->whole = false;
	link_put(&p->base.link, SPDY_HEAD, n);
}

static void
spdy_stdin_end(struct transport *t)
{
	struct spdy *p = self(t);
	/* it fits: answers to pings leave room for it */
	unsigned char *head = link_small(&p->base.link, SPDY_HEAD);

	if (head)
		spdy_data_head(head, p->stdin_stream, 0, true);
	link_send(&p->base.link);
}

/* It counts as stdin does: a worker that cannot hand it on answers no ping. */
static void
spdy_resize(struct transport *t, const char *text, size_t n)
{
	struct spdy *p = self(t);
	unsigned char *frame = link_small(&p->base.link, SPDY_HEAD + n);

	if (!frame)
		return;
	spdy_data_head(frame, p->resize_stream, n, false);
	memcpy(frame + SPDY_HEAD, text, n);
	p->proved = p->whole = false;
	link_send(&p->base.link);
}

/* The channel of a stream, -1 for one that we did not open. */
static int
channel_of(const struct spdy *p, uint32_t stream)
{
	uint32_t i = (stream - 1) / 2;

	return stream % 2 == 1 && i < p->n_streams ? p->channels[i] : -1;
}

static void
put_ping(struct spdy *p, uint32_t id)
{
	unsigned char *frame = link_small(&p->base.link, SPDY_PING_BYTES);

	if (frame)
		spdy_ping(frame, id);
}

/* Ours come back with the ids that we gave, which are odd; others are even. */
static void
take_ping(struct spdy *p, uint32_t id)
{
	uint32_t back = (p->ping_id - id) / 2;

	if (id % 2 == 0) {
		/* an answer that finds no room is left out: the next ping's
		 * will do */
		if (link_spare(&p->base.link)) {
			put_ping(p, id);
			link_send(&p->base.link);
		}
		return;
	}
	if (back < 1 || back > WORKERS)
		return;
	p->awaited &= ~(1U << (back - 1));
	if (p->awaited != 0)
		return;
	p->base.ping_at = -1;
	p->proved = p->whole;
}

/*
 * The server says goodbye.  Streams that it has taken may still go on; the end
 * of the connection ends them.
 */
static void
take_goaway(struct session *s, const struct spdy_out *o)
{
	char how[64];

	if (o->code == 0 && o->stream > 0 && s->state == SESSION_RUNNING)
		return;
	snprintf(how, sizeof how, "closed by the server (SPDY %u)",
		 (unsigned)o->code);
	session_end(s, how);
}

static void
control(struct spdy *p, struct session *s, const struct spdy_out *o)
{
	int channel = channel_of(p, o->stream);

	switch (o->type) {
	case SPDY_SYN_REPLY:
	case SPDY_HEADERS:
		if (o->fin)
			session_channel_end(s, channel, false);
		break;
	case SPDY_RST_STREAM:
		session_channel_end(s, channel, true);
		break;
	case SPDY_PING:
		take_ping(p, o->code);
		break;
	case SPDY_GOAWAY:
		take_goaway(s, o);
		break;
	/* what a server opens is none of ours, and what it says there is
	 * dropped; the others are no events */
	case SPDY_SYN_STREAM:
	case SPDY_DATA:
	case SPDY_SETTINGS:
	case SPDY_WINDOW_UPDATE:
		break;
	}
}

static void
piece(struct spdy *p, struct session *s, const struct spdy_out *o,
      struct sink *out, struct sink *err)
{
	int channel = channel_of(p, o->stream);
	const unsigned char *data;
	size_t len;

	switch (session_data(s, channel, o->data, o->len, &data, &len)) {
	case CHANNEL_STDOUT:
		sink_put(out, data, len);
		break;
	case CHANNEL_STDERR:
		sink_put(err, data, len);
		break;
	}
	if (o->fin)
		session_channel_end(s, channel, false);
}

static enum transport_received
spdy_take(struct transport *t, struct session *s, struct sink *out,
	  struct sink *err)
{
	struct spdy *p = self(t);
	struct link *l = &t->link;

	while (l->rx_start < l->rx_end) {
		size_t room = sink_room(out), n = l->rx_end - l->rx_start, used;
		struct spdy_out o;

		if (sink_room(err) < room)
			room = sink_room(err);
		if (room == 0)
			return RECEIVED_FULL;
		/* no piece is then larger than what both sinks take */
		switch (spdy_next(&p->reader, l->rx + l->rx_start,
				  n < room ? n : room, &used, &o)) {
		case SPDY_MORE:
			break;
		case SPDY_PIECE:
			piece(p, s, &o, out, err);
			break;
		case SPDY_CONTROL:
			control(p, s, &o);
			break;
		case SPDY_FAULT:
			session_end(s, o.fault);
			break;
		}
		l->rx_start += used;
		if (s->state == SESSION_ENDED)
			return RECEIVED_END;
	}
	return RECEIVED_ALL;
}

static void
spdy_ping_round(struct transport *t, int64_t now)
{
	struct spdy *p = self(t);

	if (link_sending(&p->base.link) || p->base.link.tx_dead)
		return;
	for (int i = 0; i < WORKERS; i++) {
		put_ping(p, p->ping_id);
		p->ping_id += 2;
	}
	p->awaited = (1U << WORKERS) - 1;
	p->whole = true;
	if (p->base.ping_at < 0)
		p->base.ping_at = now;
	link_send(&p->base.link);
}

/*
 * The server's library deals data to five workers by stream and pings to the
 * same five in turn, so stdin that the command leaves unread holds up one ping
 * in five, and in the end, when that worker's queue is full, all of them.  A
 * ping of ours is therefore a round of five.  Only when a whole round has been
 * answered that was sent behind all of our stdin has none of the workers
 * anything left to wait for, and only then does silence after the next round
 * mean anything.
 */
static int64_t
spdy_owed(const struct transport *t)
{
	const struct spdy *p = self_const(t);

	return p->proved ? p->base.ping_at : -1;
}

static void
spdy_close(struct transport *t)
{
	struct spdy *p = self(t);

	conn_close(p->base.link.conn);
	spdy_reader_free(&p->reader);
	free(p);
}

static const struct transport_ops ops = {
    .stdin_put = spdy_stdin_put,
    .stdin_end = spdy_stdin_end,
    .resize = spdy_resize,
    .take = spdy_take,
    .ping = spdy_ping_round,
    .owed = spdy_owed,
    .close = spdy_close,
};

/*
 * Opens the streams: exactly those that the path asks for, or the server would
 * wait for the rest.
 */
static void
open_streams(struct spdy *p, bool forward_stdin, bool tty)
{
	const char *types[STREAMS_MAX];
	unsigned char frames[STREAMS_MAX * SPDY_OPEN_MAX], *place;
	size_t n = 0, len;

	types[n] = "error";
	p->channels[n++] = CHANNEL_STATUS;
	if (forward_stdin) {
		p->stdin_stream = (uint32_t)(2 * n + 1);
		types[n] = "stdin";
		p->channels[n++] = CHANNEL_STDIN;
	}
	types[n] = "stdout";
	p->channels[n++] = CHANNEL_STDOUT;
	if (tty)
		p->resize_stream = (uint32_t)(2 * n + 1);
	types[n] = tty ? "resize" : "stderr";
	p->channels[n++] = tty ? CHANNEL_RESIZE : CHANNEL_STDERR;
	p->n_streams = n;
	len = spdy_open_streams(frames, types, n);
	place = link_body(&p->base.link);
	memcpy(place, frames, len);
	link_put(&p->base.link, 0, len);
}

struct transport *
spdy_open(struct conn **conn, const struct transport_request *r,
	  bool forward_stdin, struct transport_refusal *no)
{
	char *request = xasprintf("POST %s HTTP/1.1\r\n"
				  "Host: %s\r\n"
				  "User-Agent: kexec/" VERSION "\r\n"
				  "Content-Length: 0\r\n"
				  "%s"
				  "Connection: Upgrade\r\n"
				  "Upgrade: SPDY/3.1\r\n"
				  "X-Stream-Protocol-Version: " SPDY_V4 "\r\n"
				  "\r\n",
				  r->path, r->hostname, r->identity);
	struct exchange h;
	struct spdy *p = NULL;
	const char *fault;
	struct conn *c = *conn;
	int rc;

	*conn = NULL;
	*no = (struct transport_refusal){.final = true};
	rc = exchange_run(&h, c, request, r->deadline, &no->text);
	wipe_str(request);
	if (rc != 0) {
		no->mute = h.len == 0;
		conn_close(c);
		return NULL;
	}
	no->code = h.reply.code;
	if (h.reply.code != 101) {
		no->text = spdy_answer_refusal(&h, c, r->deadline, &no->final);
		goto fail;
	}
	fault = spdy_answer_fault(&h.reply);
	if (fault) {
		no->text = xstrdup(fault);
		no->final = false;
		goto fail;
	}
	p = xmalloc(sizeof *p);
	memset(p, 0, sizeof *p);
	p->base.ops = &ops;
	p->ping_id = 1;
	p->base.ping_at = -1;
	p->proved = true;
	link_init(&p->base.link, c, &h);
	exchange_free(&h);
	spdy_reader_init(&p->reader);
	open_streams(p, forward_stdin, r->tty);
	return &p->base;
fail:
	if (h.reusable && no->final)
		*conn = c;
	else
		conn_close(c);
	exchange_free(&h);
	return NULL;
}
