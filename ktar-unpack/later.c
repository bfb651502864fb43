/*
 * Records in a spool, chained: one chain for the links, one for the
 * directories of each depth.  In memory are only the ends of the chains.
 */
#include "later.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

/* A record in the spool; path and link follow it. */
struct record {
	int64_t next; /* offset, -1 at the end of the chain */
	uint32_t kind, mode, uid, gid;
	uint32_t path_len, link_len;
	int64_t mtime, mtime_ns;
	uint64_t dev, ino;
};

struct chain {
	int64_t first, last; /* -1: empty */
};

struct later {
	struct spool *spool;
	struct chain links;
	struct chain *dirs; /* by depth */
	size_t n_dirs;
	char *text; /* of the record that is read */
	size_t text_cap;
};

struct later *
later_new(int dir)
{
	struct later *l = xmalloc(sizeof *l);

	*l = (struct later){.spool = spool_new(dir), .links = {-1, -1}};
	return l;
}

void
later_free(struct later *l)
{
	if (!l)
		return;
	spool_free(l->spool);
	free(l->dirs);
	free(l->text);
	free(l);
}

/* The chain for directories as deep as path. */
static struct chain *
chain_of_depth(struct later *l, const struct later_item *item)
{
	size_t depth = item->path_len > 0;

	for (size_t i = 0; i < item->path_len; i++)
		depth += item->path[i] == '/';
	if (depth >= l->n_dirs) {
		size_t n = depth + 16;

		l->dirs = xrealloc(l->dirs, n * sizeof *l->dirs);
		while (l->n_dirs < n)
			l->dirs[l->n_dirs++] = (struct chain){-1, -1};
	}
	return &l->dirs[depth];
}

int64_t
later_add(struct later *l, const struct later_item *item)
{
	struct chain *c =
	    item->kind == LATER_DIR ? chain_of_depth(l, item) : &l->links;
	struct record r;
	int64_t at;

	/* all of it, padding too, is written */
	memset(&r, 0, sizeof r);
	r.next = -1;
	r.kind = (uint32_t)item->kind;
	r.mode = item->mode;
	r.uid = item->uid;
	r.gid = item->gid;
	r.path_len = (uint32_t)item->path_len;
	r.link_len = (uint32_t)item->link_len;
	r.mtime = item->mtime;
	r.mtime_ns = item->mtime_ns;
	r.dev = item->dev;
	r.ino = item->ino;
	if ((at = spool_add(l->spool, &r, sizeof r)) < 0 ||
	    spool_add(l->spool, item->path, item->path_len) < 0 ||
	    (item->link_len > 0 &&
	     spool_add(l->spool, item->link, item->link_len) < 0))
		return -1;
	if (c->last >= 0 && spool_put(l->spool, c->last, &at, sizeof at) != 0)
		return -1;
	c->last = at;
	if (c->first < 0)
		c->first = at;
	return at;
}

int
later_is(struct later *l, int64_t record, dev_t dev, ino_t ino)
{
	struct record r;

	if (spool_get(l->spool, record, &r, sizeof r) != 0)
		return -1;
	r.dev = dev;
	r.ino = ino;
	return spool_put(l->spool, record, &r, sizeof r);
}

/* Reads the record at offset into *item; returns the next one's in *next. */
static int
read_item(struct later *l, int64_t offset, struct later_item *item,
	  int64_t *next)
{
	struct record r;
	size_t need;

	if (spool_get(l->spool, offset, &r, sizeof r) != 0)
		return -1;
	need = (size_t)r.path_len + r.link_len + 2;
	if (need > l->text_cap) {
		l->text_cap = need * 2;
		l->text = xrealloc(l->text, l->text_cap);
	}
	offset += (int64_t)sizeof r;
	if (spool_get(l->spool, offset, l->text, r.path_len) != 0 ||
	    spool_get(l->spool, offset + r.path_len, l->text + r.path_len + 1,
		      r.link_len) != 0)
		return -1;
	l->text[r.path_len] = '\0';
	l->text[need - 1] = '\0';
	*item = (struct later_item){
	    .kind = (enum later_kind)r.kind,
	    .path = l->text,
	    .path_len = r.path_len,
	    .link = l->text + r.path_len + 1,
	    .link_len = r.link_len,
	    .mode = r.mode,
	    .uid = r.uid,
	    .gid = r.gid,
	    .mtime = r.mtime,
	    .mtime_ns = (long)r.mtime_ns,
	    .dev = (dev_t)r.dev,
	    .ino = (ino_t)r.ino,
	};
	*next = r.next;
	return 0;
}

static int
each_of(struct later *l, struct chain c,
	int (*each)(const struct later_item *item, void *arg), void *arg)
{
	struct later_item item;
	int rc = 0;

	for (int64_t at = c.first, next; at >= 0 && rc == 0; at = next) {
		if (read_item(l, at, &item, &next) != 0)
			return -1;
		rc = each(&item, arg);
	}
	return rc;
}

int
later_links(struct later *l,
	    int (*each)(const struct later_item *item, void *arg), void *arg)
{
	return each_of(l, l->links, each, arg);
}

int
later_dirs(struct later *l,
	   int (*each)(const struct later_item *item, void *arg), void *arg)
{
	int rc = 0;

	for (size_t depth = l->n_dirs; depth-- > 0 && rc == 0;)
		rc = each_of(l, l->dirs[depth], each, arg);
	return rc;
}
