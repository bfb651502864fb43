/*
 * A member's header through libarchive's gnutar writer; the only includer of
 * its headers here.  The writer never sees a body: it is told that every body
 * is empty, and the size is set in the block that it made.  What else it does
 * differently from GNU tar is put right in the same place: times outside
 * 0..2^33, the owner of long-name members.
 */
#include "emit.h"

#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "lib/err.h"
#include "lib/mem.h"

#include "block.h"

struct emit {
	struct archive *archive;
	struct archive_entry *entry;
	unsigned char *buf;
	size_t len, cap;
	bool deaf; /* what the writer says now is not wanted */
};

/* libarchive's write callback: keeps what the writer made */
static la_ssize_t
collect(struct archive *a, void *data, const void *bytes, size_t n)
{
	struct emit *e = data;

	(void)a;
	if (e->deaf)
		return (la_ssize_t)n;
	if (n > e->cap - e->len) {
		e->cap = (e->len + n) * 2;
		e->buf = xrealloc(e->buf, e->cap);
	}
	memcpy(e->buf + e->len, bytes, n);
	e->len += n;
	return (la_ssize_t)n;
}

struct emit *
emit_new(void)
{
	struct emit *e = xmalloc(sizeof *e);
	struct archive *a = archive_write_new();

	e->cap = 4 * BLOCK;
	e->buf = xmalloc(e->cap);
	e->len = 0;
	e->deaf = false;
	e->archive = a;
	e->entry = archive_entry_new();
	if (!a || !e->entry || archive_write_set_format_gnutar(a) != 0 ||
	    archive_write_set_bytes_per_block(a, 0) != 0 ||
	    archive_write_open(a, e, NULL, collect, NULL) != 0)
		die(err_failure(), 0, "libarchive: %s",
		    a ? archive_error_string(a) : "out of memory");
	return e;
}

void
emit_free(struct emit *e)
{
	/* the end of the archive is not the writer's business */
	e->deaf = true;
	archive_entry_free(e->entry);
	archive_write_free(e->archive);
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
	unsigned char *last;

	archive_entry_copy_pathname(entry, m->name);
	archive_entry_set_mode(entry, m->st->st_mode);
	archive_entry_set_uid(entry, m->st->st_uid);
	archive_entry_set_gid(entry, m->st->st_gid);
	archive_entry_copy_uname(entry, m->uname);
	archive_entry_copy_gname(entry, m->gname);
	archive_entry_set_size(entry, 0);
	if (m->hard)
		archive_entry_copy_hardlink(entry, m->link);
	else if (m->link)
		archive_entry_copy_symlink(entry, m->link);

	e->len = 0;
	if (archive_write_header(e->archive, entry) != ARCHIVE_OK) {
		*why = archive_error_string(e->archive);
		return NULL;
	}
	last = e->buf + e->len - BLOCK;
	mend_long(e->buf, last);
	block_number(last + BLOCK_MTIME, BLOCK_BIG_BYTES, m->st->st_mtime);
	emit_resize(last, m->size);
	*len = e->len;
	return e->buf;
}

void
emit_resize(unsigned char *block, uint64_t size)
{
	block_number(block + BLOCK_SIZE, BLOCK_BIG_BYTES, (int64_t)size);
	block_seal(block);
}
