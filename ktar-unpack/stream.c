/*
 * The read loop: one buffer, filled by large reads; the data of members is
 * handed out where it lies, and never copied.
 */
#include "stream.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/meter.h"

#include "header.h"

/* of the buffer; the least and the most that go past it; read behind that */
enum {
	BUFFER_BYTES = 1 << 20,
	MOVE_LEAST = 1 << 17,
	MOVE_MOST = 1 << 30,
	AFTER_MOVE = 1 << 16
};

/*
 * How much may come in a row that is no data of a member: headers of the next,
 * global headers, or the zeros behind the end, of which GNU tar writes up to a
 * record.  Else a small compressed archive could keep a reader busy for days.
 */
enum { IDLE_MAX = 1 << 26 };

struct stream {
	struct source *source;
	struct scan *scan;
	unsigned char *buf;
	size_t have, taken;        /* bytes in buf; of these scanned */
	size_t ask;                /* most that is read at once */
	const unsigned char *data; /* of the member, not handed out yet */
	size_t data_len;
	size_t entry;   /* of the member's sparse map, where data goes */
	int64_t within; /* and how much of it is filled; no map: of the file */
	size_t idle;    /* bytes since the last member or data */
	bool any;       /* byte has come */
	bool failed;
	char why[160];
	int errnum;
};

static int
fail(struct stream *s, int errnum, const char *why)
{
	s->failed = true;
	s->errnum = errnum;
	snprintf(s->why, sizeof s->why, "%s", why);
	return -1;
}

static int
fault(struct stream *s)
{
	char why[128];

	snprintf(why, sizeof why, "%s (byte %lld)", scan_why(s->scan),
		 (long long)scan_where(s->scan));
	return fail(s, 0, why);
}

static int
source_failed(struct stream *s)
{
	int errnum;
	const char *why = source_why(s->source, &errnum);

	return fail(s, errnum, why);
}

/* Gets at least one whole block: 1; 0 at the end of the input. */
static int
refill(struct stream *s)
{
	size_t rest = s->have - s->taken;

	memmove(s->buf, s->buf + s->taken, rest);
	s->taken = 0;
	s->have = rest;
	while (s->have < HEADER_BYTES) {
		size_t n = BUFFER_BYTES - s->have;
		ssize_t got = source_read(s->source, s->buf + s->have,
					  n < s->ask ? n : s->ask);

		if (got < 0)
			return source_failed(s);
		if (got == 0)
			return 0;
		s->have += (size_t)got;
		s->any = true;
		meter_add((uint64_t)got, 0);
	}
	s->ask = BUFFER_BYTES;
	return 1;
}

/* Counts what came in a row without a member or data: 0, or -1 when it was
 * too much. */
static int
count_idle(struct stream *s, enum scan_verdict v, size_t used)
{
	s->idle += used;
	if (v != SCAN_DATA && s->idle > IDLE_MAX)
		return fail(s, 0, "too much that is no data of a member");
	if (v == SCAN_DATA || v == SCAN_MEMBER)
		s->idle = 0;
	return 0;
}

/*
 * Scans on, to the next piece of data, the next member or the end of the
 * archive, and says which: 1 and *v; 0 at the end of the input; or -1.
 */
static int
step(struct stream *s, enum scan_verdict *v)
{
	do {
		size_t whole, used, data;
		int rc = 1;

		if (s->have - s->taken < HEADER_BYTES && (rc = refill(s)) < 0)
			return -1;
		if (rc == 0)
			return scan_finish(s->scan, s->buf, s->have) == SCAN_END
				   ? 0
				   : fault(s);
		whole = (s->have - s->taken) / HEADER_BYTES * HEADER_BYTES;
		s->data = s->buf + s->taken;
		*v = scan_feed(s->scan, s->data, whole, &used, &data);
		s->data_len = data;
		s->taken += used;
		if (*v == SCAN_FAULT)
			return fault(s);
		if (count_idle(s, *v, used) != 0)
			return -1;
	} while (*v == SCAN_MORE);
	return 1;
}

struct stream *
stream_new(struct source *source, bool attrs)
{
	struct stream *s = xmalloc(sizeof *s);

	*s = (struct stream){.source = source, .ask = BUFFER_BYTES};
	s->scan = scan_new(attrs);
	s->buf = xmalloc(BUFFER_BYTES);
	return s;
}

void
stream_free(struct stream *s)
{
	if (!s)
		return;
	scan_free(s->scan);
	free(s->buf);
	free(s);
}

bool
stream_empty(const struct stream *s)
{
	return s->failed && !s->any;
}

const char *
stream_why(const struct stream *s, int *errnum)
{
	*errnum = s->errnum;
	return s->why;
}

int
stream_next(struct stream *s, const struct scan_member **m)
{
	enum scan_verdict v;
	int rc;

	if (s->failed)
		return -1;
	/* what was not asked for is passed over */
	while ((rc = step(s, &v)) > 0 && v != SCAN_MEMBER)
		;
	s->data_len = 0;
	s->entry = 0;
	s->within = 0;
	*m = scan_member(s->scan);
	return rc;
}

/* How much of the n bytes that come next go to *offset, without a hole. */
static size_t
fit(struct stream *s, size_t n, int64_t *offset)
{
	const struct sparse *map = scan_member(s->scan)->map;
	const struct sparse_entry *at;

	*offset = s->within;
	if (map) {
		at = &map->entry[s->entry];
		*offset += at->offset;
		if ((uint64_t)(at->size - s->within) <= n) {
			n = (size_t)(at->size - s->within);
			s->entry++;
			s->within = 0;
			return n;
		}
	}
	s->within += (int64_t)n;
	return n;
}

int
stream_data(struct stream *s, const void **p, size_t *n, int64_t *offset)
{
	enum scan_verdict v;

	if (s->failed)
		return -1;
	while (s->data_len == 0) {
		if (!scan_has_data(s->scan))
			return 0;
		if (step(s, &v) < 0)
			return -1;
	}
	*p = s->data;
	*n = fit(s, s->data_len, offset);
	s->data += *n;
	s->data_len -= *n;
	return 1;
}

/*
 * Counts n bytes of data as taken that did not come through the buffer.  Of a
 * block that was only begun the buffer has as many bytes, whichever: nobody
 * looks at them.
 */
static void
pass(struct stream *s, int64_t n)
{
	size_t used, data, whole = (size_t)(n / HEADER_BYTES * HEADER_BYTES);

	if (whole > 0)
		(void)scan_feed(s->scan, s->buf, whole, &used, &data);
	s->within += n;
	s->taken = 0;
	s->have = (size_t)n - whole;
}

enum stream_moved
stream_move(struct stream *s, int fd, int64_t *end)
{
	const size_t begun = s->have - s->taken;
	int64_t all = scan_data_left(s->scan), n = (int64_t)begun;
	ssize_t got = 1;
	int saved;

	if (all > MOVE_MOST)
		all = MOVE_MOST;
	all = all / HEADER_BYTES * HEADER_BYTES;
	if (s->failed || s->data_len > 0 || begun >= HEADER_BYTES ||
	    scan_member(s->scan)->map || all < MOVE_LEAST ||
	    !source_can_move(s->source))
		return STREAM_UNMOVED;
	/* should nothing move, stream_data has these again */
	if (io_pwrite_full(fd, s->buf + s->taken, begun, s->within) != 0)
		return STREAM_UNWRITTEN;
	while (n < all && got > 0) {
		got = source_move(s->source, fd, s->within + n,
				  (size_t)(all - n));
		n += got > 0 ? got : 0;
		meter_add(got > 0 ? (uint64_t)got : 0, 0);
	}
	if (got < 0 && n == (int64_t)begun && !source_can_move(s->source))
		return STREAM_UNMOVED;
	saved = errno;
	pass(s, n);
	if (got == 0) {
		(void)scan_finish(s->scan, s->buf, s->have);
		(void)fault(s);
		return STREAM_FAILED;
	}
	/* large ones come in a row, and what is read cannot be moved */
	s->ask = AFTER_MOVE;
	errno = saved;
	*end = s->within;
	return got < 0 ? STREAM_UNWRITTEN : STREAM_MOVED;
}
