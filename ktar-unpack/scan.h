#ifndef KTAR_UNPACK_SCAN_H
#define KTAR_UNPACK_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attrs.h"
#include "sparse.h"

/*
 * The strict reader of tar (v7, ustar, pax, GNU, star's ustar): bytes in,
 * verdict out.  What it says of a member is what is made, there is no other
 * reading.  Memory is bounded whatever comes.
 */
struct scan;

enum scan_type {
	SCAN_FILE,
	SCAN_HARDLINK,
	SCAN_SYMLINK,
	SCAN_DIR,
	SCAN_CHAR,
	SCAN_BLOCK,
	SCAN_FIFO
};

/* A member, as its headers together describe it. */
struct scan_member {
	enum scan_type type;
	const char *name, *link; /* bytes of the archive; link may be "" */
	unsigned mode;           /* 07777 */
	int64_t uid, gid;
	int64_t mtime;
	long mtime_ns;
	int64_t size; /* of the file when it is unpacked; 0 for all others */
	/* where its data goes, in order; NULL: there are no holes */
	const struct sparse *map;
	int64_t dev_major, dev_minor; /* of a device */
	const struct attrs *attrs;    /* NULL: none, or not wanted */
};

enum scan_verdict {
	SCAN_MORE,   /* all that was given is good so far */
	SCAN_MEMBER, /* the headers of a member are complete */
	SCAN_DATA,   /* what was taken is data of the member */
	SCAN_END,    /* the end-of-archive marker is complete */
	SCAN_FAULT   /* the archive is damaged or not understood */
};

/* With attrs, extended attributes and access control lists are wanted. */
struct scan *scan_new(bool attrs);
void scan_free(struct scan *s);

/*
 * Takes bytes of the archive, len of them, a multiple of 512 and not 0; *used
 * is what was taken.  Stops behind the headers of a member and behind the end
 * marker.  With SCAN_DATA *data of the bytes that were taken, the first ones,
 * are data of the member and the rest is padding; headers and data are never
 * taken in one, and data are not looked at.  After the end only zeros are good.
 */
enum scan_verdict scan_feed(struct scan *s, const unsigned char *p, size_t len,
			    size_t *used, size_t *data);

/* How much data of the member is still to come. */
int64_t scan_data_left(const struct scan *s);

/* Whether data or padding of the member is still to come. */
bool scan_has_data(const struct scan *s);

/*
 * The input ended behind the len bytes at p (less than 512) that were not
 * fed.  Returns SCAN_END or SCAN_FAULT.
 */
enum scan_verdict scan_finish(struct scan *s, const unsigned char *p,
			      size_t len);

/* The member that SCAN_MEMBER announced; valid until the next one. */
const struct scan_member *scan_member(const struct scan *s);

/* Why SCAN_FAULT, as text; and where, in bytes of the archive. */
const char *scan_why(const struct scan *s);
int64_t scan_where(const struct scan *s);

#endif
