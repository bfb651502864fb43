/*
 * The listening socket.
 */
#include "listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int
listen_on(const char *address, int *port)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_PASSIVE,
				 .ai_socktype = SOCK_STREAM};
	struct addrinfo *info;
	struct sockaddr_storage bound;
	socklen_t len = sizeof(bound);
	char service[16];
	int fd = -1, on = 1, saved;

	snprintf(service, sizeof(service), "%d", *port);
	if (getaddrinfo(address, service, &hints, &info) != 0) {
		errno = EADDRNOTAVAIL;
		return -1;
	}
	fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
		    0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, info->ai_addr, info->ai_addrlen) < 0 ||
	    listen(fd, SOMAXCONN) < 0 ||
	    getsockname(fd, (struct sockaddr *)&bound, &len) < 0) {
		saved = errno;
		if (fd >= 0)
			close(fd);
		freeaddrinfo(info);
		errno = saved;
		return -1;
	}
	freeaddrinfo(info);
	if (bound.ss_family == AF_INET6)
		*port = ntohs(((struct sockaddr_in6 *)&bound)->sin6_port);
	else
		*port = ntohs(((struct sockaddr_in *)&bound)->sin_port);
	return fd;
}

int
listen_accept(int fd)
{
	int got, on = 1;

	do
		got = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	while (got < 0 && (errno == EINTR || errno == ECONNABORTED));
	/* As Go does; without it a small answer waits for the client's delayed
	 * acknowledgement of the one before. */
	if (got >= 0)
		setsockopt(got, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return got;
}
