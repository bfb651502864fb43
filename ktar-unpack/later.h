#ifndef KTAR_UNPACK_LATER_H
#define KTAR_UNPACK_LATER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "spool.h"

/*
 * What has to wait until all regular files are there: links, in the order of
 * the archive; and the modes and times of directories, deepest first and
 * otherwise in that order.
 */
struct later;

enum later_kind { LATER_SYMLINK, LATER_HARDLINK, LATER_DIR };

struct later_item {
	enum later_kind kind;
	/* link: of LATER_DIR its attributes (attrs.h), which hold NULs */
	const char *path, *link;
	size_t path_len, link_len;
	unsigned mode;
	uint32_t uid, gid;
	int64_t mtime;
	long mtime_ns;
	dev_t dev; /* of the directory, as it was made */
	ino_t ino;
};

/* A store whose overflow goes to a nameless file in dir. */
struct later *later_new(int dir);
void later_free(struct later *l);

/* Keeps a copy of *item.  Returns what later_is takes for it, or -1 with
 * errno. */
int64_t later_add(struct later *l, const struct later_item *item);

/* Says that a directory that was kept is another one now.  0, or -1 with
 * errno. */
int later_is(struct later *l, int64_t record, dev_t dev, ino_t ino);

/*
 * Calls each for every link, and later_dirs for every directory, until it
 * returns non-zero.  Returns what it returned last, 0 for none; or -1 with
 * errno when the store cannot be read.
 */
int later_links(struct later *l,
		int (*each)(const struct later_item *item, void *arg),
		void *arg);
int later_dirs(struct later *l,
	       int (*each)(const struct later_item *item, void *arg),
	       void *arg);

#endif
