/*
 * The pure core, without a network: what the messages of the recordings mean,
 * and what any other order or cut of messages means.
 *
 * links: kexec/session kexec/status lib/json lib/mem lib/err lib/io
 * pkgs: jansson
 */
#include "tap.h"

#include <stdint.h>
#include <stdlib.h>

#include "kexec/session.h"
#include "lib/err.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

static char out[262144], errs[4096];
static size_t n_out, n_errs;

static void
start(struct session *s)
{
	session_init(s, true);
	n_out = n_errs = 0;
	out[0] = errs[0] = '\0';
}

/* One message in pieces of step bytes. */
static void
message(struct session *s, const unsigned char *p, size_t len, size_t step)
{
	bool first = true;

	do {
		size_t n = len < step ? len : step, data_len;
		const unsigned char *data;

		switch (session_message(s, first, p, n, &data, &data_len)) {
		case CHANNEL_STDOUT:
			memcpy(out + n_out, data, data_len);
			n_out += data_len;
			break;
		case CHANNEL_STDERR:
			memcpy(errs + n_errs, data, data_len);
			n_errs += data_len;
			break;
		}
		first = false;
		p += n;
		len -= n;
	} while (len > 0);
	out[n_out] = errs[n_errs] = '\0';
}

#define SUCCESS "\003{\"metadata\":{},\"status\":\"Success\"}"
#define EXIT(n)                                                              \
	"\003{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\","        \
	"\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"" n \
	"\"}]}}"

static void
verdicts(void)
{
	static const struct {
		const char *m[4];
		int code;
		const char *out, *why; /* why NULL: no message */
	} row[] = {
	    {{SUCCESS}, 0, "", NULL},
	    {{"\001a", SUCCESS, "\001b"}, 0, "ab", NULL},
	    {{"\001", "\001a", "\002e", SUCCESS}, 0, "a", NULL},
	    {{"\001a"}, 255, "a", "cut"},
	    {{0}, 255, "", "cut"},
	    {{EXIT("3")}, 3, "", NULL},
	    {{EXIT("0")}, 255, "", "status with an invalid exit code"},
	    {{EXIT("007")}, 7, "", NULL},
	    {{EXIT("255")}, 255, "", NULL},
	    {{EXIT("256")}, 255, "", "status with an invalid exit code"},
	    {{EXIT("-1")}, 255, "", "status with an invalid exit code"},
	    {{EXIT("abc")}, 255, "", "status with an invalid exit code"},
	    {{EXIT("")}, 255, "", "status with an invalid exit code"},
	    {{"\003{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\"}"},
	     255,
	     "",
	     "status without an exit code"},
	    {{"\003{\"status\":\"Maybe\"}"},
	     255,
	     "",
	     "status that is neither Success nor Failure"},
	    {{"\003{\"status\":\"Failure\",\"message\":\"no\"}"},
	     255,
	     "",
	     "no"},
	    {{"\003{}"}, 255, "", "status that is neither Success nor Failure"},
	    {{"\003Success"}, 255, "", "status that is no JSON"},
	    {{"\003{\"status\":\"Success\""},
	     255,
	     "",
	     "status that is no JSON"},
	    {{"\003{\"status\"", "\003:\"Success\"", "\003}"}, 0, "", NULL},
	    {{SUCCESS, "\003 \n"}, 0, "", NULL},
	    {{SUCCESS, SUCCESS}, 255, "", "more than one status"},
	    {{SUCCESS, EXIT("3")}, 255, "", "more than one status"},
	    {{"\007junk", "\377x", "\004y", SUCCESS}, 0, "", NULL},
	    {{"", SUCCESS}, 0, "", NULL},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		for (size_t step = 1; step < 64; step += 31) {
			struct session s;

			start(&s);
			for (int m = 0; m < 4 && row[i].m[m]; m++)
				message(&s, (const unsigned char *)row[i].m[m],
					strlen(row[i].m[m]), step);
			session_end(&s, "cut");
			ok(s.verdict.code == row[i].code &&
			       strcmp(out, row[i].out) == 0,
			   "verdict %zu in steps of %zu: %d", i, step,
			   row[i].code);
			is(s.verdict.message, row[i].why, "and its message");
			session_free(&s);
		}
	}
}

static void
cannot_start(void)
{
	static const struct {
		const char *message;
		int code;
	} row[] = {
	    {"exec: \\\"x\\\": executable file not found in $PATH: unknown",
	     127},
	    {"exec: \\\"/x\\\": stat /x: no such file or directory: unknown",
	     127},
	    {"exec: \\\"/x\\\": permission denied: unknown", 126},
	    {"OCI runtime exec failed: exec /x: exec format error", 126},
	    {"error executing command in container: rpc error: dial unix "
	     "/run/c.sock: connect: no such file or directory",
	     255},
	    {"error executing command in container: connect: permission "
	     "denied",
	     255},
	    {"exec: \\\"not found in $PATH\\\": weird", 255},
	    {"container not found: no such file or directory", 255},
	    {"exec: error dialing backend", 255},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		char *json = xasprintf(
		    "{\"status\":\"Failure\",\"reason\":\"InternalError\","
		    "\"message\":\"%s\"}",
		    row[i].message);
		struct verdict v = status_verdict(json, strlen(json));

		ok(v.kind == VERDICT_FAILED && v.code == row[i].code, "%s: %d",
		   row[i].message, row[i].code);
		verdict_free(&v);
		free(json);
	}
}

static void
stdin_rules(void)
{
	struct session s;

	start(&s);
	ok(session_wants_stdin(&s), "stdin is wanted at the start");
	session_stdin_done(&s);
	ok(!session_wants_stdin(&s), "and not behind its end");
	session_end(&s, "cut");
	session_free(&s);

	start(&s);
	message(&s, (const unsigned char *)SUCCESS, sizeof SUCCESS - 1, 99);
	ok(!session_wants_stdin(&s), "and not behind the verdict");
	session_end(&s, "cut");
	ok(s.verdict.kind == VERDICT_EXITED && s.verdict.code == 0,
	   "a cut behind the verdict changes nothing");
	session_free(&s);

	session_init(&s, false);
	ok(!session_wants_stdin(&s), "and not when it is not forwarded");
	session_free(&s);
}

/*
 * Streams that end one by one, as SPDY has them: a letter each for what comes
 * (S a Success, h half of one, x an exit code 3; 1 2 3 the end of stdout, of
 * stderr, of the status; capital O, E, T these broken off; I stdin broken off;
 * t that there is no stderr), then the end of the connection.
 */
static void
channel_ends(void)
{
	static const struct {
		const char *what;
		int code;
		bool ended; /* before the connection did */
		const char *why;
	} row[] = {
	    {"S", 0, false, NULL},
	    {"S123", 0, true, NULL},
	    {"tS13", 0, true, NULL},
	    {"tS3", 0, false, NULL},
	    {"tTS", 255, false, "no status"},
	    {"12S3", 0, true, NULL},
	    {"12ST", 0, true, NULL},
	    {"12S", 0, false, NULL},
	    {"SOET", 0, true, NULL},
	    {"1S2T", 0, true, NULL},
	    {"1OS2T", 0, true, NULL},
	    {"xOET", 3, true, NULL},
	    {"x11122", 3, false, NULL},
	    {"SIOET", 0, true, NULL},
	    {"3", 255, false, "no status"},
	    {"T", 255, false, "no status"},
	    {"T12", 255, true, "no status"},
	    {"123", 255, true, "no status"},
	    {"h3", 255, false, "status that is no JSON"},
	    {"3S12", 255, true, "no status"},
	    {"OS23", 255, true, "stdout was broken off"},
	    {"ES13", 255, true, "stderr was broken off"},
	    {"1ES3", 255, true, "stderr was broken off"},
	    {"12", 255, false, "cut"},
	    {"", 255, false, "cut"},
	};
	static const char cuts[] = "IOET";
	static const int channels[] = {CHANNEL_STDIN, CHANNEL_STDOUT,
				       CHANNEL_STDERR, CHANNEL_STATUS};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct session s;

		start(&s);
		for (const char *p = row[i].what; *p; p++) {
			const char *cut = strchr(cuts, *p);

			if (*p == 't')
				session_no_stderr(&s);
			else if (*p == 'S')
				message(&s, (const unsigned char *)SUCCESS,
					sizeof SUCCESS - 1, 99);
			else if (*p == 'h')
				message(&s, (const unsigned char *)SUCCESS, 9,
					99);
			else if (*p == 'x')
				message(&s, (const unsigned char *)EXIT("3"),
					sizeof EXIT("3") - 1, 999);
			else if (cut)
				session_channel_end(&s, channels[cut - cuts],
						    true);
			else
				session_channel_end(&s, *p - '0', false);
		}
		ok((s.state == SESSION_ENDED) == row[i].ended, "%s: %s",
		   row[i].what, row[i].ended ? "ended" : "goes on");
		session_end(&s, "cut");
		ok(s.verdict.code == row[i].code, "and it is %d", row[i].code);
		is(s.verdict.message, row[i].why, "and its message");
		session_free(&s);
	}
}

static void
refused_stdin(void)
{
	struct session s;

	start(&s);
	session_channel_end(&s, CHANNEL_STDIN, false);
	session_channel_end(&s, -1, true);
	session_channel_end(&s, 99, true);
	ok(session_wants_stdin(&s),
	   "the server's end of stdin, and streams that are none, are nothing");
	session_channel_end(&s, CHANNEL_STDIN, true);
	ok(!session_wants_stdin(&s) && s.state == SESSION_RUNNING,
	   "stdin that is broken off is not sent any more");
	session_end(&s, "cut");
	session_free(&s);
}

static void
long_status(void)
{
	static unsigned char piece[1 + 4096];
	struct session s;

	start(&s);
	memset(piece, ' ', sizeof piece);
	piece[0] = CHANNEL_STATUS;
	for (int i = 0; i < 1000; i++)
		message(&s, piece, sizeof piece, sizeof piece);
	session_end(&s, "cut");
	is(s.verdict.message, "status is too long",
	   "a status without end is a fault");
	ok(s.status_len <= SESSION_STATUS_MAX, "and costs no memory");
	session_free(&s);
}

/* The bytes of a recorded frame; the caller frees them. */
static unsigned char *
frame_bytes(const struct json *e, size_t *len)
{
	const char *hex = "", *text = "";
	unsigned char *p;
	bool whole = json_get_string(e, "hex", &hex) > 0;

	if (!whole)
		json_get_string(e, "hex_head", &hex);
	*len = strlen(hex) / 2;
	if (!whole && strncmp(hex, "03", 2) == 0) {
		json_get_string(e, "text", &text);
		*len = strlen(text) + 1;
		p = (unsigned char *)xasprintf("\003%s", text);
		return p;
	}
	/* what was not kept of stdout was zeros; each frame is made full */
	p = xmalloc(8192);
	memset(p, 0, 8192);
	for (size_t i = 0; i < *len; i++)
		sscanf(hex + 2 * i, "%2hhx", &p[i]);
	if (!whole)
		*len = 4097;
	return p;
}

/* Feeds the server's frames of a recording. */
static void
recording(const char *name, size_t step, struct session *s)
{
	char *path = xasprintf("%s/wire/%s.jsonl", getenv("KPIPE_TESTS"), name),
	     *text, *line, *save = NULL;
	size_t len;

	if (io_slurp_path(path, 1 << 20, &text, &len) != 0)
		die(1, 0, "%s: cannot be read", path);
	start(s);
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char why[64];
		const char *dir = "", *kind = "", *hex = "";
		struct json *e =
		    json_parse(line, strlen(line), why, sizeof why);

		json_get_string(e, "dir", &dir);
		json_get_string(e, "kind", &kind);
		json_get_string(e, "hex", &hex);
		if (strcmp(dir, "s>c") == 0 && strcmp(kind, "frame") == 0) {
			size_t n;
			unsigned char *p = frame_bytes(e, &n);

			if (strcmp(hex, "03e8") == 0)
				session_end(s, "closed by the server (1000)");
			else if (p[0] <= CHANNEL_STATUS)
				message(s, p, n, step);
			free(p);
		}
		json_free(e);
	}
	session_end(s, "cut");
	free(text);
	free(path);
}

static void
recordings(void)
{
	static const struct {
		const char *name;
		int code;
		const char *out, *err, *why;
	} row[] = {
	    {"no-subprotocol", 255, "hi\n", "", "closed by the server (1000)"},
	    {"v4-halfclose-attempt-does-nothing", 255, "hello\n", "", "cut"},
	    {"v4-offered-v4-only", 0, "hello\n", "", NULL},
	    {"v5-client-close-early", 255, "", "",
	     "closed by the server (1000)"},
	    {"v5-killed-by-signal", 137, "", "", NULL},
	    {"v5-ping", 0, "", "", NULL},
	    {"v5-stdin-halfclose", 0, "hello\n", "eof-seen\n", NULL},
	    {"v5-stdout-stderr-exit7", 7, "out\n", "err\n", NULL},
	    {"v5-success-no-output", 0, "", "", NULL},
	    {"v5-text-frame-stdin", 0, "abc", "", NULL},
	    {"v5-tty-resize", 0, "30 100\r\n/dev/pts/0\r\n", "", NULL},
	    {"v5-unknown-channel", 0, "", "", NULL},
	};
	struct session s;

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		for (size_t step = 1; step < 9000; step += 8192) {
			recording(row[i].name, step, &s);
			ok(s.verdict.code == row[i].code &&
			       strcmp(out, row[i].out) == 0 &&
			       strcmp(errs, row[i].err) == 0,
			   "%s in steps of %zu", row[i].name, step);
			is(s.verdict.message, row[i].why, "its message");
			session_free(&s);
		}
	}
	recording("v5-command-not-found", 1, &s);
	ok(s.verdict.code == EXIT_NOT_FOUND, "v5-command-not-found is 127");
	session_free(&s);
	recording("v5-large-stdout", 4097, &s);
	ok(s.verdict.code == 0 && n_out == 49 * 4096,
	   "v5-large-stdout: %zu bytes", n_out);
	session_free(&s);
}

int
main(void)
{
	err_init("unit", 1);
	verdicts();
	cannot_start();
	stdin_rules();
	channel_ends();
	refused_stdin();
	long_status();
	recordings();
	return tap_end();
}
