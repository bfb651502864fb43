/*
 * A small epoll loop.  Events are fetched one at a time, so that a callback
 * may close any watch without leaving a stale event behind.
 */
#include "loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/mem.h"

enum { TURN_EVENTS = 64 };

struct loop {
	int fd;
};

struct loop *
loop_new(void)
{
	struct loop *l = xmalloc(sizeof(*l));

	l->fd = epoll_create1(EPOLL_CLOEXEC);
	if (l->fd < 0)
		die(err_failure(), errno, "epoll_create1");
	return l;
}

int
loop_fd(const struct loop *l)
{
	return l->fd;
}

void
loop_set(struct loop *l, struct watch *w, uint32_t events)
{
	struct epoll_event e = {.events = events, .data.ptr = w};
	int op = w->events == 0 ? EPOLL_CTL_ADD
		 : events == 0  ? EPOLL_CTL_DEL
				: EPOLL_CTL_MOD;

	if (w->fd < 0 || w->events == events)
		return;
	/* Not watched means removed: epoll reports a hang-up even to those
	 * who asked for nothing. */
	if (epoll_ctl(l->fd, op, w->fd, &e) < 0)
		die(err_failure(), errno, "epoll_ctl");
	w->events = events;
}

void
loop_close(struct loop *l, struct watch *w)
{
	if (w->fd < 0)
		return;
	loop_set(l, w, 0);
	close(w->fd);
	w->fd = -1;
}

void
loop_turn(struct loop *l)
{
	struct epoll_event e;
	int i;

	for (i = 0; i < TURN_EVENTS; i++) {
		struct watch *w;

		if (epoll_wait(l->fd, &e, 1, 0) != 1)
			return;
		w = e.data.ptr;
		w->ready(w, e.events);
	}
}

void
loop_free(struct loop *l)
{
	close(l->fd);
	free(l);
}
