#ifndef KTAR_UNPACK_XATTRS_H
#define KTAR_UNPACK_XATTRS_H

#include "attrs.h"
#include "site.h"

/*
 * Sets the attributes that the site wants on the file fd (for directories,
 * dir), which path names and which has its mode.  That stays, but for what a
 * list says; without -p the umask counts for lists, too.  Each that is not set
 * is said.  With fd -1 all are judged and none is set.
 */
enum outcome xattrs_put(struct site *s, int fd, bool dir, const char *path,
			const struct attrs *a);

/* Refuses the attributes of a member that can have none. */
enum outcome xattrs_refuse(struct site *s, const char *path,
			   const struct attrs *a);

#endif
