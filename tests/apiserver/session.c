/*
 * The life of an exec session: first an empty message, then output as it
 * comes, the verdict when the process has ended and both its outputs are at
 * their end, a close frame.
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
#include "intake.h"
#include "message.h"
#include "status.h"

enum {
	STDIN_ROOM = 65536,       /* bytes that wait for the process */
	OUT_ROOM = 65536,         /* bytes that wait for the client */
	PONG_ROOM = 4 * OUT_ROOM, /* beyond it nothing is read */
	OUT_CHUNK = 4096,         /* data of one message, as a real server's */
	SLOW_CHUNK = 16,
	SLOW_NS = 2000000,
	SIZES_MAX = 4096
};

struct session {
	const struct api_exec *exec;
	const struct fault *fault;
	struct loop *loop;
	struct queue *out;
	void (*wake)(void *arg);
	void *arg;

	struct child child;
	struct watch timer; /* for a slow session */
	bool waits;         /* until the timer says so */
	uint64_t out_sent, in_taken;
	enum session_state state;

	struct intake intake;
	struct queue sizes;
};

static void
timer_ready(struct watch *w, uint32_t events)
{
	struct session *s = w->owner;
	uint64_t count;

	(void)events;
	if (read(w->fd, &count, sizeof(count)) < 0)
		return;
	s->waits = false;
	s->wake(s->arg);
}

/* The verdict is told and the connection ends. */
static void
finish(struct session *s, const char *verdict)
{
	const struct fault *f = s->fault;

	message_verdict(s->out, f, verdict);
	if (f->late)
		message_put(s->out, f, 1, "late\n", 5);
	s->state = SESSION_OVER;
	switch (f->end) {
	case FAULT_END_RIGHT:
		message_close(s->out, 1000);
		break;
	case FAULT_END_1011:
		message_close(s->out, 1011);
		break;
	case FAULT_END_DROP:
		s->state = SESSION_DROPPED;
		break;
	case FAULT_END_RESET:
		message_close(s->out, 1000);
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
	    s->exec->protocol == API_V1 ? xstrdup(text) : status_failure(whole);

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

	if (e->protocol == API_V1)
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

static void
start(struct session *s)
{
	const struct api_exec *e = s->exec;
	const char *machine = getenv("PATH");
	char *dir = pod_folder(&e->pod, e->container);
	char *path = e->pod.path ? xasprintf("%s:%s", e->pod.path,
					     machine ? machine : "/bin")
				 : xstrdup(machine ? machine : "/bin");
	struct process_spec spec = {.argv = e->argv,
				    .dir = dir,
				    .path = path,
				    .host = e->pod.name,
				    .in = e->in,
				    .out = e->out,
				    .err = e->err,
				    .tty = e->tty};
	int cause = 0;

	if (!e->in && !e->out && !e->err) {
		/* The one refusal that the translator wraps only once. */
		char *verdict = status_failure(
		    "unable to upgrade connection: you must specify at least 1 "
		    "of stdin, stdout, stderr");

		finish(s, verdict);
		free(verdict);
	} else if (!e->argv[0]) {
		finish_failed(s, status_not_started(NULL, 0));
	} else if ((cause = child_start(&s->child, &spec)) != 0) {
		finish_failed(s, status_not_started(e->argv[0], cause));
	}
	free(path);
	free(dir);
}

struct session *
session_new(const struct api_exec *e, struct loop *loop, struct queue *out,
	    void (*wake)(void *arg), void *arg)
{
	struct session *s = xmalloc(sizeof(*s));
	int first = e->out ? 1 : e->err ? 2 : 3;

	memset(s, 0, sizeof(*s));
	s->exec = e;
	s->fault = &e->pod.fault;
	s->loop = loop;
	s->out = out;
	s->wake = wake;
	s->arg = arg;
	child_init(&s->child, loop, wake, arg);
	s->timer.fd = -1;
	s->timer.ready = timer_ready;
	s->timer.owner = s;
	if (s->fault->slow) {
		s->timer.fd =
		    timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
		if (s->timer.fd < 0)
			die(err_failure(), errno, "timerfd_create");
		loop_set(loop, &s->timer, EPOLLIN);
	}
	if (s->fault->huge_frame) {
		message_huge_frame(out);
		s->state = SESSION_DROPPED;
		return s;
	}
	if (!s->fault->mute)
		message_put(out, s->fault, first, NULL, 0);
	start(s);
	return s;
}

/* Reads output i once; false when there is nothing for now. */
static bool
read_output(struct session *s, int i)
{
	const struct fault *f = s->fault;
	unsigned char data[OUT_CHUNK];
	size_t n =
	    child_read(&s->child, i, data, f->slow ? SLOW_CHUNK : sizeof(data));

	if (n == 0)
		return false;
	if (i == 0 && f->cuts_out && f->out_bytes - s->out_sent < n)
		n = (size_t)(f->out_bytes - s->out_sent);
	if (i == 0)
		s->out_sent += n;
	message_put(s->out, f, i + 1, data, n);
	if (f->slow) {
		struct itimerspec t = {.it_value.tv_nsec = SLOW_NS};

		s->waits = true;
		timerfd_settime(s->timer.fd, 0, &t, NULL);
	}
	return true;
}

void
session_fill(struct session *s)
{
	if (s->fault->mute)
		return;
	while (s->state == SESSION_RUNS && s->out->len < OUT_ROOM &&
	       !s->waits) {
		bool any = read_output(s, 0);

		if (!s->waits)
			any |= read_output(s, 1);
		if (s->fault->cuts_out && s->out_sent >= s->fault->out_bytes)
			s->state = SESSION_DROPPED;
		else if (child_done(&s->child))
			finish_ended(s);
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
		if (intake_size(&s->sizes, &width, &height))
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
	const struct fault *f = s->fault;
	size_t take = n;

	if (f->cuts_in && f->in_bytes - s->in_taken < take)
		take = (size_t)(f->in_bytes - s->in_taken);
	s->in_taken += take;
	child_feed(&s->child, data, take);
	if (f->cuts_in && s->in_taken >= f->in_bytes)
		close_stdin(s);
}

/* The client has ended it, or must not go on. */
static void
hang_up(struct session *s, int code)
{
	message_close(s->out, code);
	s->state = SESSION_OVER;
}

static void
take_part(struct session *s, const struct intake_part *part)
{
	switch (part->kind) {
	case INTAKE_NOTHING:
		break;
	case INTAKE_STDIN:
		stdin_data(s, part->data, part->n);
		break;
	case INTAKE_RESIZE:
		resize(s, part->data, part->n);
		break;
	case INTAKE_PING:
		if (!s->fault->mute)
			message_control(s->out, FRAME_PONG, part->data,
					part->n);
		break;
	case INTAKE_CLOSE:
		hang_up(s, 1000);
		break;
	case INTAKE_HALF_CLOSE:
		if (s->exec->protocol == API_V5)
			close_stdin(s);
		break;
	case INTAKE_STRANGE:
		if (s->exec->protocol == API_V5)
			hang_up(s, 1000);
		break;
	case INTAKE_BROKEN:
		hang_up(s, 1002);
		break;
	}
}

/* Whether frames of the client still mean something. */
static bool
listens(const struct session *s)
{
	return s->state == SESSION_RUNS || s->state == SESSION_LINGERS;
}

size_t
session_input(struct session *s, const unsigned char *in, size_t n)
{
	size_t used = 0;

	if (s->fault->deaf)
		return 0;
	while (listens(s) && used < n && s->child.input.len < STDIN_ROOM &&
	       s->out->len <= PONG_ROOM) {
		struct intake_part part;

		used += intake_take(&s->intake, in + used, n - used, &part);
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
	loop_close(s->loop, &s->timer);
	queue_free(&s->sizes);
	free(s);
}
