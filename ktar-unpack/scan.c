/*
 * The state machine over the blocks of an archive:
 *
 *	state   expects                          ends with
 *	HEADER  the first header of a member     MEMBER, EXTENDED, ZERO
 *	EXT     the body of an L, K, x or g      HEADER
 *	OLDMAP  more of an old GNU sparse map    MEMBER, then BODY
 *	MAP     a pax 1.0 sparse map             MEMBER, then BODY
 *	BODY    data and its padding             HEADER
 *	ZERO    the second block of zeros        END
 *	END     zeros
 *
 * What one header says about the next is pending until the member is
 * complete: L and K give names (GNU), x gives everything (pax), and the two
 * are never mixed.  Pure.
 */
#include "scan.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

#include "header.h"
#include "pax.h"
#include "sparse.h"

/* Longest body of a pax header, and longest name of any kind. */
enum { PAX_MAX = 1 << 20, NAME_MAX_BYTES = 1 << 16 };
/* Most headers in front of one member's own. */
enum { CHAIN_MAX = 32 };

enum state { HEADER, EXT, OLDMAP, MAP, BODY, ZERO, END };

struct scan {
	enum state state;
	int64_t pos;  /* bytes taken */
	int chain;    /* headers of a member seen; 0 behind its last */
	int64_t left; /* EXT, MAP, BODY: bytes to come, padding counted */
	bool pending; /* there is something to forget */
	const char *why;

	char ext_type;
	char *ext;
	size_t ext_len, ext_have, ext_cap;
	char *long_name, *long_link; /* of L and K; NULL: not given */
	bool have_pax;
	struct pax pax;

	struct header header;
	struct sparse map;       /* OLDMAP, MAP */
	struct sparse_text text; /* MAP */
	int64_t stored;          /* data to come, padding not counted */
	struct scan_member member;
};

struct scan *
scan_new(bool attrs)
{
	struct scan *s = xmalloc(sizeof *s);

	*s = (struct scan){0};
	pax_start(&s->pax);
	s->pax.want_attrs = attrs;
	return s;
}

/* Forgets what was pending for the member that is done with. */
static void
forget(struct scan *s)
{
	free(s->long_name);
	free(s->long_link);
	s->long_name = s->long_link = NULL;
	pax_clear(&s->pax);
	s->have_pax = false;
	sparse_clear(&s->map);
	s->pending = false;
}

void
scan_free(struct scan *s)
{
	if (!s)
		return;
	forget(s);
	free(s->ext);
	free(s);
}

const struct scan_member *
scan_member(const struct scan *s)
{
	return &s->member;
}

const char *
scan_why(const struct scan *s)
{
	return s->why;
}

int64_t
scan_where(const struct scan *s)
{
	return s->pos;
}

static enum scan_verdict
fault(struct scan *s, const char *why)
{
	s->why = why;
	return SCAN_FAULT;
}

static int64_t
padded(int64_t n)
{
	return (n + HEADER_BYTES - 1) / HEADER_BYTES * HEADER_BYTES;
}

/* The header of an extension: what follows is text for the next member. */
static enum scan_verdict
start_ext(struct scan *s)
{
	const struct header *h = &s->header;
	bool is_name = h->type == 'L' || h->type == 'K';

	if (h->size > (is_name ? NAME_MAX_BYTES : PAX_MAX))
		return fault(s, "an extension header is too long");
	if (h->size == 0 && h->type != 'g')
		return fault(s, "an extension header is empty");
	if (is_name && s->have_pax)
		return fault(s, "GNU and pax names for one member");
	if (h->type == 'x' && (s->long_name || s->long_link))
		return fault(s, "GNU and pax names for one member");
	if ((h->type == 'L' && s->long_name) ||
	    (h->type == 'K' && s->long_link) || (h->type == 'x' && s->have_pax))
		return fault(s, "an extension header is repeated");
	if (h->type == 'g' && (s->long_name || s->long_link || s->have_pax))
		return fault(s, "a global header within a member's headers");
	s->ext_type = h->type;
	s->ext_len = (size_t)h->size;
	s->ext_have = 0;
	s->left = padded(h->size);
	if (s->ext_len + 1 > s->ext_cap) {
		s->ext_cap = s->ext_len + 1;
		s->ext = xrealloc(s->ext, s->ext_cap);
	}
	s->state = s->left ? EXT : HEADER;
	return SCAN_MORE;
}

/* The body of an extension is complete. */
static enum scan_verdict
end_ext(struct scan *s)
{
	size_t n = s->ext_len;
	const char *why;

	s->state = HEADER;
	s->pending = true;
	if (s->ext_type == 'x' || s->ext_type == 'g') {
		why = pax_read(&s->pax, s->ext, n, s->ext_type == 'g');
		if (s->ext_type == 'x')
			s->have_pax = true;
		return why ? fault(s, why) : SCAN_MORE;
	}
	/* NULs end the name; a NUL within it would hide the rest */
	while (n > 0 && s->ext[n - 1] == '\0')
		n--;
	if (n == 0 || memchr(s->ext, '\0', n))
		return fault(s, "a long name is empty or holds a NUL");
	*(s->ext_type == 'L' ? &s->long_name : &s->long_link) =
	    xstrndup(s->ext, n);
	return SCAN_MORE;
}

static int
type_of(char flag, enum scan_type *type)
{
	static const char flags[] = "0127S3456";
	static const enum scan_type types[] = {SCAN_FILE,    SCAN_HARDLINK,
					       SCAN_SYMLINK, SCAN_FILE,
					       SCAN_FILE,    SCAN_CHAR,
					       SCAN_BLOCK,   SCAN_DIR,
					       SCAN_FIFO};
	const char *at = memchr(flags, flag, sizeof flags - 1);

	if (!at)
		return -1;
	*type = types[at - flags];
	return 0;
}

/* The member from its header and from what was pending; not its sparse map. */
static const char *
compose(struct scan *s)
{
	struct scan_member *m = &s->member;
	const struct header *h = &s->header;
	const struct pax *p = &s->pax;
	size_t n;

	if (type_of(h->type, &m->type) != 0)
		return "unknown type of member";
	m->name = p->path ? p->path : s->long_name ? s->long_name : h->name;
	if (p->sparse_name)
		m->name = p->sparse_name;
	m->link = p->link ? p->link : s->long_link ? s->long_link : h->link;
	n = strlen(m->name);
	if (n > NAME_MAX_BYTES || strlen(m->link) > NAME_MAX_BYTES)
		return "a name is too long";
	m->mode = h->mode;
	m->uid = p->uid >= 0 ? p->uid : h->uid;
	m->gid = p->gid >= 0 ? p->gid : h->gid;
	m->mtime = p->mtime_ns >= 0 ? p->mtime : h->mtime;
	m->mtime_ns = p->mtime_ns >= 0 ? p->mtime_ns : 0;
	s->stored = p->size >= 0 ? p->size : h->size;
	if (s->stored > INT64_MAX - HEADER_BYTES)
		return "bad size";
	m->size = s->stored;
	m->map = NULL;
	m->dev_major = h->dev_major;
	m->dev_minor = h->dev_minor;
	m->attrs = p->attrs.n ? &p->attrs : NULL;
	/* some readers take the one for a directory, others the other */
	if (m->type == SCAN_FILE &&
	    h->slash != (n > 0 && m->name[n - 1] == '/'))
		return "the name of a file ends in a slash";
	if (m->type == SCAN_FILE && h->slash)
		m->type = SCAN_DIR;
	if (m->type != SCAN_FILE && s->stored != 0)
		return "a member that has no data has a size";
	return NULL;
}

/* A sparse file in one of the pax forms. */
static const char *
compose_sparse(struct scan *s)
{
	struct scan_member *m = &s->member;
	const struct pax *p = &s->pax;

	if (m->type != SCAN_FILE || s->header.type == 'S' || p->sparse_real < 0)
		return "pax header: unknown kind of sparse file";
	m->map = &p->map;
	m->size = p->sparse_real;
	if (p->sparse_major < 0 && p->sparse_minor < 0) {
		if (p->sparse_blocks != (int64_t)p->map.count ||
		    p->sparse_offset >= 0)
			return "sparse map: not complete";
		return sparse_check(&p->map, m->size, s->stored);
	}
	if (p->sparse_major != 1 || p->sparse_minor != 0 || p->sparse_map)
		return "pax header: unknown kind of sparse file";
	m->map = &s->map;
	s->pending = true;
	sparse_text_start(&s->text);
	return NULL;
}

/* All that describes the member is there; its data comes next. */
static enum scan_verdict
member(struct scan *s)
{
	s->chain = 0;
	s->state = s->left == 0 ? HEADER : BODY;
	return SCAN_MEMBER;
}

/* An old GNU sparse map is complete. */
static enum scan_verdict
end_oldmap(struct scan *s)
{
	const char *why = sparse_check(&s->map, s->member.size, s->stored);

	return why ? fault(s, why) : member(s);
}

static enum scan_verdict
start_oldmap(struct scan *s, const unsigned char *block)
{
	struct scan_member *m = &s->member;
	const char *why = sparse_old(&s->map, block + 386, 4, block[482]);

	s->pending = true;
	if (why)
		return fault(s, why);
	if (s->header.dialect != HEADER_GNU || m->type != SCAN_FILE)
		return fault(s, "unknown type of member");
	if (header_number(&m->size, block + 483, 12) != 0 || m->size < 0)
		return fault(s, "bad size");
	m->map = &s->map;
	if (!block[482])
		return end_oldmap(s);
	s->state = OLDMAP;
	return SCAN_MORE;
}

static enum scan_verdict
take_oldmap(struct scan *s, const unsigned char *block)
{
	const char *why = sparse_old(&s->map, block, 21, block[504]);

	if (why)
		return fault(s, why);
	return block[504] ? SCAN_MORE : end_oldmap(s);
}

static enum scan_verdict
take_header(struct scan *s, const unsigned char *block)
{
	struct header *h = &s->header;
	const char *why;

	if (header_is_zero(block)) {
		if (s->long_name || s->long_link || s->have_pax)
			return fault(s, "the archive ends within the headers "
					"of a member");
		s->state = ZERO;
		return SCAN_MORE;
	}
	if (!header_sum_is_right(block))
		return fault(s, s->pos == 0 ? "not a tar archive"
					    : "damaged header (checksum)");
	if ((why = header_read(h, block)))
		return fault(s, why);
	if (s->chain++ == CHAIN_MAX)
		return fault(s, "too many headers for one member");
	if (strchr("LKxg", h->type))
		return start_ext(s);
	/* a label, as tar -V writes it, says nothing about files */
	if (h->type == 'V' && h->dialect != HEADER_USTAR && h->size == 0 &&
	    !s->have_pax && !s->long_name && !s->long_link)
		return SCAN_MORE;
	if ((why = compose(s)))
		return fault(s, why);
	s->left = padded(s->stored);
	if (h->type == 'S')
		return s->have_pax
			   ? fault(s, "GNU and pax headers for one member")
			   : start_oldmap(s, block);
	if (h->dialect == HEADER_GNU && !header_is_plain_gnu(block))
		return fault(s, "unknown use of a GNU header");
	if (!s->have_pax || !pax_is_sparse(&s->pax))
		return member(s);
	if ((why = compose_sparse(s)))
		return fault(s, why);
	if (s->pax.sparse_major != 1)
		return member(s);
	s->state = MAP;
	return s->left ? SCAN_MORE : fault(s, "sparse map: not complete");
}

/* One block of a pax 1.0 map, which is the first part of the body. */
static enum scan_verdict
take_map(struct scan *s, const unsigned char *block)
{
	bool done;
	const char *why = sparse_text_block(&s->text, &s->map, block, &done);

	if (!why && s->stored < HEADER_BYTES)
		why = "sparse map: not complete";
	if (why)
		return fault(s, why);
	s->stored -= HEADER_BYTES;
	s->left -= HEADER_BYTES;
	if (!done)
		return s->left ? SCAN_MORE
			       : fault(s, "sparse map: not complete");
	why = sparse_check(&s->map, s->member.size, s->stored);
	return why ? fault(s, why) : member(s);
}

/* Takes one block in a state that looks at each. */
static enum scan_verdict
take_block(struct scan *s, const unsigned char *block)
{
	switch (s->state) {
	case HEADER:
		if (s->chain == 0 && s->pending)
			forget(s);
		return take_header(s, block);
	case OLDMAP:
		return take_oldmap(s, block);
	case MAP:
		return take_map(s, block);
	case ZERO:
		if (!header_is_zero(block))
			return fault(s, "data behind a single block of zeros");
		s->state = END;
		return SCAN_END;
	case END:
		return header_is_zero(block)
			   ? SCAN_MORE
			   : fault(s, "data behind the end of the archive");
	case EXT:
	case BODY:
		break;
	}
	return SCAN_MORE;
}

/* Takes what there is of an extension's body; *n is how much. */
static enum scan_verdict
take_ext(struct scan *s, const unsigned char *p, size_t len, size_t *n)
{
	size_t keep = s->ext_len - s->ext_have;

	*n = (uint64_t)s->left < len ? (size_t)s->left : len;
	if (keep > *n)
		keep = *n;
	memcpy(s->ext + s->ext_have, p, keep);
	s->ext_have += keep;
	s->left -= (int64_t)*n;
	/* there are readers that go on to the next NUL, wherever that is */
	if ((s->ext_type == 'L' || s->ext_type == 'K') && keep < *n &&
	    s->ext_have == s->ext_len && p[keep] != '\0' &&
	    s->ext[s->ext_len - 1] != '\0')
		return fault(s, "a long name goes on behind its end");
	return s->left == 0 ? end_ext(s) : SCAN_MORE;
}

/* Takes what there is of a member's body. */
static enum scan_verdict
take_body(struct scan *s, size_t len, size_t *used, size_t *data)
{
	*used = (uint64_t)s->left < len ? (size_t)s->left : len;
	*data = (uint64_t)s->stored < *used ? (size_t)s->stored : *used;
	s->left -= (int64_t)*used;
	s->stored -= (int64_t)*data;
	s->pos += (int64_t)*used;
	if (s->left == 0)
		s->state = HEADER;
	return SCAN_DATA;
}

int64_t
scan_data_left(const struct scan *s)
{
	return s->state == BODY ? s->stored : 0;
}

bool
scan_has_data(const struct scan *s)
{
	return s->state == BODY;
}

enum scan_verdict
scan_feed(struct scan *s, const unsigned char *p, size_t len, size_t *used,
	  size_t *data)
{
	enum scan_verdict v = SCAN_MORE;
	size_t at = 0, n;

	*used = *data = 0;
	/* a fault is final: what follows it means nothing */
	if (s->why)
		return SCAN_FAULT;
	if (s->state == BODY)
		return take_body(s, len, used, data);
	while (at < len && v == SCAN_MORE) {
		n = HEADER_BYTES;
		v = s->state == EXT ? take_ext(s, p + at, len - at, &n)
				    : take_block(s, p + at);
		if (v == SCAN_FAULT)
			break;
		at += n;
		s->pos += (int64_t)n;
	}
	*used = at;
	return v;
}

enum scan_verdict
scan_finish(struct scan *s, const unsigned char *p, size_t len)
{
	if (s->state == END) {
		for (size_t i = 0; i < len; i++)
			if (p[i] != '\0')
				return fault(s, "data behind the end of the "
						"archive");
		return SCAN_END;
	}
	if (s->pos == 0)
		return fault(s, len == 0 ? "empty: not a tar archive"
					 : "truncated or not a tar archive");
	s->pos += (int64_t)len;
	if (s->state == ZERO)
		return fault(s, "truncated in the end-of-archive marker");
	if (s->state == HEADER && s->chain == 0 && len == 0)
		return fault(s, "truncated: no end-of-archive marker");
	return fault(s, "truncated within a member");
}
