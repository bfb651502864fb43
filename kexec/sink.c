/*
 * Writing without blocking on descriptors that others share.
 */
#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"

void
sink_init(struct sink *s, int fd, size_t cap)
{
	char path[32];
	struct stat st;
	int own = -1;

	memset(s, 0, sizeof *s);
	s->fd = fd;
	s->cap = cap;
	s->buf = xmalloc(cap);
	if (fstat(fd, &st) != 0 || S_ISREG(st.st_mode))
		return;
	/* a pipe or a terminal opened again is a description of our own; a
	 * socket cannot be opened */
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode))
		own = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (own >= 0) {
		s->fd = own;
		s->opened = true;
	} else {
		s->small = true;
	}
}

size_t
sink_room(const struct sink *s)
{
	return s->closed ? s->cap : s->cap - (s->end - s->start);
}

void
sink_put(struct sink *s, const unsigned char *p, size_t n)
{
	if (s->closed || n == 0)
		return;
	if (s->end + n > s->cap) {
		memmove(s->buf, s->buf + s->start, s->end - s->start);
		s->end -= s->start;
		s->start = 0;
	}
	memcpy(s->buf + s->end, p, n);
	s->end += n;
}

bool
sink_pending(const struct sink *s)
{
	return s->end > s->start;
}

/* Whether a small write would not block: poll promises a page of room. */
static bool
writable(int fd)
{
	struct pollfd p = {fd, POLLOUT, 0};

	return poll(&p, 1, 0) > 0;
}

void
sink_write(struct sink *s)
{
	while (sink_pending(s) && !s->closed) {
		size_t n = s->end - s->start;
		ssize_t put;

		if (s->small) {
			if (!writable(s->fd))
				return;
			n = n < PIPE_BUF ? n : PIPE_BUF;
		}
		put = write(s->fd, s->buf + s->start, n);
		if (put >= 0) {
			s->start += (size_t)put;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return;
		s->closed = true;
		s->error = errno;
	}
	s->start = s->end = 0;
}

void
sink_free(struct sink *s)
{
	free(s->buf);
	if (s->opened)
		close(s->fd);
	memset(s, 0, sizeof *s);
}
