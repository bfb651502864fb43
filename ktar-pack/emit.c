/*
 * A member's header: which blocks it is made of in each of the formats.  Pure.
 * GNU: long names and link targets are members of their own in front, all
 * numbers fit by base-256, and the bytes are those of GNU tar.  pax: whatever
 * the block cannot say exactly is a record of an extended header in front of
 * it; numbers are in base-256 in the block all the same, for readers that skip
 * such records.  ustar: what it cannot say is refused.
 */
#include "emit.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

#include "block.h"
#include "header.h"
#include "pax.h"
#include "sparse.h"

/* The first numbers that octal digits do not hold: ids; sizes and times. */
#define HUGE_ID  (UINT64_C(1) << 21)
#define HUGE_BIG (INT64_C(1) << 33)

struct emit {
	enum emit_format format;
	unsigned char *buf;
	size_t len, cap;
	struct pax pax;
	char *name; /* of a sparse file, for readers that do not know them */
};

struct emit *
emit_new(enum emit_format format)
{
	struct emit *e = xmalloc(sizeof *e);

	memset(e, 0, sizeof *e);
	e->format = format;
	e->cap = (size_t)4 * BLOCK;
	e->buf = xmalloc(e->cap);
	return e;
}

void
emit_free(struct emit *e)
{
	pax_free(&e->pax);
	free(e->name);
	free(e->buf);
	free(e);
}

/* Room for n bytes more, which are part of the header now. */
static unsigned char *
room(struct emit *e, size_t n)
{
	if (n > e->cap - e->len) {
		e->cap = (e->len + n) * 2;
		e->buf = xrealloc(e->buf, e->cap);
	}
	e->len += n;
	return e->buf + e->len - n;
}

/* A body of len bytes and, where slash says so, a slash; extra zeros behind
 * it; and what fills the last block. */
static void
body(struct emit *e, const void *bytes, size_t len, bool slash, size_t extra)
{
	size_t size = len + slash + extra;
	unsigned char *at = room(e, size + block_padding(size));

	memcpy(at, bytes, len);
	memset(at + len, 0, size - len + block_padding(size));
	if (slash)
		at[len] = '/';
}

static void
put_block(struct emit *e, const struct header *h)
{
	header_fill(room(e, BLOCK), h);
}

/* A name that has no room in its block, as GNU tar says it. */
static void
put_long(struct emit *e, char type, const char *name, size_t len, bool slash)
{
	static const char dots[] = "././@LongLink";
	struct header h = {
	    .name = dots,
	    .name_len = sizeof dots - 1,
	    .type = type,
	    .gnu = true,
	    .mode = 0644,
	    .size = len + slash + 1,
	    .uname = "root",
	    .gname = "root",
	};

	put_block(e, &h);
	body(e, name, len, slash, 1);
}

static char
type_of(const struct member *m, bool gnu)
{
	if (m->hard)
		return '1';
	if (S_ISLNK(m->st->st_mode))
		return '2';
	if (m->map && gnu)
		return 'S';
	return S_ISDIR(m->st->st_mode) ? '5' : '0';
}

/* What a block has no room for, in ustar; NULL: nothing. */
static const char *
too_much(const struct member *m, const struct header *h)
{
	if (m->link && strlen(m->link) > BLOCK_LINK_BYTES)
		return "link target too long for ustar";
	if (h->size >= (uint64_t)HUGE_BIG)
		return "too large for ustar";
	if (h->uid >= HUGE_ID || h->gid >= HUGE_ID)
		return "owner or group too large a number for ustar";
	if (h->mtime < 0 || h->mtime >= HUGE_BIG)
		return "time outside what ustar can hold";
	return NULL;
}

/*
 * Cuts the name for a block of ustar.  The slash behind a directory's name
 * tells nothing that its type does not, so where there is no room for it, it
 * is left out.  Returns false where the name does not fit at all; then the
 * block has its beginning.
 */
static bool
cut_name(struct emit *e, struct header *h, const char *name, bool dir)
{
	size_t len = strlen(name), cut;
	char *with = (char *)room(e, len + 2);

	e->len -= len + 2;
	memcpy(with, name, len);
	with[len] = '/';
	h->slash = dir;
	if (!header_split(with, len + dir, &cut)) {
		h->slash = false;
		if (!header_split(name, len, &cut))
			return false;
	}
	if (cut == 0)
		return true;
	h->prefix = name;
	h->prefix_len = cut;
	h->name = name + cut + 1;
	h->name_len = len - cut - 1;
	return true;
}

/* As GNU tar names a sparse file: a reader that does not know the form leaves
 * a file with the map and the data that nobody takes for the real one.  What
 * stands there for a process is always the same. */
static const char *
sparse_name(struct emit *e, const char *name)
{
	const char *leaf = strrchr(name, '/');
	int dir = leaf ? (int)(leaf - name) : 1;

	free(e->name);
	e->name = xasprintf("%.*s/GNUSparseFile.0/%s", dir, leaf ? name : ".",
			    leaf ? leaf + 1 : name);
	return e->name;
}

/* Where the map is, and what the file is called, in form 1.0. */
static void
gather_sparse(struct pax *p, const struct member *m)
{
	pax_number(p, "GNU.sparse.major", 1);
	pax_number(p, "GNU.sparse.minor", 0);
	pax_bytes(p, "GNU.sparse.name", m->name, strlen(m->name));
	pax_number(p, "GNU.sparse.realsize", (int64_t)m->map->size);
}

/* The records that say what h cannot, in e->pax. */
static void
gather(struct emit *e, const struct member *m, const struct header *h,
       const char *called, bool fits)
{
	const struct timespec *t = &m->st->st_mtim;
	struct pax *p = &e->pax;
	size_t len = strlen(called);
	bool dir = S_ISDIR(m->st->st_mode);

	p->len = 0;
	/* names are said to be UTF-8 unless this stands in front of them */
	if (!pax_is_utf8(m->name) || (m->link && !pax_is_utf8(m->link)) ||
	    !pax_is_utf8(m->uname) || !pax_is_utf8(m->gname))
		pax_bytes(p, "hdrcharset", "BINARY", 6);
	if (!fits || !pax_is_ascii(called)) {
		char *name = xmalloc(len + 1);

		memcpy(name, called, len);
		name[len] = '/';
		pax_bytes(p, "path", name, len + dir);
		free(name);
	}
	/* for Python the last name counts */
	if (m->map)
		gather_sparse(p, m);
	if (m->link &&
	    (strlen(m->link) > BLOCK_LINK_BYTES || !pax_is_ascii(m->link)))
		pax_bytes(p, "linkpath", m->link, strlen(m->link));
	if (!pax_is_ascii(m->uname))
		pax_bytes(p, "uname", m->uname, strlen(m->uname));
	if (!pax_is_ascii(m->gname))
		pax_bytes(p, "gname", m->gname, strlen(m->gname));
	if (h->uid >= HUGE_ID)
		pax_number(p, "uid", (int64_t)h->uid);
	if (h->gid >= HUGE_ID)
		pax_number(p, "gid", (int64_t)h->gid);
	if (h->size >= (uint64_t)HUGE_BIG)
		pax_number(p, "size", (int64_t)h->size);
	/* libarchive takes the fraction of a negative time for the wrong sign;
	 * without one all readers agree */
	if (h->mtime < 0)
		pax_number(p, "mtime", h->mtime);
	else if (t->tv_nsec != 0 || h->mtime >= HUGE_BIG)
		pax_time(p, "mtime", h->mtime, t->tv_nsec);
	if (m->more)
		pax_join(p, m->more);
}

/* The extended header.  Its own name is one for all, which shows nothing of
 * the member to a reader that makes files of such headers. */
static void
put_records(struct emit *e)
{
	static const char name[] = "././@PaxHeader";
	struct header h = {
	    .name = name,
	    .name_len = sizeof name - 1,
	    .type = 'x',
	    .mode = 0644,
	    .size = e->pax.len,
	    .uname = "",
	    .gname = "",
	};

	put_block(e, &h);
	body(e, e->pax.buf, e->pax.len, false, 0);
}

/* The map of a sparse file, in the header that is the last so far and behind
 * it; as text it has text bytes. */
static void
put_map(struct emit *e, const struct sparse_map *map, size_t text)
{
	size_t more = sparse_gnu_blocks(map);

	if (e->format == EMIT_PAX) {
		(void)sparse_text(room(e, text), map);
		return;
	}
	sparse_gnu(e->buf + e->len - BLOCK, map);
	for (size_t i = 0; i < more; i++)
		sparse_gnu_more(room(e, BLOCK), map, i);
}

unsigned char *
emit_header(struct emit *e, const struct member *m, size_t *len,
	    const char **why)
{
	struct header h = {
	    .name = m->name,
	    .name_len = strlen(m->name),
	    .slash = S_ISDIR(m->st->st_mode),
	    .link = m->link,
	    .type = type_of(m, e->format == EMIT_GNU),
	    .gnu = e->format == EMIT_GNU,
	    .mode = m->st->st_mode & 07777,
	    .uid = m->st->st_uid,
	    .gid = m->st->st_gid,
	    .size = m->size,
	    .mtime = m->st->st_mtime,
	    .uname = m->uname,
	    .gname = m->gname,
	};
	const char *called = m->name;
	bool dir = h.slash, fits;
	size_t text = 0;

	e->len = 0;
	if (e->format == EMIT_GNU) {
		if (m->link && strlen(m->link) > BLOCK_LINK_BYTES)
			put_long(e, 'K', m->link, strlen(m->link), false);
		if (h.name_len + dir > BLOCK_LINK_BYTES)
			put_long(e, 'L', m->name, h.name_len, dir);
	} else {
		if (m->map) {
			called = sparse_name(e, m->name);
			h.name = called;
			h.name_len = strlen(called);
			text = sparse_text(NULL, m->map);
			h.size += text;
		}
		fits = cut_name(e, &h, called, dir);
		if (e->format == EMIT_USTAR) {
			*why =
			    fits ? too_much(m, &h) : "name too long for ustar";
			if (*why)
				return NULL;
		} else {
			gather(e, m, &h, called, fits);
			if (e->pax.len > 0)
				put_records(e);
		}
	}
	put_block(e, &h);
	if (m->map)
		put_map(e, m->map, text);
	*len = e->len;
	return e->buf;
}

void
emit_resize(unsigned char *block, uint64_t size)
{
	block_number(block + BLOCK_SIZE, BLOCK_BIG_BYTES, (int64_t)size);
	block_seal(block);
}
