/*
 * Files in the pipe.  A pipe is first in, first out: when as many bytes as it
 * holds have been written behind a body, the reader has that body; at the end
 * of the stream the pipe tells how much is left in it.
 */
#include "held.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/meter.h"

#include "pack.h"
#include "stop.h"

/* how long to wait between two looks at the pipe, in milliseconds */
enum { FIRST_WAIT = 1, LAST_WAIT = 16 };

bool
held_changed(const struct stat *was, const struct stat *now)
{
	return was->st_size != now->st_size ||
	       was->st_mtim.tv_sec != now->st_mtim.tv_sec ||
	       was->st_mtim.tv_nsec != now->st_mtim.tv_nsec ||
	       (was->st_nlink == now->st_nlink &&
		(was->st_ctim.tv_sec != now->st_ctim.tv_sec ||
		 was->st_ctim.tv_nsec != now->st_ctim.tv_nsec));
}

/* Looks at those whose body ends within the first taken bytes of the stream,
 * and closes them. */
static void
release(struct pack *p, uint64_t taken)
{
	struct held *h = &p->held;
	size_t i;

	for (i = 0; i < h->n && h->file[i].end <= taken; i++) {
		struct held_file *f = &h->file[i];
		struct stat now;

		if (fstat(f->fd, &now) != 0 || held_changed(&f->st, &now))
			pack_odd_as(p, f->shown, "changed while it was packed");
		close(f->fd);
		free(f->shown);
	}
	h->n -= i;
	memmove(h->file, h->file + i, h->n * sizeof h->file[0]);
}

void
held_add(struct pack *p, int fd, const struct stat *st)
{
	struct held *h = &p->held;
	struct held_file *f;

	release(p, out_taken(&p->out));
	if (h->n == HELD_MAX)
		held_settle(p);
	f = &h->file[h->n++];
	f->fd = fd;
	f->st = *st;
	f->end = p->out.total;
	f->shown = name_shown(&p->name);
}

void
held_settle(struct pack *p)
{
	struct held *h = &p->held;
	struct pollfd gone = {p->out.fd, 0, 0};
	int wait = FIRST_WAIT, left;

	if (h->n == 0)
		return;
	out_flush(&p->out);
	while (h->file[h->n - 1].end > out_reached(&p->out)) {
		stop_check();
		/* POLLERR: nobody will read the rest */
		meter_wait();
		left = poll(&gone, 1, wait);
		meter_go();
		if (left > 0)
			break;
		wait = wait * 2 < LAST_WAIT ? wait * 2 : LAST_WAIT;
	}
	release(p, p->out.total);
}
