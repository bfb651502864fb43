#ifndef KTAR_UNPACK_ATTRS_H
#define KTAR_UNPACK_ATTRS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Extended attributes and access control lists, as records of pax headers:
 * SCHILY.xattr.NAME (star, GNU tar), LIBARCHIVE.xattr.NAME (the value in
 * base64), SCHILY.acl.access and SCHILY.acl.default.  Pure.
 */

/* Most of one member, names and values of all kinds. */
enum { ATTRS_MAX = 256 };

/* Records that are kept; all zero: none. */
struct attrs {
	char *buf;
	size_t len, n;
};

/* Whether a pax header's keyword is that of such a record. */
bool attrs_knows(const char *keyword, size_t len);

/* Keeps a copy of a record.  NULL, or why not. */
const char *attrs_keep(struct attrs *a, const char *keyword, size_t keyword_len,
		       const char *value, size_t value_len);

void attrs_clear(struct attrs *a);

/* An attribute as fsetxattr(2) takes it. */
struct attr {
	bool acl, for_dir;    /* an access control list; for directories only */
	char *name;           /* the caller's to free with attr_clear */
	unsigned char *value; /* so is this */
	size_t len;
	const char *why; /* it must not be set; NULL: it may */
};

/*
 * The next attribute from the record at *at on, which moves on; false when
 * there is none any more.  Only names in user. may be set, and lists: the
 * others mean something to the system (security.capability is root's rights).
 * One that is given again comes once; with two values it comes again, refused.
 */
bool attrs_next(const struct attrs *a, size_t *at, struct attr *out);

void attr_clear(struct attr *attr);

#endif
