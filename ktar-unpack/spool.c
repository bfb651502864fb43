/*
 * The tail of the spool is in memory, what came before it in the file.
 */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "lib/mem.h"

enum { TAIL_BYTES = 1 << 18 };

struct spool {
	int dir, fd;
	int64_t base; /* bytes in the file */
	size_t used;  /* bytes in tail */
	unsigned char tail[TAIL_BYTES];
};

struct spool *
spool_new(int dir)
{
	struct spool *s = xmalloc(sizeof *s);

	s->dir = dir;
	s->fd = -1;
	s->base = 0;
	s->used = 0;
	return s;
}

void
spool_free(struct spool *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

static int
open_file(struct spool *s)
{
	char name[40];
	uint64_t r;

	s->fd = openat(s->dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (s->fd >= 0)
		return 0;
	/* a file system without such files: one whose name goes at once */
	if (getrandom(&r, sizeof r, 0) != sizeof r)
		return -1;
	snprintf(name, sizeof name, ".ktar-unpack-%016llx",
		 (unsigned long long)r);
	s->fd =
	    openat(s->dir, name,
		   O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (s->fd < 0)
		return -1;
	return unlinkat(s->dir, name, 0);
}

/* pread or pwrite of all n bytes; the file is as long as base. */
static int
transfer(struct spool *s, int64_t offset, void *in, const void *out, size_t n)
{
	size_t at = 0;

	while (at < n) {
		off_t where = (off_t)offset + (off_t)at;
		ssize_t done =
		    out ? pwrite(s->fd, (const char *)out + at, n - at, where)
			: pread(s->fd, (char *)in + at, n - at, where);

		if (done < 0 && errno == EINTR)
			continue;
		if (done == 0)
			errno = EIO;
		if (done <= 0)
			return -1;
		at += (size_t)done;
	}
	return 0;
}

static int
flush(struct spool *s)
{
	if (s->fd < 0 && open_file(s) != 0)
		return -1;
	if (transfer(s, s->base, NULL, s->tail, s->used) != 0)
		return -1;
	s->base += (int64_t)s->used;
	s->used = 0;
	return 0;
}

int64_t
spool_add(struct spool *s, const void *p, size_t n)
{
	int64_t offset = s->base + (int64_t)s->used;
	const unsigned char *at = p;

	while (n > 0) {
		size_t some = TAIL_BYTES - s->used;

		if (some > n)
			some = n;
		memcpy(s->tail + s->used, at, some);
		s->used += some;
		at += some;
		n -= some;
		if (s->used == TAIL_BYTES && flush(s) != 0)
			return -1;
	}
	return offset;
}

/* How many of the n bytes at offset are in the file. */
static size_t
in_file(const struct spool *s, int64_t offset, size_t n)
{
	if (offset >= s->base)
		return 0;
	return s->base - offset < (int64_t)n ? (size_t)(s->base - offset) : n;
}

int
spool_get(struct spool *s, int64_t offset, void *p, size_t n)
{
	size_t first = in_file(s, offset, n);

	if (first > 0 && transfer(s, offset, p, NULL, first) != 0)
		return -1;
	if (n > first)
		memcpy((char *)p + first,
		       s->tail + (offset + (int64_t)first - s->base),
		       n - first);
	return 0;
}

int
spool_put(struct spool *s, int64_t offset, const void *p, size_t n)
{
	size_t first = in_file(s, offset, n);

	if (first > 0 && transfer(s, offset, NULL, p, first) != 0)
		return -1;
	if (n > first)
		memcpy(s->tail + (offset + (int64_t)first - s->base),
		       (const char *)p + first, n - first);
	return 0;
}
