/*
 * The output buffer and the two ways a stream can end.  The breaking of an
 * unfinished stream hangs on atexit(3), so that no way out, a lack of memory
 * included, can leave a stream behind that looks complete.
 *
 * Large bodies are spliced into a pipe: that costs a fifth of what copying
 * does.  Pages that sit spliced in a pipe still belong to the file, and a write
 * to it would change what the reader gets, after a check for changes that came
 * too early.  So the check comes when the reader has taken them (held); that is
 * as late as can be known, and a pipe that does not tell is copied into.
 */
#include "out.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/meter.h"
#include "lib/squeeze.h"

#include "block.h"
#include "manifest.h"
#include "stop.h"

/* atexit(3) passes no argument */
static struct out *unfinished;

static int
send_on(struct out *o, const void *bytes, size_t n)
{
	return o->squeeze ? squeeze_write(o->squeeze, o->fd, bytes, n)
			  : io_write_full(o->fd, bytes, n);
}

static _Noreturn void
give_up(struct out *o)
{
	o->dead = true;
	/* without a word, as if it had not been ignored */
	if (errno == EPIPE) {
		manifest_break();
		err_undraw();
		(void)signal(SIGPIPE, SIG_DFL);
		(void)raise(SIGPIPE);
	}
	die(err_failure(), errno, "stdout");
}

/* From here to meter_go it is the reader that is waited for. */
static void
wait_in(struct out *o)
{
	meter_add(o->total - o->metered, 0);
	o->metered = o->total;
	meter_wait();
}

void
out_flush(struct out *o)
{
	int rc;

	wait_in(o);
	rc = send_on(o, o->buf, o->len);
	meter_go();
	if (rc != 0)
		give_up(o);
	o->len = 0;
}

/*
 * Makes sure that no reader takes what was sent for a whole archive.  Inside a
 * body it is enough to stop: bytes are missing that the header has promised,
 * and whatever came here would become content of the file.
 */
static void
break_off(void)
{
	struct out *o = unfinished;
	size_t n = o->len;

	if (o->dead)
		return;
	if (!o->in_body) {
		if (n + BLOCK > OUT_BYTES) {
			if (send_on(o, o->buf, n) != 0)
				return;
			n = 0;
		}
		block_poison(o->buf + n);
		n += BLOCK;
	}
	/* the failure that led here has been said; a second one adds nothing */
	if (send_on(o, o->buf, n) == 0 && o->squeeze)
		(void)squeeze_flush(o->squeeze, o->fd);
}

/* What the pipe fd holds; 0 where it is none, or one that is too large or does
 * not say what is in it. */
static size_t
pipe_bytes(int fd)
{
	int size = fcntl(fd, F_GETPIPE_SZ), left;

	if (size <= 0 || size > OUT_PIPE_BYTES || ioctl(fd, FIONREAD, &left))
		return 0;
	return (size_t)size;
}

void
out_begin(struct out *o, int fd)
{
	o->fd = fd;
	o->squeeze = NULL;
	o->buf = xmalloc(OUT_BYTES);
	o->len = 0;
	o->total = o->metered = 0;
	o->in_body = false;
	o->dead = false;
	io_grow_pipe(fd);
	o->pipe = pipe_bytes(fd);
	/* when nobody reads stderr the stream must still be broken off */
	(void)signal(SIGPIPE, SIG_IGN);
	unfinished = o;
	if (atexit(break_off) != 0)
		die(err_failure(), ENOMEM, "memory");
}

void
out_squeeze(struct out *o, struct squeeze *squeeze)
{
	o->squeeze = squeeze;
}

void
out_forget(struct out *o)
{
	o->dead = true;
	free(o->buf);
	o->buf = NULL;
	(void)signal(SIGPIPE, SIG_DFL);
}

unsigned char *
out_room(struct out *o, size_t n)
{
	if (n > OUT_BYTES - o->len)
		out_flush(o);
	return o->buf + o->len;
}

void
out_take(struct out *o, size_t n)
{
	o->len += n;
	o->total += n;
}

void
out_put(struct out *o, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	while (n > 0) {
		size_t part = n < OUT_BYTES - o->len ? n : OUT_BYTES - o->len;

		memcpy(o->buf + o->len, p, part);
		out_take(o, part);
		p += part;
		n -= part;
		if (o->len == OUT_BYTES)
			out_flush(o);
	}
}

void
out_zero(struct out *o, size_t n)
{
	memset(out_room(o, n), 0, n);
	out_take(o, n);
}

size_t
out_zeros(struct out *o, uint64_t n)
{
	/* never written to, so its pages may lie in the pipe for long */
	static const _Alignas(4096) unsigned char zeros[4096];
	enum { PIECES = 256 };
	struct iovec piece[PIECES];
	size_t pieces = 0;
	ssize_t put = -1;

	if (out_splices(o) && n >= OUT_BYTES) {
		out_flush(o);
		for (; pieces < PIECES && (pieces + 1) * sizeof zeros <= n;
		     pieces++) {
			piece[pieces].iov_base = (void *)(uintptr_t)zeros;
			piece[pieces].iov_len = sizeof zeros;
		}
		wait_in(o);
		put = vmsplice(o->fd, piece, pieces, 0);
		meter_go();
	}
	if (put > 0) {
		o->total += (size_t)put;
		return (size_t)put;
	}
	/* by hand what is little, or was interrupted, or cannot be done so */
	if (n > OUT_BYTES)
		n = OUT_BYTES;
	out_zero(o, (size_t)n);
	return (size_t)n;
}

bool
out_splices(const struct out *o)
{
	return o->pipe > 0 && !o->squeeze;
}

ssize_t
out_splice(struct out *o, int fd, uint64_t n)
{
	enum { MOST = 1 << 20 };
	ssize_t put;

	out_flush(o);
	for (;;) {
		wait_in(o);
		put = splice(fd, NULL, o->fd, NULL, n < MOST ? (size_t)n : MOST,
			     0);
		meter_go();
		if (put >= 0 || (errno != EINTR && errno != EAGAIN))
			break;
		if (errno == EAGAIN) {
			struct pollfd room = {o->fd, POLLOUT, 0};

			(void)poll(&room, 1, -1);
		}
		stop_check();
	}
	if (put < 0 && errno == EPIPE)
		give_up(o);
	if (put > 0)
		o->total += (size_t)put;
	return put;
}

uint64_t
out_taken(const struct out *o)
{
	uint64_t sent = o->total - o->len;

	return sent > o->pipe ? sent - o->pipe : 0;
}

uint64_t
out_reached(const struct out *o)
{
	uint64_t sent = o->total - o->len;
	int left;

	if (ioctl(o->fd, FIONREAD, &left) != 0)
		return out_taken(o);
	return sent - (uint64_t)left;
}

void
out_end(struct out *o)
{
	out_zero(o, 2 * BLOCK);
	if (o->total % RECORD != 0)
		out_zero(o, RECORD - o->total % RECORD);
	out_flush(o);
	if (o->squeeze && squeeze_end(o->squeeze, o->fd) != 0)
		give_up(o);
	o->dead = true;
	squeeze_free(o->squeeze);
	o->squeeze = NULL;
	if (close(o->fd) != 0)
		die(err_failure(), errno, "stdout");
	free(o->buf);
	o->buf = NULL;
}
