/*
 * The system's resolver, which has times of its own and cannot be told of
 * others: it is asked by a thread, which is left behind when it takes too long.
 */
#include "resolve.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "mem.h"

/* One question.  Whoever is the last to look at it frees it. */
struct question {
	pthread_mutex_t lock;
	pthread_cond_t answered;
	bool done, abandoned;
	char *host, *port;
	struct addrinfo *list;
	int rc, errnum;
};

static void
question_free(struct question *q)
{
	pthread_cond_destroy(&q->answered);
	pthread_mutex_destroy(&q->lock);
	free(q->host);
	free(q->port);
	free(q);
}

/* As getaddrinfo, with errno in *errnum. */
static int
ask(struct addrinfo **list, const char *host, const char *port, int flags,
    int *errnum)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
				 .ai_flags = AI_NUMERICSERV | flags};
	int rc = getaddrinfo(host, port, &hints, list);

	*errnum = errno;
	return rc;
}

static void *
ask_aside(void *arg)
{
	struct question *q = arg;
	struct addrinfo *list = NULL;
	int errnum, rc = ask(&list, q->host, q->port, 0, &errnum);
	bool abandoned;

	pthread_mutex_lock(&q->lock);
	abandoned = q->abandoned;
	q->done = true;
	q->rc = rc;
	q->errnum = errnum;
	q->list = list;
	pthread_cond_signal(&q->answered);
	pthread_mutex_unlock(&q->lock);
	if (abandoned) {
		if (rc == 0)
			freeaddrinfo(list);
		question_free(q);
	}
	return NULL;
}

static struct question *
question_new(const char *host, const char *port)
{
	struct question *q = xmalloc(sizeof *q);
	pthread_condattr_t attr;

	memset(q, 0, sizeof *q);
	pthread_mutex_init(&q->lock, NULL);
	pthread_condattr_init(&attr);
	/* clock_ms is on that clock */
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&q->answered, &attr);
	pthread_condattr_destroy(&attr);
	q->host = xstrdup(host);
	q->port = xstrdup(port);
	return q;
}

/* Starts a thread that gets no signals: they are for the caller.  Returns 0 or
 * an errno. */
static int
start(struct question *q)
{
	sigset_t all, before;
	pthread_t thread;
	int e;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	e = pthread_create(&thread, NULL, ask_aside, q);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (e == 0)
		pthread_detach(thread);
	return e;
}

/* As ask, until deadline, which is EAI_SYSTEM with ETIMEDOUT. */
static int
ask_until(struct addrinfo **list, const char *host, const char *port,
	  int64_t deadline, int *errnum)
{
	struct timespec end = {.tv_sec = deadline / 1000,
			       .tv_nsec = deadline % 1000 * 1000000};
	struct question *q = question_new(host, port);
	int rc = EAI_SYSTEM, e = 0;
	bool done;

	*errnum = start(q);
	if (*errnum != 0) {
		question_free(q);
		return rc;
	}
	pthread_mutex_lock(&q->lock);
	while (!q->done && e == 0)
		e = pthread_cond_timedwait(&q->answered, &q->lock, &end);
	done = q->done;
	q->abandoned = !done;
	if (done) {
		rc = q->rc;
		*errnum = q->errnum;
		*list = q->list;
	} else {
		*errnum = e;
	}
	pthread_mutex_unlock(&q->lock);
	if (done)
		question_free(q);
	return rc;
}

int
resolve(struct addrinfo **list, const char *host, const char *port,
	int64_t deadline, char *why, size_t cap)
{
	/* an address needs no resolver, and so no thread */
	int errnum, rc = ask(list, host, port, AI_NUMERICHOST, &errnum);

	if (rc == EAI_NONAME)
		rc = deadline < 0
			 ? ask(list, host, port, 0, &errnum)
			 : ask_until(list, host, port, deadline, &errnum);
	if (rc == 0)
		return 0;
	snprintf(why, cap, "%s",
		 rc == EAI_SYSTEM ? strerror(errnum) : gai_strerror(rc));
	return -1;
}
