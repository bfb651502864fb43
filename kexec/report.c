/*
 * Events for --status-fd.
 */
#include "report.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/mem.h"

#include "sink.h"

enum {
	REPORT_BYTES = 262144, /* of events that the reader has not taken */
	REPORT_WAIT_MS = 1000  /* for it at the end */
};

struct report {
	struct sink sink;
	int fd;
	bool quiet, ended;
	const char *protocol;
	enum report_end end;
	char *message;
	uint64_t sent, received;
};

static const char *const end_names[] = {
    [REPORT_NO_SESSION] = "no-session", [REPORT_EXITED] = "exited",
    [REPORT_FAILED] = "failed",         [REPORT_UNKNOWN] = "unknown",
    [REPORT_SIGNAL] = "signal",         [REPORT_READER_GONE] = "reader-gone",
    [REPORT_STDIN] = "stdin",           [REPORT_STDOUT] = "stdout",
    [REPORT_STDERR] = "stderr",
};

/* What a handler can say, before there is a session; it has no other way to
 * know where. */
static volatile sig_atomic_t early_fd = -1;

#define EARLY(code)                                                 \
	"{\"event\":\"exit\",\"code\":" code ",\"end\":\"signal\"," \
	"\"sent\":0,\"received\":0}\n"

static void
die_early(int sig)
{
	const char *line = sig == SIGHUP   ? EARLY("129")
			   : sig == SIGINT ? EARLY("130")
					   : EARLY("143");
	struct pollfd p = {early_fd, POLLOUT, 0};

	/* the signal is that of a process which takes no handler for it */
	if (poll(&p, 1, 0) > 0 && write(early_fd, line, strlen(line)) < 0)
		signal(SIGPIPE, SIG_IGN);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void
put_text(struct json *o, const char *key, const char *text)
{
	char shown[4096];

	if (json_put_string(o, key, text) == 0)
		return;
	err_escape(shown, sizeof shown, text, strlen(text));
	json_put_string(o, key, shown);
}

static void
put_number(struct json *o, const char *key, uint64_t n)
{
	char text[32];

	snprintf(text, sizeof text, "%llu", (unsigned long long)n);
	json_put(o, key, json_new_scalar(text));
}

static struct json *
event(const char *name)
{
	struct json *o = json_new_object();

	json_put_string(o, "event", name);
	return o;
}

/* Puts o behind what waits to be written, frees it, and writes what goes. */
static void
say(struct report *r, struct json *o)
{
	char *line = json_print_line(o);
	size_t len = strlen(line);

	json_free(o);
	if (sink_room(&r->sink) > len) {
		sink_put(&r->sink, (unsigned char *)line, len);
		sink_put(&r->sink, (const unsigned char *)"\n", 1);
	}
	free(line);
	sink_write(&r->sink);
}

static void
at_exit(int code, void *arg)
{
	report_exit(arg, code);
}

struct report *
report_open(int fd, int quiet)
{
	static const int fatal[] = {SIGHUP, SIGINT, SIGTERM};
	struct report *r;

	if (fd < 0)
		return NULL;
	r = xmalloc(sizeof *r);
	memset(r, 0, sizeof *r);
	r->fd = fd;
	r->quiet = quiet;
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	sink_init(&r->sink, fd, REPORT_BYTES);
	early_fd = r->sink.fd;
	for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) {
		struct sigaction a;

		if (sigaction(fatal[i], NULL, &a) != 0 ||
		    a.sa_handler == SIG_IGN)
			continue;
		a.sa_handler = die_early;
		(void)sigaction(fatal[i], &a, NULL);
	}
	on_exit(at_exit, r);
	return r;
}

void
report_connected(struct report *r, const struct report_peer *peer)
{
	struct json *o;

	if (!r)
		return;
	r->protocol = peer->protocol;
	o = event("connected");
	put_text(o, "server", peer->server);
	put_text(o, "protocol", peer->protocol);
	put_text(o, "namespace", peer->namespace);
	put_text(o, "pod", peer->pod);
	put_text(o, "container", peer->container);
	say(r, o);
}

void
report_result(struct report *r, enum report_end end, const char *message,
	      uint64_t sent, uint64_t received)
{
	if (!r)
		return;
	free(r->message);
	r->end = end;
	r->message = message ? xstrdup(message) : NULL;
	r->sent = sent;
	r->received = received;
}

/* The reader has a moment to take what is left. */
static void
drain(struct report *r)
{
	int64_t until = clock_ms() + REPORT_WAIT_MS;
	struct pollfd p = {r->sink.fd, POLLOUT, 0};

	while (sink_pending(&r->sink) && clock_ms() < until) {
		(void)poll(&p, 1, clock_left(until));
		sink_write(&r->sink);
	}
	if (r->quiet)
		return;
	if (r->sink.closed)
		warn(r->sink.error, "--status-fd %d", r->fd);
	else if (sink_pending(&r->sink))
		warn(0, "--status-fd %d: its reader does not read", r->fd);
}

void
report_exit(struct report *r, int code)
{
	struct json *o;

	if (!r || r->ended)
		return;
	r->ended = true;
	o = event("exit");
	put_number(o, "code", (uint64_t)code);
	put_text(o, "end", end_names[r->end]);
	put_text(o, "message", r->message);
	put_text(o, "protocol", r->protocol);
	put_number(o, "sent", r->sent);
	put_number(o, "received", r->received);
	say(r, o);
	drain(r);
}
