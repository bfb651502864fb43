/*
 * A process, its stdin queue and its outputs.  An output is watched only while
 * it is known to be empty: whether the client can take more is not known here.
 */
#include "child.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static void
output_ready(struct watch *w, uint32_t events)
{
	struct child *c = w->owner;

	(void)events;
	loop_set(c->loop, w, 0);
	c->ready[w == &c->out[1]] = true;
	c->wake(c->arg);
}

/* Writes what waits for stdin, as far as it goes. */
static void
feed(struct child *c)
{
	struct queue *q = &c->input;

	if (!c->started)
		return;
	while (q->len > 0 && c->in.fd >= 0) {
		ssize_t n = write(c->in.fd, queue_peek(q), q->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			loop_set(c->loop, &c->in, EPOLLOUT);
			return;
		}
		if (n < 0)
			loop_close(c->loop, &c->in);
		else
			queue_drop(q, (size_t)n);
	}
	c->refused |= q->len > 0;
	queue_drop(q, q->len);
	loop_set(c->loop, &c->in, 0);
	if (c->closes)
		loop_close(c->loop, &c->in);
}

static void
input_ready(struct watch *w, uint32_t events)
{
	struct child *c = w->owner;

	(void)events;
	feed(c);
	c->wake(c->arg);
}

static void
watch_init(struct watch *w, struct child *c,
	   void (*ready)(struct watch *, uint32_t))
{
	w->fd = -1;
	w->ready = ready;
	w->owner = c;
}

void
child_init(struct child *c, struct loop *loop, void (*wake)(void *arg),
	   void *arg)
{
	int i;

	memset(c, 0, sizeof(*c));
	c->loop = loop;
	c->wake = wake;
	c->arg = arg;
	watch_init(&c->in, c, input_ready);
	for (i = 0; i < CHILD_OUTPUTS; i++)
		watch_init(&c->out[i], c, output_ready);
}

int
child_start(struct child *c, const struct process_spec *spec)
{
	int cause = process_start(&c->process, spec);

	if (cause)
		return cause;
	c->started = true;
	c->in.fd = c->process.in;
	c->out[0].fd = c->process.out;
	c->out[1].fd = c->process.err;
	c->ready[0] = c->process.out >= 0;
	c->ready[1] = c->process.err >= 0;
	feed(c);
	return 0;
}

void
child_feed(struct child *c, const void *data, size_t n)
{
	if ((c->started && c->in.fd < 0) || c->closes)
		return;
	queue_put(&c->input, data, n);
	feed(c);
}

void
child_close_stdin(struct child *c)
{
	c->closes = true;
	feed(c);
}

size_t
child_read(struct child *c, int i, void *data, size_t n)
{
	ssize_t got;

	if (!c->ready[i])
		return 0;
	do
		got = read(c->out[i].fd, data, n);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		return (size_t)got;
	c->ready[i] = false;
	/* A terminal says EIO when its last user has gone. */
	if (got < 0 && errno == EAGAIN)
		loop_set(c->loop, &c->out[i], EPOLLIN);
	else
		loop_close(c->loop, &c->out[i]);
	return 0;
}

bool
child_silent(const struct child *c, int i)
{
	return c->started && c->out[i].fd < 0;
}

void
child_resize(struct child *c, uint16_t width, uint16_t height)
{
	if (c->in.fd >= 0)
		process_resize(c->in.fd, width, height);
}

void
child_look(struct child *c)
{
	if (c->started && !c->ended && process_ended(&c->process, &c->code)) {
		c->ended = true;
		c->wake(c->arg);
	}
}

bool
child_done(const struct child *c)
{
	return c->ended && c->out[0].fd < 0 && c->out[1].fd < 0;
}

void
child_free(struct child *c)
{
	int i;

	if (c->started)
		process_kill(&c->process);
	loop_close(c->loop, &c->in);
	for (i = 0; i < CHILD_OUTPUTS; i++)
		loop_close(c->loop, &c->out[i]);
	queue_free(&c->input);
}
