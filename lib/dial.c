/*
 * TCP.
 */
#include "dial.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "resolve.h"

/* An idle connection is asked for life after 30 s, and given up 30 s later. */
enum { KEEP_IDLE_S = 30, KEEP_INTERVAL_S = 10, KEEP_COUNT = 3 };

/* An address is given that long before the next one is tried as well; so many
 * are tried at most. */
enum { STAGGER_MS = 250, MAX_TRIES = 16 };

/* With bytes on their way: so many tries, so long without an answer. */
enum { LOST_TRIES = 3, LOST_MS = 60000 };

static void
set(int fd, int level, int name, int value)
{
	/* each of these makes it better and none is needed */
	(void)setsockopt(fd, level, name, &value, sizeof value);
}

void
dial_keepalive(int fd)
{
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE_S);
	set(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEP_INTERVAL_S);
	set(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEP_COUNT);
}

/*
 * The addresses of list in the order to try them: the resolver's, but the
 * families take turns (RFC 8305, section 4).  Returns how many.
 */
static size_t
take_turns(const struct addrinfo *list, const struct addrinfo *out[MAX_TRIES])
{
	const struct addrinfo *same = list, *other = list, **from;
	size_t n = 0;

	while (n < MAX_TRIES) {
		while (same && same->ai_family != list->ai_family)
			same = same->ai_next;
		while (other && other->ai_family == list->ai_family)
			other = other->ai_next;
		if (!same && !other)
			break;
		from = (n % 2 == 0 && same) || !other ? &same : &other;
		out[n++] = *from;
		*from = (*from)->ai_next;
	}
	return n;
}

/* Begins to connect to a.  Returns the descriptor; or -1 and *e. */
static int
begin(const struct addrinfo *a, int *e)
{
	int fd =
	    socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
		   a->ai_protocol);

	if (fd < 0) {
		*e = errno;
		return -1;
	}
	if (connect(fd, a->ai_addr, a->ai_addrlen) != 0 &&
	    errno != EINPROGRESS) {
		*e = errno;
		close(fd);
		return -1;
	}
	return fd;
}

/* Several attempts at once; p[0] to p[n - 1] have begun, -1 have failed. */
struct race {
	struct pollfd p[MAX_TRIES];
	size_t n, running;
	int64_t next; /* when the next may begin */
	int errnum;   /* why the last one failed */
};

/* Looks at what poll has said.  Returns the descriptor that is connected, which
 * is none of r's any more, or -1. */
static int
winner(struct race *r)
{
	for (size_t i = 0; i < r->n; i++) {
		int fd = r->p[i].fd, e = 0;
		socklen_t len = sizeof e;

		if (fd < 0 || !r->p[i].revents)
			continue;
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &len) != 0)
			e = errno;
		r->p[i].fd = -1;
		if (e == 0)
			return fd;
		close(fd);
		r->errnum = e;
		r->running--;
		/* that one's turn is over */
		r->next = clock_ms();
	}
	return -1;
}

/* Connects to the first of the n addresses that answers (RFC 8305, section 5).
 * Returns the descriptor; or -1 and *e. */
static int
run_race(const struct addrinfo *const a[], size_t n, int64_t deadline, int *e)
{
	struct race r = {.next = clock_ms(), .errnum = EADDRNOTAVAIL};
	int fd = -1;

	while (fd < 0 && (r.running > 0 || r.n < n)) {
		int64_t now = clock_ms(), until = deadline;

		if (deadline >= 0 && now >= deadline) {
			r.errnum = ETIMEDOUT;
			break;
		}
		if (r.n < n && (r.running == 0 || now >= r.next)) {
			r.p[r.n].fd = begin(a[r.n], &r.errnum);
			r.p[r.n].events = POLLOUT;
			r.running += r.p[r.n++].fd >= 0;
			r.next = now + STAGGER_MS;
			continue;
		}
		if (r.n < n && (until < 0 || r.next < until))
			until = r.next;
		if (poll(r.p, r.n, clock_left(until)) > 0)
			fd = winner(&r);
	}
	for (size_t i = 0; i < r.n; i++) {
		if (r.p[i].fd >= 0)
			close(r.p[i].fd);
	}
	*e = r.errnum;
	return fd;
}

int
dial(const char *host, const char *port, int64_t deadline, char *why,
     size_t cap)
{
	const struct addrinfo *a[MAX_TRIES];
	struct addrinfo *list;
	int fd, e;

	if (resolve(&list, host, port, deadline, why, cap) != 0)
		return -1;
	fd = run_race(a, take_turns(list, a), deadline, &e);
	freeaddrinfo(list);
	if (fd < 0) {
		snprintf(why, cap, "%s", strerror(e));
		return -1;
	}
	dial_keepalive(fd);
	return fd;
}

bool
dial_lost(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof info;

	memset(&info, 0, sizeof info);
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
		return false;
	return (info.tcpi_retransmits >= LOST_TRIES ||
		info.tcpi_probes >= LOST_TRIES) &&
	       info.tcpi_last_ack_recv >= LOST_MS;
}
