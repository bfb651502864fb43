/*
 * The life of an exec session: first an empty message, then output as it
 * comes, the verdict when the process has ended and both its outputs are at
 * their end, close 1000.
 *
 *	started   the process runs (or could not be started: straight to over)
 *	ended     its exit is known; output may still come
 *	over      the verdict and the close frame are in the queue
 *
 * The client's frames are read one after another, and a message to stdin that
 * finds no room stops the reading of all of them, pings too: that is how a
 * real server behaves.
 */
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/mem.h"

#include "frame.h"
#include "message.h"
#include "process.h"
#include "status.h"

enum {
	STDIN_ROOM = 65536,       /* bytes that wait for the process */
	OUT_ROOM = 65536,         /* bytes that wait for the client */
	PONG_ROOM = 4 * OUT_ROOM, /* beyond it nothing is read */
	OUT_CHUNK = 4096,         /* data of one message, as a real server's */
	SLOW_CHUNK = 16,
	SLOW_NS = 2000000,
	RESIZE_MAX = 4096,
	FRAME_MAX = 32 << 20
};

/* One of the process's outputs. */
struct output {
	struct watch watch;
	int channel;
	bool ready; /* there is something to read */
};

struct session {
	const struct api_exec *exec;
	const struct fault *fault;
	struct loop *loop;
	struct queue *out;
	void (*wake)(void *arg);
	void *arg;

	struct process process;
	bool started, ended;
	int code;
	struct watch in;
	struct output outputs[2];
	struct watch timer; /* for a slow session */
	bool waits;         /* until the timer says so */
	uint64_t out_sent, in_taken;
	enum session_state state;

	struct frame_reader reader;
	int channel;
	unsigned char control[FRAME_CONTROL_MAX];
	struct queue stdin_queue, resize;
	bool stdin_closes; /* when stdin_queue is empty */
	unsigned char signal[2];
};

static void
output_ready(struct watch *w, uint32_t events)
{
	struct session *s = w->owner;
	struct output *o =
	    w == &s->outputs[0].watch ? &s->outputs[0] : &s->outputs[1];

	(void)events;
	/* Read when the client can take it; until then do not ask again. */
	loop_set(s->loop, w, 0);
	o->ready = true;
	s->wake(s->arg);
}

/* Writes what waits for the process's stdin. */
static void
feed(struct session *s)
{
	struct queue *q = &s->stdin_queue;

	while (q->len > 0 && s->in.fd >= 0) {
		ssize_t n = write(s->in.fd, queue_peek(q), q->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			loop_set(s->loop, &s->in, EPOLLOUT);
			return;
		}
		if (n < 0)
			loop_close(s->loop, &s->in);
		else
			queue_drop(q, (size_t)n);
	}
	queue_drop(q, q->len);
	loop_set(s->loop, &s->in, 0);
	if (s->stdin_closes)
		loop_close(s->loop, &s->in);
}

static void
input_ready(struct watch *w, uint32_t events)
{
	struct session *s = w->owner;

	(void)events;
	feed(s);
	s->wake(s->arg);
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
	s->wake(s->arg);
}

static void
watch_init(struct watch *w, struct session *s, int fd,
	   void (*ready)(struct watch *, uint32_t))
{
	w->fd = fd;
	w->events = 0;
	w->ready = ready;
	w->owner = s;
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
	char *verdict = NULL, *code = xasprintf("%d", s->code);

	if (e->protocol == API_V1)
		verdict = s->code ? status_exit_text(e->argv, s->code) : NULL;
	else if (s->code == 0)
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
	} else if ((cause = process_start(&s->process, &spec)) != 0) {
		finish_failed(s, status_not_started(e->argv[0], cause));
	} else {
		s->started = true;
		s->in.fd = s->process.in;
		s->outputs[0].watch.fd = s->process.out;
		s->outputs[1].watch.fd = s->process.err;
		s->outputs[0].ready = s->process.out >= 0;
		s->outputs[1].ready = s->process.err >= 0;
	}
	free(path);
	free(dir);
}

struct session *
session_new(const struct api_exec *e, struct loop *loop, struct queue *out,
	    void (*wake)(void *arg), void *arg)
{
	struct session *s = xmalloc(sizeof(*s));
	int i, first = e->out ? 1 : e->err ? 2 : 3;

	memset(s, 0, sizeof(*s));
	s->exec = e;
	s->fault = &e->pod.fault;
	s->loop = loop;
	s->out = out;
	s->wake = wake;
	s->arg = arg;
	watch_init(&s->in, s, -1, input_ready);
	watch_init(&s->timer, s, -1, timer_ready);
	for (i = 0; i < 2; i++) {
		watch_init(&s->outputs[i].watch, s, -1, output_ready);
		s->outputs[i].channel = i + 1;
	}
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

/* Reads once from o; false when there is nothing more for now. */
static bool
read_output(struct session *s, struct output *o)
{
	const struct fault *f = s->fault;
	unsigned char data[OUT_CHUNK];
	size_t limit = f->slow ? SLOW_CHUNK : sizeof(data), take;
	ssize_t n;

	do
		n = read(o->watch.fd, data, limit);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN) {
		o->ready = false;
		loop_set(s->loop, &o->watch, EPOLLIN);
		return false;
	}
	/* A terminal says EIO when its last user has gone. */
	if (n <= 0) {
		o->ready = false;
		loop_close(s->loop, &o->watch);
		return false;
	}
	take = (size_t)n;
	if (o->channel == 1 && f->cuts_out && f->out_bytes - s->out_sent < take)
		take = (size_t)(f->out_bytes - s->out_sent);
	if (o->channel == 1)
		s->out_sent += take;
	message_put(s->out, f, o->channel, data, take);
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
	int i;

	if (s->fault->mute)
		return;
	while (s->state == SESSION_RUNS && s->out->len < OUT_ROOM &&
	       !s->waits) {
		bool any = false;

		for (i = 0; i < 2 && !s->waits; i++)
			if (s->outputs[i].ready)
				any |= read_output(s, &s->outputs[i]);
		if (s->fault->cuts_out && s->out_sent >= s->fault->out_bytes)
			s->state = SESSION_DROPPED;
		else if (s->ended && s->outputs[0].watch.fd < 0 &&
			 s->outputs[1].watch.fd < 0)
			finish_ended(s);
		else if (!any)
			break;
	}
}

void
session_child(struct session *s)
{
	if (s->started && !s->ended && process_ended(&s->process, &s->code)) {
		s->ended = true;
		s->wake(s->arg);
	}
}

/* Sizes are a stream of JSON objects; one that is whole is at its brace. */
static void
resize(struct session *s, const unsigned char *data, size_t n)
{
	const unsigned char *end;

	if (s->resize.len + n > RESIZE_MAX)
		return;
	queue_put(&s->resize, data, n);
	while (s->resize.len > 0 &&
	       (end = memchr(queue_peek(&s->resize), '}', s->resize.len))) {
		size_t len = (size_t)(end - queue_peek(&s->resize)) + 1;
		char *text =
		    xstrndup((const char *)queue_peek(&s->resize), len);
		unsigned width, height;

		if (sscanf(text, " { \"Width\" : %u , \"Height\" : %u }",
			   &width, &height) == 2 &&
		    s->exec->tty && s->in.fd >= 0 && width < 65536 &&
		    height < 65536)
			process_resize(s->in.fd, (uint16_t)width,
				       (uint16_t)height);
		free(text);
		queue_drop(&s->resize, len);
	}
}

static void
close_stdin(struct session *s)
{
	/* A terminal has no half close. */
	if (s->exec->tty)
		return;
	s->stdin_closes = true;
	feed(s);
}

static void
stdin_data(struct session *s, const unsigned char *data, size_t n)
{
	const struct fault *f = s->fault;
	size_t take = n;

	if (s->in.fd < 0 || s->stdin_closes)
		return;
	if (f->cuts_in && f->in_bytes - s->in_taken < take)
		take = (size_t)(f->in_bytes - s->in_taken);
	s->in_taken += take;
	queue_put(&s->stdin_queue, data, take);
	feed(s);
	if (f->cuts_in && s->in_taken >= f->in_bytes)
		close_stdin(s);
}

/* A part of a frame's payload; it started at pos. */
static void
payload(struct session *s, uint64_t pos, const unsigned char *data, size_t n)
{
	if (s->reader.opcode >= FRAME_CLOSE) {
		memcpy(s->control + pos, data, n);
		return;
	}
	if (pos == 0) {
		s->channel = data[0];
		data++;
		n--;
		pos = 1;
		memset(s->signal, 0, sizeof(s->signal));
	}
	if (s->channel == 0 && s->exec->in)
		stdin_data(s, data, n);
	else if (s->channel == 4)
		resize(s, data, n);
	else if (s->channel == 255 && n > 0)
		s->signal[pos == 1 ? 0 : 1] = data[0];
}

/* A whole frame has come; size is that of its payload. */
static void
frame_end(struct session *s, uint64_t size)
{
	if (s->reader.opcode == FRAME_PING && !s->fault->mute)
		message_control(s->out, FRAME_PONG, s->control, (size_t)size);
	if (s->reader.opcode == FRAME_PING || s->reader.opcode == FRAME_PONG)
		return;
	if (s->reader.opcode == FRAME_CLOSE) {
		message_close(s->out, 1000);
		s->state = SESSION_OVER;
	} else if (size > 0 && s->channel == 255 &&
		   s->exec->protocol == API_V5) {
		if (size == 2 && s->signal[0] == 0) {
			close_stdin(s);
		} else if (size != 2 || s->signal[0] > 4) {
			message_close(s->out, 1000);
			s->state = SESSION_OVER;
		}
	}
}

static void
refuse(struct session *s)
{
	message_close(s->out, 1002);
	s->state = SESSION_OVER;
}

size_t
session_input(struct session *s, const unsigned char *in, size_t n)
{
	struct frame_reader *r = &s->reader;
	size_t used = 0;

	if (s->fault->deaf)
		return 0;
	while (s->state == SESSION_RUNS && used < n) {
		unsigned char plain[OUT_CHUNK];
		uint64_t pos;
		size_t take;

		if (!r->ready) {
			used += frame_take_head(r, in + used, n - used);
			if (!r->ready)
				break;
			if (!r->masked || r->left > FRAME_MAX ||
			    (r->opcode >= FRAME_CLOSE &&
			     r->left > FRAME_CONTROL_MAX))
				refuse(s);
			else if (r->left == 0)
				frame_take_payload(r, plain, NULL, 0);
			if (!r->ready && s->state == SESSION_RUNS)
				frame_end(s, 0);
			continue;
		}
		if (s->stdin_queue.len >= STDIN_ROOM || s->out->len > PONG_ROOM)
			break;
		take = n - used < sizeof(plain) ? n - used : sizeof(plain);
		take = r->left < take ? (size_t)r->left : take;
		pos = r->pos;
		frame_take_payload(r, plain, in + used, take);
		used += take;
		payload(s, pos, plain, take);
		if (!r->ready)
			frame_end(s, pos + take);
	}
	/* What follows the end of a session is of no interest. */
	return s->state == SESSION_RUNS ? used : n;
}

enum session_state
session_state(const struct session *s)
{
	return s->state;
}

void
session_free(struct session *s)
{
	if (s->started && !s->ended)
		process_kill(&s->process);
	loop_close(s->loop, &s->in);
	loop_close(s->loop, &s->outputs[0].watch);
	loop_close(s->loop, &s->outputs[1].watch);
	loop_close(s->loop, &s->timer);
	queue_free(&s->stdin_queue);
	queue_free(&s->resize);
	free(s);
}
