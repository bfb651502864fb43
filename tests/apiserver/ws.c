/*
 * Messages of a WebSocket session and how they are told wrongly.  Pure.
 */
#include "ws.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

#include "frame.h"
#include "intake.h"

struct ws {
	struct wire wire;
	struct intake intake;
	enum channel first;
};

static void
put_frame(struct queue *out, bool fin, int opcode, int channel,
	  const void *data, size_t n)
{
	unsigned char head[FRAME_HEAD_MAX];
	unsigned char first = (unsigned char)channel;
	size_t extra = channel >= 0;

	queue_put(out, head, frame_head(head, fin, opcode, n + extra));
	queue_put(out, &first, extra);
	queue_put(out, data, n);
}

static void
put_control(struct wire *w, int opcode, const void *data, size_t n)
{
	put_frame(w->out, true, opcode, -1, data, n);
}

static void
put_message(struct wire *w, int channel, const void *data, size_t n)
{
	int opcode = w->fault->text ? FRAME_TEXT : FRAME_BINARY;
	size_t half = n / 2;

	if (!w->fault->fragments) {
		put_frame(w->out, true, opcode, channel, data, n);
		return;
	}
	put_frame(w->out, false, opcode, channel, data, half);
	put_control(w, FRAME_PING, "x", 1);
	put_frame(w->out, true, FRAME_CONTINUATION, -1,
		  data ? (const char *)data + half : NULL, n - half);
}

static size_t
ws_take(struct wire *w, const unsigned char *in, size_t n, struct part *part)
{
	return intake_take(&((struct ws *)w)->intake, in, n, part);
}

static void
ws_put(struct wire *w, enum channel c, const void *data, size_t n)
{
	static const char junk[] = "junk";

	if (w->fault->junk) {
		put_message(w, 7, junk, strlen(junk));
		put_message(w, 255, junk, strlen(junk));
	}
	put_message(w, (int)c, data, n);
}

static void
ws_open(struct wire *w)
{
	int i;

	ws_put(w, ((struct ws *)w)->first, NULL, 0);
	for (i = 0; w->fault->pings && i < PING_FLOOD; i++)
		put_control(w, FRAME_PING, "flood", 5);
}

static void
ws_nothing(struct wire *w, enum channel c)
{
	(void)w;
	(void)c;
}

static void
ws_pong(struct wire *w, const void *data, size_t n)
{
	put_control(w, FRAME_PONG, data, n);
}

static void
ws_huge_frame(struct wire *w)
{
	unsigned char head[FRAME_HEAD_MAX];
	char *junk = xmalloc(HUGE_FRAME_SENT);

	memset(junk, 'A', HUGE_FRAME_SENT);
	junk[0] = CHANNEL_STDOUT;
	queue_put(w->out, head,
		  frame_head(head, true, FRAME_BINARY, UINT64_C(1) << 62));
	queue_put(w->out, junk, HUGE_FRAME_SENT);
	free(junk);
}

static void
ws_close(struct wire *w, int code)
{
	unsigned char payload[2];

	payload[0] = (unsigned char)(code >> 8);
	payload[1] = (unsigned char)code;
	put_control(w, FRAME_CLOSE, payload, sizeof(payload));
}

static void
ws_free(struct wire *w)
{
	free(w);
}

struct wire *
ws_new(struct queue *out, const struct fault *f, enum channel first, bool v5)
{
	static const struct wire_ops ops = {
	    .take = ws_take,
	    .open = ws_open,
	    .put = ws_put,
	    .end = ws_nothing,
	    .reset = ws_nothing,
	    .pong = ws_pong,
	    .huge_frame = ws_huge_frame,
	    .close = ws_close,
	    .free = ws_free,
	};
	struct ws *ws = xmalloc(sizeof(*ws));

	memset(ws, 0, sizeof(*ws));
	ws->wire.ops = &ops;
	ws->wire.fault = f;
	ws->wire.out = out;
	ws->intake.v5 = v5;
	ws->first = first;
	return &ws->wire;
}
