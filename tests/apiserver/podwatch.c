/*
 * Watches: what has changed between two looks at the tree.
 */
#include "podwatch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/mem.h"

enum { LOOKS = 20, OUT_ROOM = 1 << 20 };

struct podwatch {
	struct podquery query;
	struct podlist last;
	struct loop *loop;
	struct queue *out;
	void (*wake)(void *arg);
	void *arg;
	struct watch timer;
	uint64_t looks, most; /* 0: no end */
	bool over;
};

static void
put_chunk(struct podwatch *w, const char *text, size_t n)
{
	char *head = xasprintf("%zx\r\n", n);

	queue_put(w->out, head, strlen(head));
	queue_put(w->out, text, n);
	queue_put(w->out, "\r\n", 2);
	free(head);
}

static void
put_event(struct podwatch *w, const char *type, const struct listed *pod)
{
	char *text = xasprintf("{\"type\":\"%s\",\"object\":%.*s}\n", type,
			       (int)strcspn(pod->json, "\n"), pod->json);

	put_chunk(w, text, strlen(text));
	free(text);
}

/* Tells what is different from the last look; both lists are sorted. */
static void
look(struct podwatch *w)
{
	struct podlist now;
	size_t i = 0, k = 0;

	podlist_load(&now, &w->query);
	while (i < w->last.n || k < now.n) {
		const struct listed *old =
		    i < w->last.n ? &w->last.pods[i] : NULL;
		const struct listed *new = k < now.n ? &now.pods[k] : NULL;
		int order = !old ? 1 : !new ? -1 : strcmp(old->key, new->key);

		if (order < 0)
			put_event(w, "DELETED", old);
		else if (order > 0)
			put_event(w, "ADDED", new);
		else if (strcmp(old->json, new->json) != 0)
			put_event(w, "MODIFIED", new);
		i += order <= 0;
		k += order >= 0;
	}
	podlist_free(&w->last);
	w->last = now;
}

static void
timer_ready(struct watch *timer, uint32_t events)
{
	struct podwatch *w = timer->owner;
	uint64_t count;

	(void)events;
	if (read(timer->fd, &count, sizeof(count)) < 0 || w->over)
		return;
	w->looks += count;
	if (w->out->len < OUT_ROOM)
		look(w);
	if (w->most > 0 && w->looks >= w->most) {
		put_chunk(w, NULL, 0);
		w->over = true;
	}
	if (w->out->len > 0)
		w->wake(w->arg);
}

struct podwatch *
podwatch_new(struct podquery *q, long seconds, struct loop *loop,
	     struct queue *out, void (*wake)(void *arg), void *arg)
{
	struct podwatch *w = xmalloc(sizeof(*w));
	struct timespec period = {.tv_nsec = 1000000000 / LOOKS};
	struct itimerspec t = {period, period};

	memset(w, 0, sizeof(*w));
	w->query = *q;
	memset(q, 0, sizeof(*q));
	w->most = seconds > 0 ? (uint64_t)seconds * LOOKS : 0;
	w->loop = loop;
	w->out = out;
	w->wake = wake;
	w->arg = arg;
	w->timer.fd =
	    timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (w->timer.fd < 0)
		die(err_failure(), errno, "timerfd_create");
	w->timer.ready = timer_ready;
	w->timer.owner = w;
	loop_set(loop, &w->timer, EPOLLIN);
	timerfd_settime(w->timer.fd, 0, &t, NULL);
	look(w);
	return w;
}

bool
podwatch_over(const struct podwatch *w)
{
	return w->over;
}

void
podwatch_free(struct podwatch *w)
{
	loop_close(w->loop, &w->timer);
	podquery_free(&w->query);
	podlist_free(&w->last);
	free(w);
}
