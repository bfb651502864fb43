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
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/mem.h"

/* what one byte becomes at most, escaped */
enum { ESCAPED = 4 };

/* Opens the pipe or terminal behind fd again, without blocking; or -1. */
static int
reopen(int fd)
{
	char path[32];
	int flags = fcntl(fd, F_GETFL);

	/* never with more rights than fd has */
	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
		return -1;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

/* The master side of a pseudo-terminal: opened again it is a new one. */
static bool
is_pty_master(int fd)
{
	unsigned number;

	return ioctl(fd, TIOCGPTN, &number) == 0;
}

void
sink_init(struct sink *s, int fd, size_t cap)
{
	struct stat st;
	int own;

	memset(s, 0, sizeof *s);
	s->fd = fd;
	s->cap = cap;
	s->buf = xmalloc(cap);
	if (fstat(fd, &st) != 0)
		return;
	if (S_ISSOCK(st.st_mode))
		s->way = SINK_SOCKET;
	else if (S_ISFIFO(st.st_mode))
		s->way = SINK_PIPE;
	else if (S_ISCHR(st.st_mode) && isatty(fd))
		s->way = SINK_TTY;
	if (s->way != SINK_PIPE && (s->way != SINK_TTY || is_pty_master(fd)))
		return;
	own = reopen(fd);
	if (own >= 0) {
		s->fd = own;
		s->opened = true;
		s->way = SINK_PLAIN;
	}
}

void
sink_escape(struct sink *s)
{
	s->escape = true;
}

size_t
sink_room(const struct sink *s)
{
	size_t room = s->cap - (s->end - s->start);

	if (s->closed)
		return s->cap;
	/* err_escape ends with a NUL */
	return !s->escape ? room : room > 0 ? (room - 1) / ESCAPED : 0;
}

/* There is room for it. */
static void
put_escaped(struct sink *s, const unsigned char *p, size_t n)
{
	while (n > 0) {
		const unsigned char *newline = memchr(p, '\n', n);
		size_t len = newline ? (size_t)(newline - p) : n;

		s->end += err_escape((char *)s->buf + s->end, s->cap - s->end,
				     p, len);
		if (newline)
			s->buf[s->end++] = '\n';
		len += newline != NULL;
		p += len;
		n -= len;
	}
}

void
sink_put(struct sink *s, const unsigned char *p, size_t n)
{
	if (s->closed || n == 0)
		return;
	if (s->end + (s->escape ? ESCAPED * n + 1 : n) > s->cap) {
		memmove(s->buf, s->buf + s->start, s->end - s->start);
		s->end -= s->start;
		s->start = 0;
	}
	if (s->escape) {
		put_escaped(s, p, n);
		return;
	}
	memcpy(s->buf + s->end, p, n);
	s->end += n;
}

bool
sink_pending(const struct sink *s)
{
	return s->end > s->start;
}

static bool
writable(int fd)
{
	struct pollfd p = {fd, POLLOUT, 0};

	return poll(&p, 1, 0) > 0;
}

/* One write that does not block: as write(2). */
static ssize_t
write_some(const struct sink *s)
{
	const unsigned char *p = s->buf + s->start;
	size_t n = s->end - s->start, most = n;

	switch (s->way) {
	case SINK_PLAIN:
		break;
	case SINK_SOCKET:
		return send(s->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	case SINK_PIPE:
		most = PIPE_BUF;
		break;
	case SINK_TTY:
		most = 1;
		break;
	}
	if (s->way != SINK_PLAIN && !writable(s->fd)) {
		errno = EAGAIN;
		return -1;
	}
	return write(s->fd, p, n < most ? n : most);
}

void
sink_write(struct sink *s)
{
	while (sink_pending(s) && !s->closed) {
		ssize_t put = write_some(s);

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
