/*
 * WebSocket frames: heads, masks, and a reader that must not care how the
 * bytes are cut.
 *
 * links: kexec/frame
 */
#include "tap.h"

#include <stdlib.h>

#include "kexec/frame.h"

static const unsigned char mask[4] = {0x12, 0x34, 0x56, 0x78};

static void
heads(void)
{
	static const struct {
		size_t len, head;
		unsigned char start[10];
	} row[] = {
	    {0, 6, {0x82, 0x80}},
	    {125, 6, {0x82, 0xfd}},
	    {126, 8, {0x82, 0xfe, 0, 126}},
	    {65535, 8, {0x82, 0xfe, 0xff, 0xff}},
	    {65536, 14, {0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0}},
	};
	unsigned char head[FRAME_HEAD_MAX];

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		size_t n = frame_head(head, FRAME_BINARY, row[i].len, mask);

		ok(n == row[i].head && memcmp(head, row[i].start, n - 4) == 0 &&
		       memcmp(head + n - 4, mask, 4) == 0,
		   "head of a frame of %zu bytes", row[i].len);
	}
}

static void
masks(void)
{
	unsigned char buf[67] = {0}, want[67] = {0};
	int good = 1;

	for (size_t n = 0; n <= sizeof buf; n++) {
		for (size_t i = 0; i < n; i++) {
			buf[i] = (unsigned char)(i * 7);
			want[i] = buf[i] ^ mask[i % 4];
		}
		frame_mask(buf, n, mask);
		good &= memcmp(buf, want, n) == 0;
	}
	ok(good, "masking by words gives what masking by bytes gives");
}

/* Everything a reader says about a stream, as text, cut into pieces of step
 * bytes; pieces of one message are joined, so the text must not depend on
 * step. */
static void
tell(const unsigned char *buf, size_t len, size_t step, char *text, size_t cap)
{
	struct frame_reader r = {0};
	size_t at = 0, used, n = 0;
	struct frame_out o;

	text[0] = '\0';
	while (at < len) {
		size_t piece = len - at < step ? len - at : step;

		switch (frame_next(&r, buf + at, piece, &used, &o)) {
		case FRAME_MORE:
			break;
		case FRAME_PIECE:
			n += (size_t)snprintf(text + n, cap - n, "%s%.*s%s",
					      o.first ? "<" : "", (int)o.len,
					      o.data, o.last ? ">" : "");
			break;
		case FRAME_CONTROL:
			n += (size_t)snprintf(text + n, cap - n, "[%d:%.*s]",
					      o.op, (int)o.len, o.data);
			break;
		case FRAME_FAULT:
			snprintf(text + n, cap - n, "!%s", o.fault);
			return;
		}
		at += used;
	}
}

#define BYTES(s) (const unsigned char *)(s), sizeof(s) - 1

static void
reading(void)
{
	static const struct {
		const unsigned char *in;
		size_t len;
		const char *out;
	} row[] = {
	    {BYTES("\x82\x03"
		   "abc"),
	     "<abc>"},
	    {BYTES("\x81\x03"
		   "abc"),
	     "<abc>"},
	    {BYTES("\x82\x00"), "<>"},
	    {BYTES("\x02\x01"
		   "a"
		   "\x00\x01"
		   "b"
		   "\x80\x01"
		   "c"),
	     "<abc>"},
	    {BYTES("\x02\x00\x80\x02"
		   "ab"),
	     "<ab>"},
	    {BYTES("\x02\x01"
		   "a"
		   "\x89\x01"
		   "p"
		   "\x80\x01"
		   "b"),
	     "<a[9:p]b>"},
	    {BYTES("\x82\x7e\x00\x02"
		   "ab"),
	     "<ab>"},
	    {BYTES("\x88\x02\x03\xe8"), "[8:\x03\xe8]"},
	    {BYTES("\x82\x83"
		   "mmmmabc"),
	     "!masked frame from the server"},
	    {BYTES("\xc2\x00"), "!frame with reserved bits"},
	    {BYTES("\x83\x00"), "!frame with an unknown opcode"},
	    {BYTES("\x8b\x00"), "!frame with an unknown opcode"},
	    {BYTES("\x80\x00"), "!continuation of no message"},
	    {BYTES("\x02\x01"
		   "a"
		   "\x82\x01"
		   "b"),
	     "<a!message inside a message"},
	    {BYTES("\x09\x00"), "!control frame in pieces or too long"},
	    {BYTES("\x89\x7e\x00\x80"), "!control frame in pieces or too long"},
	    {BYTES("\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00"),
	     "!frame with a negative length"},
	    {BYTES("\x82\x7f\x40\x00\x00\x00\x00\x00\x00\x00"
		   "abc"),
	     "<abc"},
	};
	char text[128];

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		for (size_t step = 1; step <= row[i].len; step++) {
			tell(row[i].in, row[i].len, step, text, sizeof text);
			is(text, row[i].out, "stream %zu in steps of %zu", i,
			   step);
		}
	}
}

int
main(void)
{
	heads();
	masks();
	reading();
	return tap_end();
}
