/*
 * SPDY frames: the dictionary, what we write, and a reader that must not care
 * how the bytes are cut.
 *
 * links: kexec/spdyframe kexec/spdyblock kexec/spdydict
 * links: lib/json lib/mem lib/err lib/io
 * pkgs: zlib jansson
 */
#include "tap.h"

#include <stdlib.h>

#include <zlib.h>

#include "kexec/spdyblock.h"
#include "kexec/spdydict.h"
#include "kexec/spdyframe.h"
#include "lib/err.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

/*
 * Everything a reader says about a stream, as text, cut into pieces of step
 * bytes; pieces of one stream are joined, so the text must not depend on step.
 */
static void
tell(const unsigned char *buf, size_t len, size_t step, char *text, size_t cap)
{
	static const char *const names[] = {"data",  "syn",      "reply",
					    "reset", "settings", "?",
					    "ping",  "away",     "headers"};
	uint32_t stream = 0;
	size_t at = 0, used, n = 0;
	struct spdy_reader r;
	struct spdy_out o;

	text[0] = '\0';
	spdy_reader_init(&r);
	while (at < len && n < cap) {
		size_t piece = len - at < step ? len - at : step;

		switch (spdy_next(&r, buf + at, piece, &used, &o)) {
		case SPDY_MORE:
			break;
		case SPDY_PIECE:
			if (o.stream != stream)
				n += (size_t)snprintf(text + n, cap - n,
						      "%u:", o.stream);
			n += (size_t)snprintf(text + n, cap - n, "%.*s%s",
					      (int)o.len, o.data,
					      o.fin ? "." : "");
			stream = o.stream;
			break;
		case SPDY_CONTROL:
			n += (size_t)snprintf(text + n, cap - n, "[%s %u %u%s]",
					      names[o.type], o.stream, o.code,
					      o.fin ? " fin" : "");
			stream = 0;
			break;
		case SPDY_FAULT:
			snprintf(text + n, cap - n, "!%s", o.fault);
			spdy_reader_free(&r);
			return;
		}
		at += used;
	}
	spdy_reader_free(&r);
}

#define BYTES(s) (const unsigned char *)(s), sizeof(s) - 1

/* The first header block of a server, with no headers in it. */
#define BLOCK "\x78\xf9\xe3\xc6\xa7\xc2\x62\x60\x60\x60\0\0\0\0\xff\xff"

static void
reading(void)
{
	static const struct {
		const unsigned char *in;
		size_t len;
		const char *out;
	} row[] = {
	    {BYTES("\0\0\0\3\0\0\0\3"
		   "abc"),
	     "3:abc"},
	    {BYTES("\0\0\0\3\0\0\0\1a\0\0\0\3\1\0\0\2bc"), "3:abc."},
	    {BYTES("\0\0\0\3\0\0\0\1a\0\0\0\5\0\0\0\1b"), "3:a5:b"},
	    {BYTES("\0\0\0\3\1\0\0\0"), "3:."},
	    {BYTES("\0\0\0\3\0\0\0\0\0\0\0\3\0\0\0\1a"), "3:a"},
	    {BYTES("\0\0\0\3\0\0\0\0\x80\3\0\6\0\0\0\4\0\0\0\2"), "[ping 0 2]"},
	    /* flags that are none of this version */
	    {BYTES("\0\0\0\3\xfe\0\0\1a"), "3:a"},
	    {BYTES("\0\0\0\3\xff\0\0\1a"), "3:a."},
	    {BYTES("\x7f\xff\xff\xff\0\0\0\1a"), "2147483647:a"},
	    {BYTES("\0\0\0\3\0\xff\xff\xff"
		   "abc"),
	     "3:abc"},
	    {BYTES("\0\0\0\0\0\0\0\1a"), "!data of no stream"},
	    {BYTES("\x80\3\0\2\0\0\0\x14\0\0\0\1" BLOCK), "[reply 1 0]"},
	    {BYTES("\x80\3\0\2\1\0\0\x14\0\0\0\1" BLOCK), "[reply 1 0 fin]"},
	    {BYTES("\x80\3\0\2\xfe\0\0\x14\x80\0\0\1" BLOCK), "[reply 1 0]"},
	    {BYTES("\x80\3\0\2\0\0\0\4\0\0\0\1"), "[reply 1 0]"},
	    {BYTES("\x80\3\0\1\1\0\0\x1a\0\0\0\2\0\0\0\0\0\0" BLOCK),
	     "[syn 2 0 fin]"},
	    {BYTES("\x80\3\0\x8\1\0\0\x14\0\0\0\1" BLOCK), "[headers 1 0 fin]"},
	    {BYTES("\x80\3\0\3\0\0\0\x8\0\0\0\3\0\0\0\5"), "[reset 3 5]"},
	    {BYTES("\x80\3\0\6\0\0\0\4\0\0\0\2"), "[ping 0 2]"},
	    {BYTES("\x80\3\0\7\0\0\0\x8\0\0\0\7\0\0\0\2"), "[away 7 2]"},
	    /* of no interest: settings, window updates, unknown types */
	    {BYTES("\x80\3\0\4\0\0\0\xc\0\0\0\1\0\0\0\7\0\1\0\0"
		   "\x80\3\0\x9\0\0\0\x8\0\0\0\3\0\1\0\0"
		   "\x80\3\0\xa\0\0\0\3"
		   "abc"
		   "\x80\3\xff\xff\0\0\0\0"
		   "\x80\3\0\5\0\0\0\0"
		   "\x80\3\0\6\0\0\0\4\0\0\0\1"),
	     "[ping 0 1]"},
	    {BYTES("\x80\2\0\6\0\0\0\4\0\0\0\2"),
	     "!frame of another version than SPDY/3"},
	    {BYTES("\x80\4\0\x63\0\0\0\0"),
	     "!frame of another version than SPDY/3"},
	    {BYTES("HTTP/1.1 400 Bad Request"), "1213486160: 400 Bad Request"},
	    {BYTES("\x80\3\0\1\0\0\0\x9"), "!control frame that is too short"},
	    {BYTES("\x80\3\0\2\0\0\0\3"), "!control frame that is too short"},
	    {BYTES("\x80\3\0\3\0\0\0\x7"), "!control frame that is too short"},
	    {BYTES("\x80\3\0\3\0\0\0\x9"), "!control frame that is too long"},
	    {BYTES("\x80\3\0\4\0\0\0\3"), "!control frame that is too short"},
	    {BYTES("\x80\3\0\6\0\0\0\3"), "!control frame that is too short"},
	    {BYTES("\x80\3\0\6\0\0\0\5"), "!control frame that is too long"},
	    {BYTES("\x80\3\0\7\0\0\0\4"), "!control frame that is too short"},
	    {BYTES("\x80\3\0\7\0\xff\xff\xff"),
	     "!control frame that is too long"},
	    {BYTES("\x80\3\0\x8\0\0\0\0"), "!control frame that is too short"},
	    {BYTES("\x80\3\0\x9\0\0\0\x7"), "!control frame that is too short"},
	    {BYTES("\x80\3\0\x9\0\0\0\x9"), "!control frame that is too long"},
	    {BYTES("\x80\3\0\2\0\1\0\5"), "!header block that is too long"},
	    {BYTES("\x80\3\0\2\0\0\0\x8\0\0\0\1junk"),
	     "!header block that cannot be inflated"},
	    /* another dictionary; none at all */
	    {BYTES("\x80\3\0\2\0\0\0\x0b\0\0\0\1\x78\xf9\xe3\xc6\xa7\xc3\x62"),
	     "!header block that cannot be inflated"},
	    /* a zlib stream that ends */
	    {BYTES("\x80\3\0\2\0\0\0\x14\0\0\0\1\x78\xf9\xe3\xc6\xa7\xc2\x63"
		   "\x60\x60\x60\0\0\0\4\0\1"),
	     "!header block that cannot be inflated"},
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

static void
dictionary(void)
{
	ok(adler32(adler32(0, NULL, 0), (const unsigned char *)spdydict,
		   SPDYDICT_BYTES) == SPDYDICT_ID,
	   "the dictionary is the one that its Adler-32 names");
}

/* One connection's SYN_STREAMs in len bytes, their header blocks inflated by
 * zlib itself; as text, with . for what is no letter. */
static void
inflate_openings(const unsigned char *p, size_t len, char *text, size_t cap)
{
	unsigned char block[256];
	z_stream z;
	size_t n = 0;

	memset(&z, 0, sizeof z);
	inflateInit(&z);
	while (len >= 18 && p[0] == 0x80 && p[3] == SPDY_SYN_STREAM) {
		size_t body = (size_t)p[6] << 8 | p[7];

		z.next_in = (z_const unsigned char *)p + 18;
		z.avail_in = (unsigned)body - 10;
		z.next_out = block;
		z.avail_out = sizeof block;
		if (inflate(&z, Z_SYNC_FLUSH) == Z_NEED_DICT) {
			inflateSetDictionary(&z,
					     (const unsigned char *)spdydict,
					     SPDYDICT_BYTES);
			inflate(&z, Z_SYNC_FLUSH);
		}
		n += (size_t)snprintf(text + n, cap - n, "%u ", p[11]);
		for (size_t i = 0; i < sizeof block - z.avail_out; i++) {
			bool letter = block[i] >= 'a' && block[i] <= 'z';

			n += (size_t)snprintf(text + n, cap - n,
					      letter ? "%c" : "%o.", block[i]);
		}
		n += (size_t)snprintf(text + n, cap - n, "\n");
		p += 8 + body;
		len -= 8 + body;
	}
	inflateEnd(&z);
}

#define OPENING(id, n, type) \
	id " 0.0.0.1.0.0.0.12.streamtype0.0.0." n "." type "\n"
#define ALL_OPENINGS               \
	OPENING("1", "5", "error") \
	OPENING("3", "5", "stdin") \
	OPENING("5", "6", "stdout") OPENING("7", "6", "stderr")

static void
writing(void)
{
	static const char *const types[] = {"error", "stdin", "stdout",
					    "stderr"};
	unsigned char frames[4 * SPDY_OPEN_MAX], head[SPDY_HEAD],
	    ping[SPDY_PING_BYTES];
	size_t n = spdy_open_streams(frames, types, 4);
	char text[1024] = "";

	inflate_openings(frames, n, text, sizeof text);
	is(text, ALL_OPENINGS, "the streams that we open");
	tell(frames, n, 1, text, sizeof text);
	is(text, "[syn 1 0][syn 3 0][syn 5 0][syn 7 0]",
	   "and so our own reader reads them");
	spdy_data_head(head, 3, 0x123456, false);
	ok(memcmp(head, "\0\0\0\3\0\x12\x34\x56", 8) == 0, "head of data");
	spdy_data_head(head, 3, 0, true);
	ok(memcmp(head, "\0\0\0\3\1\0\0\0", 8) == 0, "a half-close");
	spdy_ping(ping, 0x01020305);
	ok(memcmp(ping, "\x80\3\0\6\0\0\0\4\1\2\3\5", 12) == 0, "a ping");
}

/* A block of n bytes of zeros, well compressed, in a SYN_REPLY. */
static void
bomb(size_t n, const char *want)
{
	size_t cap = 65536;
	unsigned char *zeros = xmalloc(n), *frame = xmalloc(cap);
	char text[128];
	z_stream z;

	memset(&z, 0, sizeof z);
	memset(zeros, 0, n);
	deflateInit(&z, 9);
	deflateSetDictionary(&z, (const unsigned char *)spdydict,
			     SPDYDICT_BYTES);
	z.next_in = zeros;
	z.avail_in = (unsigned)n;
	z.next_out = frame + 12;
	z.avail_out = (unsigned)cap - 12;
	deflate(&z, Z_SYNC_FLUSH);
	memcpy(frame, "\x80\3\0\2\0\0\0\0\0\0\0\1", 12);
	frame[6] = (unsigned char)((z.total_out + 4) >> 8);
	frame[7] = (unsigned char)(z.total_out + 4);
	for (size_t step = 1; step < cap; step += 4096) {
		tell(frame, 12 + z.total_out, step, text, sizeof text);
		is(text, want, "%lu bytes of block that become %zu",
		   z.total_out, n);
	}
	deflateEnd(&z);
	free(zeros);
	free(frame);
}

/* What one side of a recording sent behind the head; the caller frees it. */
static unsigned char *
recorded(const char *name, const char *side, size_t *len)
{
	char *path = xasprintf("%s/wire/%s.jsonl", getenv("KPIPE_TESTS"), name),
	     *text, *line, *save = NULL;
	unsigned char *all = xmalloc(65536);
	size_t size;

	*len = 0;
	if (io_slurp_path(path, 1 << 20, &text, &size) != 0)
		die(1, 0, "%s: cannot be read", path);
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char why[64];
		const char *dir = "", *hex = "";
		struct json *e =
		    json_parse(line, strlen(line), why, sizeof why);

		json_get_string(e, "dir", &dir);
		json_get_string(e, "hex", &hex);
		/* "POST" and "HTTP" begin the heads */
		if (strcmp(dir, side) == 0 &&
		    strncmp(hex, "504f5354", 8) != 0 &&
		    strncmp(hex, "48545450", 8) != 0) {
			for (; *hex; hex += 2)
				sscanf(hex, "%2hhx", &all[(*len)++]);
		}
		json_free(e);
	}
	free(text);
	free(path);
	return all;
}

static void
recordings(void)
{
	static const struct {
		const char *name, *side, *says, *opens;
	} row[] = {
	    {"kubectl129-spdy-cat", "s>c",
	     "[reply 1 0][reply 3 0][reply 5 0][reply 7 0]5:hello\n.7:.1:"
	     "{\"metadata\":{},\"status\":\"Success\"}"
	     "[reset 1 5][reset 3 5][away 7 0]",
	     ""},
	    {"kubectl129-spdy-cat", "c>s",
	     "[syn 1 0][syn 3 0][syn 5 0][syn 7 0]3:hello\n.", ALL_OPENINGS},
	    {"kubectl129-spdy-exit7", "s>c",
	     "[reply 1 0][reply 3 0][reply 5 0]3:out\n.5:err\n.1:"
	     "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"command "
	     "terminated with non-zero exit code: error executing command "
	     "[sh -c echo out; echo err \\u003e\\u00262; exit 7], exit code "
	     "7\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{"
	     "\"reason\":\"ExitCode\",\"message\":\"7\"}]}}"
	     "[reset 1 5][away 5 0]",
	     ""},
	    {"kubectl129-spdy-exit7", "c>s", "[syn 1 0][syn 3 0][syn 5 0]",
	     OPENING("1", "5", "error") OPENING("3", "6", "stdout")
		 OPENING("5", "6", "stderr")},
	};
	char text[1024];

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		size_t len;
		unsigned char *p = recorded(row[i].name, row[i].side, &len);

		for (size_t step = 1; step <= len; step++) {
			tell(p, len, step, text, sizeof text);
			is(text, row[i].says, "%s, %s, in steps of %zu",
			   row[i].name, row[i].side, step);
		}
		text[0] = '\0';
		inflate_openings(p, len, text, sizeof text);
		is(text, row[i].opens, "%s, %s: the openings", row[i].name,
		   row[i].side);
		free(p);
	}
}

int
main(void)
{
	err_init("unit", 1);
	dictionary();
	writing();
	reading();
	bomb(SPDYBLOCK_MAX, "[reply 1 0]");
	bomb(SPDYBLOCK_MAX + 1, "!header block that is too long");
	bomb(16 << 20, "!header block that is too long");
	recordings();
	return tap_end();
}
