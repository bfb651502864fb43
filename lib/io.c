/*
 * Whole reads and writes; what is shared about descriptors.
 */
#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"

enum { SLURP_FIRST = 16384, PIPE_BYTES = 1 << 20 };

ssize_t
io_read(int fd, void *buf, size_t n)
{
	ssize_t got;

	do
		got = read(fd, buf, n);
	while (got < 0 && errno == EINTR);
	return got;
}

/* Whoever shares a descriptor may have set O_NONBLOCK.  Waits until fd can do
 * what events says: 0, or -1. */
static int
wait_for(int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};

	return poll(&p, 1, -1) < 0 && errno != EINTR ? -1 : 0;
}

ssize_t
io_read_wait(int fd, void *buf, size_t n)
{
	ssize_t got;

	while ((got = io_read(fd, buf, n)) < 0 && errno == EAGAIN)
		if (wait_for(fd, POLLIN) != 0)
			return -1;
	return got;
}

ssize_t
io_splice_wait(int from, int to, int64_t offset, size_t n)
{
	off_t at = (off_t)offset;
	ssize_t got;

	for (;;) {
		got = splice(from, NULL, to, &at, n, 0);
		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
		if (errno == EAGAIN && wait_for(from, POLLIN) != 0)
			return -1;
	}
}

ssize_t
io_read_full(int fd, void *buf, size_t n)
{
	size_t have = 0;

	while (have < n) {
		ssize_t got = io_read(fd, (char *)buf + have, n - have);

		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

int
io_write_full(int fd, const void *buf, size_t n)
{
	const char *p = buf;

	while (n > 0) {
		ssize_t put = write(fd, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0 && errno == EAGAIN) {
			if (wait_for(fd, POLLOUT) != 0)
				return -1;
			continue;
		}
		if (put < 0)
			return -1;
		p += put;
		n -= (size_t)put;
	}
	return 0;
}

int
io_pwrite_full(int fd, const void *buf, size_t n, int64_t offset)
{
	const char *p = buf;

	while (n > 0) {
		ssize_t put = pwrite(fd, p, n, (off_t)offset);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		p += put;
		n -= (size_t)put;
		offset += put;
	}
	return 0;
}

int
io_slurp(int fd, size_t max, char **buf, size_t *len)
{
	size_t cap = SLURP_FIRST, have = 0;
	struct stat st;
	char *p;
	int saved;

	/* a file that tells its size needs one block */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		cap = (uintmax_t)st.st_size < max ? (size_t)st.st_size + 1
						  : max + 1;
	if (cap > max)
		cap = max + 1;
	p = xmalloc(cap + 1);
	for (;;) {
		ssize_t got = io_read(fd, p + have, cap - have);
		char *bigger;

		if (got < 0)
			goto fail;
		have += (size_t)got;
		if (have > max) {
			errno = EFBIG;
			goto fail;
		}
		if (got == 0)
			break;
		if (have < cap)
			continue;
		/* not realloc, which could leave a copy of a secret behind */
		bigger = xmalloc(cap * 2 + 1);
		memcpy(bigger, p, have);
		wipe_free(p, have);
		p = bigger;
		cap *= 2;
	}
	p[have] = '\0';
	*buf = p;
	*len = have;
	return 0;
fail:
	saved = errno;
	wipe_free(p, have);
	errno = saved;
	return -1;
}

int
io_slurp_path(const char *path, size_t max, char **buf, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int rc, saved;

	if (fd < 0)
		return -1;
	rc = io_slurp(fd, max, buf, len);
	saved = errno;
	close(fd);
	errno = saved;
	return rc;
}

int
io_hold_std(void)
{
	int closed = 0;

	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		/* lower ones are taken, so this is the one open gives */
		if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			return -1;
		closed |= 1 << fd;
	}
	return closed;
}

void
io_grow_pipe(int fd)
{
	int saved = errno;

	(void)fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES);
	errno = saved;
}

int
io_finish_stdout(void)
{
	if (fflush(stdout) != 0)
		return -1;
	return close(STDOUT_FILENO);
}
