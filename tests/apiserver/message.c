/*
 * Messages and how they are told wrongly.  Pure.
 */
#include "message.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

#include "frame.h"
#include "status.h"

enum { HUGE_STATUS = 2 << 20, HUGE_FRAME_SENT = 1 << 20 };

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
put_message(struct queue *out, const struct fault *f, int channel,
	    const void *data, size_t n)
{
	int opcode = f->text ? FRAME_TEXT : FRAME_BINARY;
	size_t half = n / 2;

	if (!f->fragments) {
		put_frame(out, true, opcode, channel, data, n);
		return;
	}
	put_frame(out, false, opcode, channel, data, half);
	message_control(out, FRAME_PING, "x", 1);
	put_frame(out, true, FRAME_CONTINUATION, -1,
		  data ? (const char *)data + half : NULL, n - half);
}

void
message_put(struct queue *out, const struct fault *f, int channel,
	    const void *data, size_t n)
{
	static const char junk[] = "junk";

	if (f->junk) {
		put_message(out, f, 7, junk, strlen(junk));
		put_message(out, f, 255, junk, strlen(junk));
	}
	put_message(out, f, channel, data, n);
}

void
message_control(struct queue *out, int opcode, const void *data, size_t n)
{
	put_frame(out, true, opcode, -1, data, n);
}

void
message_close(struct queue *out, int code)
{
	unsigned char payload[2];

	payload[0] = (unsigned char)(code >> 8);
	payload[1] = (unsigned char)code;
	message_control(out, FRAME_CLOSE, payload, sizeof(payload));
}

static void
put_text(struct queue *out, const struct fault *f, const char *text)
{
	message_put(out, f, 3, text, strlen(text));
}

static void
put_huge(struct queue *out, const struct fault *f)
{
	char *padding = xmalloc(HUGE_STATUS + 1), *status;

	memset(padding, 'x', HUGE_STATUS);
	padding[HUGE_STATUS] = '\0';
	status = status_failure(padding);
	put_text(out, f, status);
	free(status);
	free(padding);
}

static void
put_two(struct queue *out, const struct fault *f)
{
	static char *const argv[] = {NULL};
	char *good = status_success();
	char *bad = status_exit(STATUS_TRANSLATED, argv, "1");

	put_text(out, f, good);
	put_text(out, f, bad);
	free(bad);
	free(good);
}

static void
put_split(struct queue *out, const struct fault *f, const char *verdict)
{
	size_t n = strlen(verdict), third = n / 3;

	message_put(out, f, 3, verdict, third);
	message_put(out, f, 3, verdict + third, third);
	message_put(out, f, 3, verdict + 2 * third, n - 2 * third);
}

void
message_verdict(struct queue *out, const struct fault *f, const char *verdict)
{
	static char *const argv[] = {NULL};
	char *made = NULL;

	switch (f->status) {
	case FAULT_STATUS_RIGHT:
		if (verdict)
			put_text(out, f, verdict);
		break;
	case FAULT_STATUS_NONE:
		break;
	case FAULT_STATUS_SPLIT:
		if (verdict)
			put_split(out, f, verdict);
		break;
	case FAULT_STATUS_TWO:
		put_two(out, f);
		break;
	case FAULT_STATUS_BAD:
		put_text(out, f, "the command has ended well");
		break;
	case FAULT_STATUS_HUGE:
		put_huge(out, f);
		break;
	case FAULT_STATUS_CODE:
		made = status_exit(STATUS_TRANSLATED, argv, f->exit_code);
		break;
	case FAULT_STATUS_LIE:
		made = status_success();
		break;
	}
	if (made)
		put_text(out, f, made);
	free(made);
}

void
message_huge_frame(struct queue *out)
{
	unsigned char head[FRAME_HEAD_MAX];
	char *junk = xmalloc(HUGE_FRAME_SENT);

	memset(junk, 'A', HUGE_FRAME_SENT);
	junk[0] = 1;
	queue_put(out, head,
		  frame_head(head, true, FRAME_BINARY, UINT64_C(1) << 62));
	queue_put(out, junk, HUGE_FRAME_SENT);
	free(junk);
}
