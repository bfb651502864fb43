#ifndef KTAR_UNPACK_HEADER_H
#define KTAR_UNPACK_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One 512-byte tar header (POSIX pax, "ustar Interchange Format"). */
enum { HEADER_BYTES = 512 };

enum header_dialect { HEADER_V7, HEADER_USTAR, HEADER_GNU };

struct header {
	enum header_dialect dialect;
	char type;  /* the type flag; NUL is given as '0' */
	bool slash; /* it was NUL, and the name field ends in a slash: the
		     * directory of tars before POSIX */
	unsigned mode;
	int64_t uid, gid, size, mtime;
	int64_t dev_major, dev_minor; /* of types 3 and 4; else 0 */
	char name[257], link[101];    /* as text; prefix and name are joined */
};

/* Whether the block is all zeros: half an end of archive. */
bool header_is_zero(const unsigned char *block);

/* Whether the block carries a checksum that is right, in the unsigned sum of
 * POSIX or the signed one of old tars. */
bool header_sum_is_right(const unsigned char *block);

/*
 * Reads a block whose checksum is right.  Returns NULL, or what is wrong with
 * it: a magic that is none of the three (POSIX pax, "ustar Interchange
 * Format"; GNU's; eight NULs), something else where readers look for a prefix
 * of the name; a number that is no number, that is negative where it must not
 * be or does not fit; in a field that is not used here, too.
 */
const char *header_read(struct header *h, const unsigned char *block);

/* Whether the old GNU fields for sparse and multi-volume files are unused; a
 * reader that looks there must not find what this one did not. */
bool header_is_plain_gnu(const unsigned char *block);

/*
 * Reads a numeric field: octal digits behind blanks, ended by blanks or NULs
 * or the end of the field; or GNU's base 256 (first byte 0x80, or 0xff for a
 * negative number).  Nothing but blanks and NULs is 0.  Returns 0, or -1 when
 * it is anything else or does not fit.
 */
int header_number(int64_t *out, const unsigned char *field, size_t len);

#endif
