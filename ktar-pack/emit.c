/*
 * A member's header through libarchive's gnutar or pax writer; the only
 * includer of its headers here.  The writer never sees a body: it is told that
 * a body is empty, and the size is set in the block that it made.  What else
 * its gnutar writer does differently from GNU tar is put right in the same
 * place: times outside 0..2^33, long-name members.
 */
#include "emit.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "lib/err.h"
#include "lib/mem.h"

#include "block.h"

/* What a size field in octal does not hold. */
#define HUGE_BYTES ((uint64_t)1 << 33)

struct emit {
	struct archive *archive;
	struct archive_entry *entry;
	unsigned char *buf;
	size_t len, cap;
	enum emit_format format;
	locale_t utf8; /* 0: names are bytes */
	bool deaf;     /* what the writer says now is not wanted */
};

/* libarchive's write callback: keeps what the writer made */
static la_ssize_t
collect(struct archive *a, void *data, const void *bytes, size_t n)
{
	struct emit *e = data;

	(void)a;
	if (e->deaf)
		return -1;
	if (n > e->cap - e->len) {
		e->cap = (e->len + n) * 2;
		e->buf = xrealloc(e->buf, e->cap);
	}
	memcpy(e->buf + e->len, bytes, n);
	e->len += n;
	return (la_ssize_t)n;
}

static void
open_writer(struct emit *e)
{
	struct archive *a = archive_write_new();

	if (!a)
		die(err_failure(), ENOMEM, "libarchive");
	if ((e->format == EMIT_PAX ? archive_write_set_format_pax(a)
				   : archive_write_set_format_gnutar(a)) != 0 ||
	    archive_write_set_bytes_per_block(a, 0) != 0 ||
	    archive_write_open(a, e, NULL, collect, NULL) != 0)
		die(err_failure(), 0, "libarchive: %s",
		    archive_error_string(a));
	e->archive = a;
}

/* Ends the writer.  What it would add to the stream, 8 GiB perhaps, is not
 * wanted, and it gives up at the first piece. */
static void
close_writer(struct emit *e)
{
	e->deaf = true;
	archive_write_free(e->archive);
	e->deaf = false;
}

struct emit *
emit_new(enum emit_format format)
{
	struct emit *e = xmalloc(sizeof *e);

	memset(e, 0, sizeof *e);
	e->format = format;
	e->cap = 4 * BLOCK;
	e->buf = xmalloc(e->cap);
	e->entry = archive_entry_new();
	/* pax says names in UTF-8, and the writer asks the locale what they are
	 * in; those that are something else it marks as binary */
	if (format == EMIT_PAX)
		e->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (!e->entry || (format == EMIT_PAX && !e->utf8))
		die(err_failure(), errno, "libarchive");
	open_writer(e);
	return e;
}

void
emit_free(struct emit *e)
{
	close_writer(e);
	archive_entry_free(e->entry);
	if (e->utf8)
		freelocale(e->utf8);
	free(e->buf);
	free(e);
}

static void
set_name(unsigned char *field, const char *name)
{
	memset(field, 0, BLOCK_NAME_BYTES);
	strncpy((char *)field, name, BLOCK_NAME_BYTES - 1);
}

/* Long names and long links are members of their own before the member; GNU
 * tar says that they are root's, and that they link to nothing. */
static void
mend_long(unsigned char *block, const unsigned char *last)
{
	while (block < last) {
		size_t body = 0;

		for (int i = 0; i < BLOCK_BIG_BYTES - 1; i++)
			body = body * 8 + (size_t)(block[BLOCK_SIZE + i] & 7);
		memset(block + BLOCK_LINK, 0, BLOCK_LINK_BYTES);
		set_name(block + BLOCK_UNAME, "root");
		set_name(block + BLOCK_GNAME, "root");
		block_number(block + BLOCK_MODE, BLOCK_ID_BYTES, 0644);
		block_seal(block);
		block += BLOCK + body + block_padding(body);
	}
}

unsigned char *
emit_header(struct emit *e, const struct member *m, size_t *len,
	    const char **why)
{
	struct archive_entry *entry = archive_entry_clear(e->entry);
	bool huge = e->format == EMIT_PAX && m->size >= HUGE_BYTES;
	unsigned char *last;
	locale_t before;
	int rc;

	archive_entry_copy_pathname(entry, m->name);
	archive_entry_set_mode(entry, m->st->st_mode);
	archive_entry_set_uid(entry, m->st->st_uid);
	archive_entry_set_gid(entry, m->st->st_gid);
	archive_entry_copy_uname(entry, m->uname);
	archive_entry_copy_gname(entry, m->gname);
	archive_entry_set_size(entry, huge ? (la_int64_t)m->size : 0);
	if (m->hard)
		archive_entry_copy_hardlink(entry, m->link);
	else if (m->link)
		archive_entry_copy_symlink(entry, m->link);

	/* libarchive takes the fraction of a negative time for the wrong sign,
	 * and reads it so as well; without one all readers agree */
	if (e->format == EMIT_PAX)
		archive_entry_set_mtime(entry, m->st->st_mtim.tv_sec,
					m->st->st_mtim.tv_sec < 0
					    ? 0
					    : m->st->st_mtim.tv_nsec);

	e->len = 0;
	before = e->utf8 ? uselocale(e->utf8) : (locale_t)0;
	rc = archive_write_header(e->archive, entry);
	if (e->utf8)
		(void)uselocale(before);
	/* a name that is not UTF-8 is a warning, and is in the header */
	if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN) {
		*why = archive_error_string(e->archive);
		return NULL;
	}
	*len = e->len;
	last = e->buf + e->len - BLOCK;
	if (e->format == EMIT_GNU) {
		mend_long(e->buf, last);
		block_number(last + BLOCK_MTIME, BLOCK_BIG_BYTES,
			     m->st->st_mtime);
	}
	if (huge) {
		/* an extended header says the size, so the writer had to know
		 * it, and now waits for a body */
		close_writer(e);
		open_writer(e);
	} else {
		emit_resize(last, m->size);
	}
	return e->buf;
}

void
emit_resize(unsigned char *block, uint64_t size)
{
	block_number(block + BLOCK_SIZE, BLOCK_BIG_BYTES, (int64_t)size);
	block_seal(block);
}
