/*
 * The output buffer and the two ways a stream can end.  The breaking of an
 * unfinished stream hangs on atexit(3), so that no way out, a lack of memory
 * included, can leave a stream behind that looks complete.
 *
 * Bodies are copied, not spliced: pages that sit spliced in a pipe still
 * belong to the file, and a write to the file after its body has been checked
 * would change what the reader gets.
 */
#include "out.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/squeeze.h"

#include "block.h"

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
		(void)signal(SIGPIPE, SIG_DFL);
		(void)raise(SIGPIPE);
	}
	die(err_failure(), errno, "stdout");
}

static void
flush(struct out *o)
{
	if (send_on(o, o->buf, o->len) != 0)
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

void
out_begin(struct out *o, int fd)
{
	o->fd = fd;
	o->squeeze = NULL;
	o->buf = xmalloc(OUT_BYTES);
	o->len = 0;
	o->total = 0;
	o->in_body = false;
	o->dead = false;
	io_grow_pipe(fd);
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
	(void)signal(SIGPIPE, SIG_DFL);
}

unsigned char *
out_room(struct out *o, size_t n)
{
	if (n > OUT_BYTES - o->len)
		flush(o);
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
			flush(o);
	}
}

void
out_zero(struct out *o, size_t n)
{
	memset(out_room(o, n), 0, n);
	out_take(o, n);
}

void
out_end(struct out *o)
{
	out_zero(o, 2 * BLOCK);
	if (o->total % RECORD != 0)
		out_zero(o, RECORD - o->total % RECORD);
	flush(o);
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
