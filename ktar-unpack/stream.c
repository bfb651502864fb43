/*
 * libarchive, held to one format and fed by the checker: it gets an archive
 * in pieces that end where a member's headers or data end, and each only
 * after the checker found it good.  What it then says about the member
 * (where it starts, its type, size and name) must be what the checker said.
 * The names that are used are the checker's, since they are the bytes of the
 * archive; libarchive's went through the locale, so only the ASCII in front
 * can be compared.
 */
#include "stream.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "lib/mem.h"

#include "header.h"

enum { BUFFER_BYTES = 1 << 20 };

/*
 * How much may come, since the last member was announced, that is no data of
 * it: headers of the next, global headers, or the zeros behind the end, of
 * which GNU tar writes up to a record.  Else a small compressed archive could
 * keep a reader busy for days.
 */
enum { IDLE_MAX = 1 << 26 };

struct stream {
	struct source *source;
	struct archive *archive;
	struct scan *scan;
	unsigned char *buf;
	size_t have, taken; /* bytes in buf; of these handed on */
	bool announced;     /* the checker has a member, libarchive not yet */
	bool ended;         /* the checker saw the end marker */
	bool sparse;        /* of the current member */
	int64_t size, end;  /* its size; the end of the data given out */
	int64_t since;      /* bytes handed on since it was announced */
	char why[160];
	int errnum;
};

static int
fail(struct stream *s, int errnum, const char *why)
{
	/* the first reason is the right one */
	if (s->why[0] == '\0' && s->errnum == 0) {
		s->errnum = errnum;
		snprintf(s->why, sizeof s->why, "%s", why);
	}
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
		ssize_t got = source_read(s->source, s->buf + s->have,
					  BUFFER_BYTES - s->have);

		if (got < 0)
			return source_failed(s);
		if (got == 0)
			return 0;
		s->have += (size_t)got;
	}
	return 1;
}

/* The next piece that the checker found good: its length, 0 at the end. */
static ssize_t
piece(struct stream *s, const unsigned char **p)
{
	size_t whole, used;
	enum scan_verdict v;
	int rc;

	if (s->why[0] != '\0' || s->errnum != 0)
		return -1;
	whole = (s->have - s->taken) / HEADER_BYTES * HEADER_BYTES;
	if (whole == 0) {
		if ((rc = refill(s)) < 0)
			return -1;
		if (rc == 0)
			return scan_finish(s->scan, s->buf, s->have) == SCAN_END
				   ? 0
				   : fault(s);
		whole = s->have / HEADER_BYTES * HEADER_BYTES;
	}
	v = scan_feed(s->scan, s->buf + s->taken, whole, &used);
	*p = s->buf + s->taken;
	s->taken += used;
	if (v == SCAN_FAULT && used == 0)
		return fault(s);
	s->since += (int64_t)used;
	if (s->since - IDLE_MAX > s->size)
		return fail(s, 0, "too much that is no data of a member");
	if (v == SCAN_END)
		s->ended = true;
	if (v == SCAN_MEMBER) {
		if (s->announced)
			return fail(s, 0, "a member was overlooked");
		s->announced = true;
		s->since = 0;
		s->size = scan_member(s->scan)->size;
	}
	return (ssize_t)used;
}

static la_ssize_t
feed(struct archive *a, void *arg, const void **out)
{
	const unsigned char *p = NULL;
	ssize_t n = piece(arg, &p);

	*out = p;
	if (n < 0)
		archive_set_error(a, EIO, "not readable");
	return n;
}

struct stream *
stream_new(struct source *source)
{
	struct stream *s = xmalloc(sizeof *s);

	*s = (struct stream){.source = source};
	s->scan = scan_new();
	s->buf = xmalloc(BUFFER_BYTES);
	s->archive = archive_read_new();
	if (!s->archive ||
	    archive_read_support_format_tar(s->archive) != ARCHIVE_OK)
		fail(s, ENOMEM, "");
	return s;
}

void
stream_free(struct stream *s)
{
	if (!s)
		return;
	archive_read_free(s->archive);
	scan_free(s->scan);
	free(s->buf);
	free(s);
}

const char *
stream_why(const struct stream *s, int *errnum)
{
	*errnum = s->errnum;
	return s->why;
}

/* libarchive stopped: because the checker did, or for a reason of its own. */
static int
stopped(struct stream *s)
{
	const char *why = archive_error_string(s->archive);

	return fail(s, 0, why ? why : "libarchive cannot read it");
}

static bool
same_name(const char *theirs, const char *ours)
{
	size_t n = 0;

	while (ours[n] && !((unsigned char)ours[n] & 0x80))
		n++;
	/* it has no text for what the locale cannot hold, nor for "" */
	if (!theirs)
		return ours[n] != '\0' || n == 0;
	return strncmp(theirs, ours, ours[n] ? n : n + 1) == 0;
}

static bool
same_type(struct archive_entry *e, enum scan_type type)
{
	const char *hard = archive_entry_hardlink(e);
	unsigned theirs = archive_entry_filetype(e);

	switch (type) {
	case SCAN_HARDLINK:
		return hard || theirs == 0;
	case SCAN_FILE:
		return !hard && theirs == AE_IFREG;
	case SCAN_SYMLINK:
		return !hard && theirs == AE_IFLNK;
	case SCAN_DIR:
		return !hard && theirs == AE_IFDIR;
	case SCAN_CHAR:
		return !hard && theirs == AE_IFCHR;
	case SCAN_BLOCK:
		return !hard && theirs == AE_IFBLK;
	case SCAN_FIFO:
		return !hard && theirs == AE_IFIFO;
	}
	return false;
}

/* What the two readers do not agree about, or NULL. */
static const char *
difference(struct stream *s, struct archive_entry *e,
	   const struct scan_member *m)
{
	if (archive_read_header_position(s->archive) != m->offset)
		return "readers disagree where a member starts";
	if (!same_type(e, m->type))
		return "readers disagree about the type of a member";
	if (archive_entry_size(e) != m->size)
		return "readers disagree about the size of a member";
	if (!same_name(archive_entry_pathname(e), m->name))
		return "readers disagree about the name of a member";
	if (m->type == SCAN_HARDLINK &&
	    !same_name(archive_entry_hardlink(e), m->link))
		return "readers disagree about the target of a link";
	if (m->type == SCAN_SYMLINK &&
	    !same_name(archive_entry_symlink(e), m->link))
		return "readers disagree about the target of a link";
	return NULL;
}

/* Both readers are at the end; reads on to the end of the input. */
static int
finish(struct stream *s)
{
	const unsigned char *p;
	ssize_t n;

	if (!s->ended || s->announced)
		return fail(s, 0, "readers disagree where the archive ends");
	do
		n = piece(s, &p);
	while (n > 0);
	return n < 0 ? -1 : 0;
}

int
stream_next(struct stream *s, const struct scan_member **m)
{
	struct archive_entry *e;
	const char *why;
	int rc;

	if (s->why[0] != '\0' || s->errnum != 0)
		return -1;
	/* opening reads the first block, so it waits until now */
	if (archive_filter_count(s->archive) == 0 &&
	    archive_read_open(s->archive, s, NULL, feed, NULL) != ARCHIVE_OK)
		return stopped(s);
	rc = archive_read_next_header(s->archive, &e);
	if (rc == ARCHIVE_EOF)
		return finish(s);
	/* a name that the locale cannot hold is a warning, and our own is
	 * used; whatever else is warned about, the checker found it good */
	if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
		return stopped(s);
	if (!s->announced)
		return fail(s, 0, "readers disagree where a member starts");
	s->announced = false;
	*m = scan_member(s->scan);
	if ((why = difference(s, e, *m)))
		return fail(s, 0, why);
	s->sparse = (*m)->sparse;
	s->end = 0;
	return 1;
}

int
stream_data(struct stream *s, const void **p, size_t *n, int64_t *offset)
{
	la_int64_t at;
	int rc = archive_read_data_block(s->archive, p, n, &at);

	if (rc == ARCHIVE_EOF) {
		if (!s->sparse && s->end != s->size)
			return fail(s, 0, "readers disagree about data");
		return 0;
	}
	if (rc != ARCHIVE_OK)
		return stopped(s);
	if (at < s->end || at > s->size || (!s->sparse && at != s->end) ||
	    *n > (uint64_t)(s->size - at))
		return fail(s, 0, "readers disagree about data");
	s->end = at + (int64_t)*n;
	*offset = at;
	return 1;
}
