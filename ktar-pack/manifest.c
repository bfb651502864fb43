/*
 * Sums of what goes into the stream, taken from the buffer as it passes.  By
 * nettle, its only includer here: it has the instructions of the processor as
 * OpenSSL does, which would make a third of what it costs to start.
 */
#include "manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nettle/sha2.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/usage.h"

enum { BUFFER_BYTES = 32 << 10 };

struct manifest {
	const char *where; /* for messages; the caller's */
	int fd;
	dev_t dev; /* with ino: its file */
	ino_t ino;
	struct sha256_ctx hash;
	unsigned char sum[MANIFEST_SUM_BYTES];
	char *buf;
	size_t len;
};

/* atexit(3) passes no argument */
static struct manifest *unfinished;

/* A descriptor that digits say, -1 when it is a name. */
static int
descriptor(const char *where)
{
	char *end;
	long fd;

	if (strspn(where, "0123456789") != strlen(where) || !*where)
		return -1;
	fd = strtol(where, &end, 10);
	if (fd <= STDERR_FILENO || fd > 1 << 20 || fcntl((int)fd, F_GETFD) < 0)
		usage_error("--manifest %s: no open descriptor above 2", where);
	return (int)fd;
}

struct manifest *
manifest_open(const char *where)
{
	struct manifest *m = xmalloc(sizeof *m);
	struct stat st;

	m->where = where;
	m->fd = descriptor(where);
	if (m->fd < 0)
		m->fd =
		    open(where,
			 O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_CLOEXEC,
			 0666);
	if (m->fd < 0 || fstat(m->fd, &st) != 0)
		die(err_failure(), errno, "%s", where);
	m->dev = st.st_dev;
	m->ino = st.st_ino;
	m->buf = xmalloc(BUFFER_BYTES);
	m->len = 0;
	sha256_init(&m->hash);
	unfinished = m;
	if (atexit(manifest_break) != 0)
		die(err_failure(), ENOMEM, "memory");
	return m;
}

bool
manifest_is(const struct manifest *m, const struct stat *st)
{
	return m && m->dev == st->st_dev && m->ino == st->st_ino;
}

void
manifest_bytes(struct manifest *m, const void *bytes, size_t n)
{
	if (m)
		sha256_update(&m->hash, n, bytes);
}

void
manifest_zeros(struct manifest *m, uint64_t n)
{
	static const unsigned char zeros[32 << 10];

	for (; m && n > 0; n -= n < sizeof zeros ? n : sizeof zeros)
		manifest_bytes(m, zeros,
			       n < sizeof zeros ? (size_t)n : sizeof zeros);
}

void
manifest_flush(struct manifest *m)
{
	size_t len;

	if (!m)
		return;
	len = m->len;
	m->len = 0;
	if (io_write_full(m->fd, m->buf, len) != 0)
		die(err_failure(), errno, "%s", m->where);
}

static void
put(struct manifest *m, char c)
{
	if (m->len == BUFFER_BYTES)
		manifest_flush(m);
	m->buf[m->len++] = c;
}

/* As sha256sum: a line begins with a backslash where the name has escapes. */
void
manifest_link(struct manifest *m, const unsigned char *sum, const char *name)
{
	static const char digit[] = "0123456789abcdef";

	if (!m)
		return;
	if (strpbrk(name, "\\\n"))
		put(m, '\\');
	for (int i = 0; i < MANIFEST_SUM_BYTES; i++) {
		put(m, digit[sum[i] >> 4]);
		put(m, digit[sum[i] & 15]);
	}
	put(m, ' ');
	put(m, ' ');
	for (; *name; name++) {
		if (*name == '\\' || *name == '\n')
			put(m, '\\');
		put(m, *name == '\n' ? 'n' : *name);
	}
	put(m, '\n');
}

const unsigned char *
manifest_file(struct manifest *m, const char *name)
{
	if (!m)
		return NULL;
	/* and begins anew */
	sha256_digest(&m->hash, sizeof m->sum, m->sum);
	manifest_link(m, m->sum, name);
	return m->sum;
}

void
manifest_break(void)
{
	static const char last[] =
	    "\n0000000000000000000000000000000000000000000000000000000000000000"
	    "  /dev/null/ktar-pack: stream broken off\n";
	struct manifest *m = unfinished;

	unfinished = NULL;
	/* the failure that led here has been said */
	if (m && io_write_full(m->fd, m->buf, m->len) == 0)
		(void)io_write_full(m->fd, last, sizeof last - 1);
}

void
manifest_end(struct manifest *m)
{
	if (!m)
		return;
	unfinished = NULL;
	if (close(m->fd) != 0)
		die(err_failure(), errno, "%s", m->where);
	free(m->buf);
	free(m);
}
