/*
 * The life of an exec session: output as it comes, the verdict when the
 * process has ended and both its outputs are at their end, the end of the
 * protocol.
 *
 * The client's frames are read one after another, and a message to stdin that
 * finds no room stops the reading of all of them, pings too: that is how a
 * real server behaves.
 */
#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/mem.h"

#include "child.h"
#include "size.h"
#include "spdy.h"
#include "status.h"
#include "verdict.h"
#include "ws.h"

enum {
	STDIN_ROOM = 65536,       /* bytes that wait for the process */
	OUT_ROOM = 65536,         /* bytes that wait for the client */
	PONG_ROOM = 4 * OUT_ROOM, /* beyond it nothing is read */
	OUT_CHUNK = 4096,         /* data of one message, as a real server's */
	SLOW_CHUNK = 16,
	SLOW_NS = 2000000,
	STREAMS_SECONDS = 30, /* for a client to open all streams */
	SIZES_MAX = 4096
};

struct session {
	const struct api_exec *exec;
	const struct fault *fault;
	struct loop *loop;
	struct queue *out;
	void (*wake)(void *arg);
	void *arg;

	struct wire *wire;
	struct child child;
	struct watch timer;
	bool begun; /* the client has opened what it has promised */
	bool waits; /* a slow one, until the timer says so */
	bool stuck; /* will never say or hear anything again */
	uint64_t out_sent, in_taken;
	enum session_state state;
	struct queue sizes;
};

/* The client has ended it, or must not go on. */
static void
hang_up(struct session *s, int code)
{
	s->wire->ops->close(s->wire, code);
	s->state = SESSION_OVER;
}

static void
timer_ready(struct watch *w, uint32_t events)
{
	struct session *s = w->owner;
	uint64_t count;

	(void)events;
	if (read(w->fd, &count, sizeof(count)) < 0)
		return;
	s->waits = false;
	if (!s->begun)
		hang_up(s, CLOSE_NORMAL);
	s->wake(s->arg);
}

/* The verdict is told and the connection ends. */
static void
finish(struct session *s, const char *verdict)
{
	const struct fault *f = s->fault;
	struct wire *w = s->wire;

	verdict_put(w, verdict);
	if (f->late) {
		w->ops->put(w, CHANNEL_STDOUT, "late\n", 5);
		w->ops->end(w, CHANNEL_STDOUT);
	}
	s->state = SESSION_OVER;
	switch (f->end) {
	case FAULT_END_RIGHT:
		w->ops->close(w, CLOSE_NORMAL);
		break;
	case FAULT_END_1011:
		w->ops->close(w, CLOSE_INTERNAL);
		break;
	case FAULT_END_DROP:
		s->state = SESSION_DROPPED;
		break;
	case FAULT_END_RESET:
		w->ops->close(w, CLOSE_NORMAL);
		s->state = SESSION_RESET;
		break;
	case FAULT_END_NEVER:
		s->state = SESSION_LINGERS;
		break;
	}
	s->wake(s->arg);
}

/* The kubelet or the runtime could not do it; takes text over. */
static void
finish_failed(struct session *s, char *text)
{
	char *whole = s->exec->protocol == API_V5
			  ? xasprintf("Internal error occurred: %s", text)
			  : xstrdup(text);
	char *verdict =
	    s->exec->protocol < API_V4 ? xstrdup(text) : status_failure(whole);

	finish(s, verdict);
	free(verdict);
	free(whole);
	free(text);
}

static void
finish_ended(struct session *s)
{
	const struct api_exec *e = s->exec;
	char *verdict = NULL, *code = xasprintf("%d", s->child.code);

	if (e->protocol < API_V4)
		verdict = s->child.code
			      ? status_exit_text(e->argv, s->child.code)
			      : NULL;
	else if (s->child.code == 0)
		verdict = status_success();
	else
		verdict = status_exit(e->protocol == API_V5 ? STATUS_TRANSLATED
							    : STATUS_RUNTIME,
				      e->argv, code);
	finish(s, verdict);
	free(verdict);
	free(code);
}

/* The kubelet would not upgrade, which the translator wraps only once; takes
 * text over. */
static void
finish_refused(struct session *s, char *text)
{
	char *whole = xasprintf("unable to upgrade connection: %s", text);
	char *verdict = status_failure(whole);

	finish(s, verdict);
	free(verdict);
	free(whole);
	free(text);
}

static void
start(struct session *s)
{
	const struct api_exec *e = s->exec;
	const struct ephemeral *debug = e->debug;
	char *dir = debug ? xstrdup("/") : pod_folder(&e->pod, e->container);
	char *path =
	    debug ? xstrdup(debug->path) : pod_path(&e->pod, getenv("PATH"));
	struct process_spec spec = {.argv = e->argv,
				    .dir = dir,
				    .path = path,
				    .host = e->pod.name,
				    .in = e->in,
				    .out = e->out,
				    .err = e->err,
				    .tty = e->tty,
				    .uid = debug ? debug->uid : 0,
				    .inside = debug ? &debug->inside : NULL};
	int cause = 0;

	if (!e->in && !e->out && !e->err)
		finish_refused(s, xstrdup("you must specify at least 1 of "
					  "stdin, stdout, stderr"));
	else if (!pod_runs(&e->pod, e->container))
		finish_refused(s, xasprintf("container not found (\"%s\")",
					    e->container));
	else if (!e->argv[0])
		finish_failed(s, status_not_started(NULL, 0));
	else if ((cause = child_start(&s->child, &spec)) != 0)
		finish_failed(s, status_not_started(e->argv[0], cause));
	free(path);
	free(dir);
}

/* How many streams a client of e opens (SPDY). */
static size_t
streams(const struct api_exec *e)
{
	return 1 + (size_t)e->in + (size_t)e->out + (size_t)e->err +
	       (size_t)(e->tty && e->protocol >= API_V3);
}

static void
set_timer(struct session *s, time_t seconds, long ns)
{
	struct itimerspec t = {.it_value = {seconds, ns}};

	timerfd_settime(s->timer.fd, 0, &t, NULL);
}

/* The client has opened all streams. */
static void
begin(struct session *s)
{
	struct wire *w = s->wire;

	s->begun = true;
	set_timer(s, 0, 0);
	if (s->fault->huge_frame) {
		w->ops->huge_frame(w);
		s->state = SESSION_DROPPED;
		return;
	}
	if (!s->fault->mute)
		w->ops->open(w);
	start(s);
}

struct session *
session_new(const struct api_exec *e, struct loop *loop, struct queue *out,
	    void (*wake)(void *arg), void *arg)
{
	struct session *s = xmalloc(sizeof(*s));

	memset(s, 0, sizeof(*s));
	s->exec = e;
	s->fault = &e->pod.fault;
	s->loop = loop;
	s->out = out;
	s->wake = wake;
	s->arg = arg;
	child_init(&s->child, loop, wake, arg);
	s->timer.fd =
	    timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (s->timer.fd < 0)
		die(err_failure(), errno, "timerfd_create");
	s->timer.ready = timer_ready;
	s->timer.owner = s;
	loop_set(loop, &s->timer, EPOLLIN);
	if (e->transport == API_SPDY) {
		s->wire = spdy_new(out, s->fault, streams(e));
		set_timer(s, STREAMS_SECONDS, 0);
	} else {
		s->wire = ws_new(out, s->fault,
				 e->out   ? CHANNEL_STDOUT
				 : e->err ? CHANNEL_STDERR
					  : CHANNEL_STATUS,
				 e->protocol == API_V5);
		begin(s);
	}
	return s;
}

/* Tells that output i has ended, when it has. */
static void
tell_end(struct session *s, int i)
{
	/* A late word needs a stream that is open. */
	if (child_silent(&s->child, i) && !(s->fault->late && i == 0))
		s->wire->ops->end(s->wire,
				  i == 0 ? CHANNEL_STDOUT : CHANNEL_STDERR);
}

/* Reads output i once; false when there is nothing for now. */
static bool
read_output(struct session *s, int i)
{
	const struct fault *f = s->fault;
	bool limited = i == 0 && (f->cuts_out || f->resets_out);
	unsigned char data[OUT_CHUNK];
	size_t n = child_read(&s->child, i, data,
			      f->slow    ? SLOW_CHUNK
			      : f->bytes ? 1
					 : sizeof(data));

	if (n == 0) {
		tell_end(s, i);
		return false;
	}
	if (limited && f->out_bytes - s->out_sent < n)
		n = (size_t)(f->out_bytes - s->out_sent);
	if (i == 0)
		s->out_sent += n;
	s->wire->ops->put(s->wire, i == 0 ? CHANNEL_STDOUT : CHANNEL_STDERR,
			  data, n);
	if (f->slow) {
		s->waits = true;
		set_timer(s, 0, SLOW_NS);
	}
	return true;
}

/* Stdout may be cut, or reset, after so many bytes. */
static void
look_at_limit(struct session *s)
{
	const struct fault *f = s->fault;

	if (s->out_sent < f->out_bytes)
		return;
	if (f->cuts_out)
		s->state = SESSION_DROPPED;
	else if (f->resets_out)
		s->wire->ops->reset(s->wire, CHANNEL_STDOUT);
}

/* The process has ended and its outputs are told. */
static void
child_over(struct session *s)
{
	s->stuck = s->fault->stdin_queue && s->exec->protocol == API_V5 &&
		   (s->child.refused || s->child.input.len > 0);
	if (!s->stuck)
		finish_ended(s);
}

void
session_fill(struct session *s)
{
	if (!s->begun || s->fault->mute)
		return;
	while (s->state == SESSION_RUNS && s->out->len < OUT_ROOM &&
	       !s->waits && !s->stuck) {
		bool any = read_output(s, 0);

		if (!s->waits)
			any |= read_output(s, 1);
		look_at_limit(s);
		if (s->state == SESSION_RUNS && child_done(&s->child))
			child_over(s);
		else if (!any)
			break;
	}
}

void
session_child(struct session *s)
{
	child_look(&s->child);
}

/* Bytes of the stream of sizes; a real server's decoder gives up at the first
 * that is wrong, this one passes over it. */
static void
resize(struct session *s, const unsigned char *data, size_t n)
{
	uint16_t width, height;
	size_t before;

	if (!s->exec->tty || s->sizes.len + n > SIZES_MAX)
		return;
	queue_put(&s->sizes, data, n);
	do {
		before = s->sizes.len;
		if (size_take(&s->sizes, &width, &height))
			child_resize(&s->child, width, height);
	} while (s->sizes.len < before);
}

static void
close_stdin(struct session *s)
{
	/* A terminal has no half close. */
	if (s->exec->tty)
		return;
	child_close_stdin(&s->child);
}

static void
stdin_data(struct session *s, const unsigned char *data, size_t n)
{
	static const struct fault starved = {.status = FAULT_STATUS_NONE,
					     .end = FAULT_END_DROP};
	const struct fault *f = s->fault;
	size_t take = n;

	if (f == &starved)
		return;

	if (f->cuts_in && f->in_bytes - s->in_taken < take)
		take = (size_t)(f->in_bytes - s->in_taken);
	s->in_taken += take;
	child_feed(&s->child, data, take);
	if (f->cuts_in && s->in_taken >= f->in_bytes)
		close_stdin(s);
	if (f->starves && s->in_taken >= f->in_bytes)
		s->fault = s->wire->fault = &starved;
}

static void
take_part(struct session *s, const struct part *part)
{
	switch (part->kind) {
	case PART_NOTHING:
		break;
	case PART_READY:
		begin(s);
		break;
	case PART_STDIN:
		stdin_data(s, part->data, part->n);
		break;
	case PART_RESIZE:
		resize(s, part->data, part->n);
		break;
	case PART_PING:
		if (!s->fault->mute)
			s->wire->ops->pong(s->wire, part->data, part->n);
		break;
	case PART_CLOSE:
		hang_up(s, CLOSE_NORMAL);
		break;
	case PART_BROKEN:
		hang_up(s, CLOSE_PROTOCOL);
		break;
	}
	if (part->ends)
		close_stdin(s);
}

/* Whether frames of the client still mean something. */
static bool
listens(const struct session *s)
{
	return s->state == SESSION_RUNS || s->state == SESSION_LINGERS;
}

/* Whether nothing is read: then the streams are opened all the same. */
static bool
is_deaf(const struct session *s)
{
	return s->stuck || (s->fault->deaf && (s->begun || s->fault->mute));
}

size_t
session_input(struct session *s, const unsigned char *in, size_t n)
{
	size_t used = 0;

	while (listens(s) && !is_deaf(s) && used < n &&
	       s->child.input.len < STDIN_ROOM && s->out->len <= PONG_ROOM) {
		struct part part;

		used += s->wire->ops->take(s->wire, in + used, n - used, &part);
		take_part(s, &part);
	}
	/* What follows the end of a session is of no interest. */
	return listens(s) ? used : n;
}

enum session_state
session_state(const struct session *s)
{
	return s->state;
}

void
session_free(struct session *s)
{
	child_free(&s->child);
	s->wire->ops->free(s->wire);
	loop_close(s->loop, &s->timer);
	queue_free(&s->sizes);
	free(s);
}
