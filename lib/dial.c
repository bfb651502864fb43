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

/* An idle connection is asked for life after 30 s, and given up 30 s later. */
enum { KEEP_IDLE_S = 30, KEEP_INTERVAL_S = 10, KEEP_COUNT = 3 };

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

/* Waits until fd is connected.  Returns 0 or an errno. */
static int
finish_connect(int fd, int64_t deadline)
{
	struct pollfd p = {fd, POLLOUT, 0};
	socklen_t len = sizeof(int);
	int e = 0, n;

	do
		n = poll(&p, 1, clock_left(deadline));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno;
	if (n == 0)
		return ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &len) != 0)
		return errno;
	return e;
}

static int
try_address(const struct addrinfo *a, int64_t deadline, int *e)
{
	int fd =
	    socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
		   a->ai_protocol);

	if (fd < 0) {
		*e = errno;
		return -1;
	}
	*e = 0;
	if (connect(fd, a->ai_addr, a->ai_addrlen) != 0)
		*e =
		    errno == EINPROGRESS ? finish_connect(fd, deadline) : errno;
	if (*e == 0)
		return fd;
	close(fd);
	return -1;
}

/* An address's share of the time that is left for it and those behind it. */
static int64_t
share(const struct addrinfo *a, int64_t deadline)
{
	int n = 0;

	if (deadline < 0)
		return -1;
	for (; a; a = a->ai_next)
		n++;
	return clock_ms() + clock_left(deadline) / n;
}

int
dial(const char *host, const char *port, int64_t deadline, char *why,
     size_t cap)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
				 .ai_flags = AI_NUMERICSERV};
	struct addrinfo *list, *a;
	int rc = getaddrinfo(host, port, &hints, &list), fd = -1, e = 0;

	if (rc != 0) {
		snprintf(why, cap, "%s",
			 rc == EAI_SYSTEM ? strerror(errno) : gai_strerror(rc));
		return -1;
	}
	for (a = list; a && fd < 0; a = a->ai_next)
		fd = try_address(a, share(a, deadline), &e);
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
