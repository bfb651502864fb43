/*
 * The streams of a SPDY session and how they are told wrongly.  Like a real
 * server it knows no flow control: windows and settings are read and mean
 * nothing.  Pure.
 */
#include "spdy.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

#include "spdyframe.h"
#include "spdyheaders.h"

enum {
	STREAMS_MAX = 16,
	CONTROL_MAX = 1 << 20,
	BOMB = 64 << 20,
	NOWHERE = 99,         /* a stream that nobody has opened */
	UNKNOWN_CONTROL = 42, /* a type that the protocol does not have */
	PRIORITY = 10         /* bytes of a SYN_STREAM before its headers */
};

struct stream {
	uint32_t id;
	int channel; /* -1: of a type that means nothing */
	bool ended;  /* no more of it from here */
	bool heard;  /* no more of it from the client */
};

struct spdy {
	struct wire wire;
	struct headers_in *headers_in;
	struct headers_out *headers_out;
	struct stream streams[STREAMS_MAX];
	size_t n_streams, promised, opened;
	uint32_t last_id, next_ping;

	unsigned char head_bytes[SPDY_HEAD];
	size_t head_have;
	struct spdy_head head; /* valid when all of it is there */
	uint32_t left;         /* of the frame's body */
	struct queue body;     /* of a control frame */
};

static struct spdy *
spdy_of(struct wire *w)
{
	return (struct spdy *)w;
}

static struct stream *
find_id(struct spdy *s, uint32_t id)
{
	size_t i;

	for (i = 0; i < s->n_streams; i++)
		if (s->streams[i].id == id)
			return &s->streams[i];
	return NULL;
}

static struct stream *
find_channel(struct spdy *s, enum channel c)
{
	size_t i;

	for (i = 0; i < s->n_streams; i++)
		if (s->streams[i].channel == (int)c)
			return &s->streams[i];
	return NULL;
}

static void
put_data(struct spdy *s, uint32_t id, unsigned flags, const void *data,
	 size_t n)
{
	spdy_put_data_head(s->wire.out, id, flags, n);
	queue_put(s->wire.out, data, n);
}

/* A control frame of one or two numbers. */
static void
put_control(struct spdy *s, unsigned type, size_t n, uint32_t first,
	    uint32_t second)
{
	spdy_put_control_head(s->wire.out, type, 0, n * 4);
	spdy_put32(s->wire.out, first);
	if (n == 2)
		spdy_put32(s->wire.out, second);
}

static void
put_ping(struct spdy *s)
{
	/* A server's are even. */
	s->next_ping += 2;
	put_control(s, SPDY_PING, 1, s->next_ping, 0);
}

static void
reply(struct spdy *s, uint32_t id)
{
	const struct fault *f = s->wire.fault;
	struct queue block = {0};

	if (f->mute || f->no_reply)
		return;
	if (f->bomb)
		headers_write_zeroes(s->headers_out, &block, BOMB);
	else
		headers_write_none(s->headers_out, &block);
	spdy_put_control_head(s->wire.out, SPDY_SYN_REPLY, 0, 4 + block.len);
	spdy_put32(s->wire.out, id);
	queue_put(s->wire.out, queue_peek(&block), block.len);
	queue_free(&block);
}

/* The channel that a stream's header names, -1 for none. */
static int
channel_of(const char *type)
{
	static const char *const types[CHANNELS] = {
	    [CHANNEL_STDIN] = "stdin",   [CHANNEL_STDOUT] = "stdout",
	    [CHANNEL_STDERR] = "stderr", [CHANNEL_STATUS] = "error",
	    [CHANNEL_RESIZE] = "resize",
	};
	int i;

	for (i = 0; i < CHANNELS; i++)
		if (strcmp(types[i], type) == 0)
			return i;
	return -1;
}

/* The client will not say more on stream. */
static void
heard_all(struct stream *stream, struct part *part)
{
	if (!stream->heard && stream->channel == CHANNEL_STDIN) {
		if (part->kind == PART_NOTHING)
			part->kind = PART_STDIN;
		part->ends = true;
	}
	stream->heard = true;
}

static void
take_syn_stream(struct spdy *s, const unsigned char *body, size_t n,
		struct part *part)
{
	struct stream *stream;
	char type[16];
	uint32_t id;

	if (n < PRIORITY ||
	    headers_read(s->headers_in, body + PRIORITY, n - PRIORITY,
			 "streamtype", type, sizeof(type)) < 0) {
		part->kind = PART_BROKEN;
		return;
	}
	id = spdy_read32(body) & SPDY_ID_MAX;
	if (id % 2 == 0 || id <= s->last_id) {
		part->kind = PART_BROKEN;
		return;
	}
	s->last_id = id;
	if (s->n_streams == STREAMS_MAX) {
		put_control(s, SPDY_RST_STREAM, 2, id, SPDY_REFUSED_STREAM);
		return;
	}
	stream = &s->streams[s->n_streams++];
	memset(stream, 0, sizeof(*stream));
	stream->id = id;
	stream->channel = channel_of(type);
	reply(s, id);
	if (stream->channel >= 0 && ++s->opened == s->promised)
		part->kind = PART_READY;
	if (s->head.flags & SPDY_FIN)
		heard_all(stream, part);
}

static void
take_control(struct spdy *s, struct part *part)
{
	const unsigned char *body = queue_peek(&s->body);
	size_t n = s->body.len;
	struct stream *stream;
	char none[1];

	switch (s->head.type) {
	case SPDY_SYN_STREAM:
		take_syn_stream(s, body, n, part);
		break;
	case SPDY_RST_STREAM:
		stream = n == 8 ? find_id(s, spdy_read32(body)) : NULL;
		if (stream) {
			stream->ended = true;
			heard_all(stream, part);
		}
		break;
	case SPDY_PING:
		/* Even ones are answers. */
		if (n == 4 && body[3] % 2 == 1) {
			part->kind = PART_PING;
			part->n = n;
			memcpy(part->data, body, n);
		}
		break;
	case SPDY_SYN_REPLY:
	case SPDY_HEADERS:
		if (n < 4 || headers_read(s->headers_in, body + 4, n - 4, "",
					  none, sizeof(none)) < 0)
			part->kind = PART_BROKEN;
		break;
	default:
		break;
	}
}

/* A part of the body of a data frame. */
static void
take_data(struct spdy *s, const unsigned char *in, size_t n, struct part *part)
{
	struct stream *stream = find_id(s, s->head.stream);

	if (!stream || stream->heard)
		return;
	if (stream->channel == CHANNEL_STDIN)
		part->kind = PART_STDIN;
	else if (stream->channel == CHANNEL_RESIZE)
		part->kind = PART_RESIZE;
	part->n = n;
	if (n > 0)
		memcpy(part->data, in, n);
	if (s->left == 0 && s->head.flags & SPDY_FIN)
		heard_all(stream, part);
}

static size_t
spdy_take(struct wire *w, const unsigned char *in, size_t n, struct part *part)
{
	struct spdy *s = spdy_of(w);
	size_t used = 0, take;

	part->kind = PART_NOTHING;
	part->n = 0;
	part->ends = false;
	while (used < n && s->head_have < SPDY_HEAD) {
		s->head_bytes[s->head_have++] = in[used++];
		if (s->head_have < SPDY_HEAD)
			continue;
		spdy_read_head(&s->head, s->head_bytes);
		s->left = s->head.length;
		if (s->head.control && (s->head.version != SPDY_VERSION ||
					s->left > CONTROL_MAX)) {
			part->kind = PART_BROKEN;
			return used;
		}
	}
	if (s->head_have < SPDY_HEAD)
		return used;
	take = n - used < PART_CHUNK ? n - used : PART_CHUNK;
	take = s->left < take ? s->left : take;
	s->left -= (uint32_t)take;
	if (!s->head.control)
		take_data(s, in + used, take, part);
	else
		queue_put(&s->body, in + used, take);
	if (s->left == 0) {
		s->head_have = 0;
		if (s->head.control)
			take_control(s, part);
		queue_drop(&s->body, s->body.len);
	}
	return used + take;
}

static void
spdy_open(struct wire *w)
{
	struct spdy *s = spdy_of(w);
	int i;

	if (w->fault->goaway)
		put_control(s, SPDY_GOAWAY, 2, s->last_id, 0);
	for (i = 0; w->fault->pings && i < PING_FLOOD; i++)
		put_ping(s);
}

/* Frames that mean nothing. */
static void
put_junk(struct spdy *s)
{
	put_data(s, NOWHERE, 0, "junk", 4);
	put_data(s, 2, 0, "junk", 4);
	put_control(s, SPDY_SETTINGS, 1, 0, 0);
	put_control(s, SPDY_WINDOW_UPDATE, 2, 1, 65536);
	put_control(s, SPDY_RST_STREAM, 2, NOWHERE, SPDY_CANCEL);
	put_control(s, UNKNOWN_CONTROL, 2, 0, 0);
}

static void
spdy_put(struct wire *w, enum channel c, const void *data, size_t n)
{
	struct spdy *s = spdy_of(w);
	const struct stream *stream = find_channel(s, c);
	size_t half = w->fault->fragments ? n / 2 : 0;

	if (w->fault->junk)
		put_junk(s);
	if (!stream || stream->ended)
		return;
	if (half > 0) {
		put_data(s, stream->id, 0, data, half);
		put_ping(s);
	}
	put_data(s, stream->id, 0, half ? (const char *)data + half : data,
		 n - half);
}

static void
spdy_end(struct wire *w, enum channel c)
{
	struct stream *stream = find_channel(spdy_of(w), c);

	if (!stream || stream->ended)
		return;
	put_data(spdy_of(w), stream->id, SPDY_FIN, NULL, 0);
	stream->ended = true;
}

static void
spdy_reset(struct wire *w, enum channel c)
{
	struct stream *stream = find_channel(spdy_of(w), c);

	if (!stream || stream->ended)
		return;
	put_control(spdy_of(w), SPDY_RST_STREAM, 2, stream->id,
		    SPDY_INTERNAL_ERROR);
	stream->ended = true;
}

static void
spdy_pong(struct wire *w, const void *data, size_t n)
{
	spdy_put_control_head(w->out, SPDY_PING, 0, n);
	queue_put(w->out, data, n);
}

static void
spdy_huge_frame(struct wire *w)
{
	const struct stream *stream = find_channel(spdy_of(w), CHANNEL_STDOUT);
	char *junk = xmalloc(HUGE_FRAME_SENT);

	memset(junk, 'A', HUGE_FRAME_SENT);
	spdy_put_data_head(w->out, stream ? stream->id : NOWHERE, 0,
			   SPDY_LENGTH_MAX);
	queue_put(w->out, junk, HUGE_FRAME_SENT);
	free(junk);
}

/* As a real server closes a connection: every stream that lives is reset. */
static void
spdy_close(struct wire *w, int code)
{
	struct spdy *s = spdy_of(w);
	size_t i;

	for (i = 0; i < s->n_streams; i++)
		if (!s->streams[i].ended)
			put_control(s, SPDY_RST_STREAM, 2, s->streams[i].id,
				    SPDY_CANCEL);
	put_control(s, SPDY_GOAWAY, 2, s->last_id,
		    code == CLOSE_PROTOCOL   ? 1
		    : code == CLOSE_INTERNAL ? 2
					     : 0);
}

static void
spdy_free(struct wire *w)
{
	struct spdy *s = spdy_of(w);

	headers_in_free(s->headers_in);
	headers_out_free(s->headers_out);
	queue_free(&s->body);
	free(s);
}

struct wire *
spdy_new(struct queue *out, const struct fault *f, size_t streams)
{
	static const struct wire_ops ops = {
	    .take = spdy_take,
	    .open = spdy_open,
	    .put = spdy_put,
	    .end = spdy_end,
	    .reset = spdy_reset,
	    .pong = spdy_pong,
	    .huge_frame = spdy_huge_frame,
	    .close = spdy_close,
	    .free = spdy_free,
	};
	struct spdy *s = xmalloc(sizeof(*s));

	memset(s, 0, sizeof(*s));
	s->wire.ops = &ops;
	s->wire.fault = f;
	s->wire.out = out;
	s->promised = streams;
	s->headers_in = headers_in_new();
	s->headers_out = headers_out_new();
	return &s->wire;
}
