#ifndef KTAR_PACK_LINKS_H
#define KTAR_PACK_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* Which member was the first with the content of a file that has several
 * names. */

/* What the table may use; beyond it files are packed as if they had one name.
 */
enum { LINKS_BYTES = 3 << 20 };

struct link {
	dev_t dev;
	ino_t ino;
	off_t size; /* with mtime: what the content is known by */
	struct timespec mtime;
	nlink_t left; /* names that may still come */
	char *name;   /* NULL: the slot is free; t->extra bytes are behind it */
};

struct links {
	struct link *slot;
	size_t n, cap; /* cap is 0 or a power of two */
	size_t bytes;  /* of memory in use */
	size_t extra;  /* bytes that each link brings; set it at first */
	bool keep;     /* a name may come more than once; set it at first */
};

/*
 * The member that st is another name of, or NULL.  The string is t's own and
 * stays until links_seen or links_free.  *stale tells that the member does not
 * have the content that st has now: the file was written since, or is another
 * one that got the inode of a removed one.
 */
const char *links_find(const struct links *t, const struct stat *st,
		       bool *stale);

/* Notes that the member name was written for st: the first of its names, or
 * one more.  With its first name the t->extra bytes at extra
 * are kept.  Returns 0, or -1 when there is no room for it. */
int links_seen(struct links *t, const struct stat *st, const char *name,
	       const void *extra);

/* The extra bytes of a name that links_find has returned. */
const void *links_extra(const char *name);

/* Frees what t holds and makes it empty. */
void links_free(struct links *t);

#endif
