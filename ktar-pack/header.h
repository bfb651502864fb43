#ifndef KTAR_PACK_HEADER_H
#define KTAR_PACK_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block.h"

/* What one header block says.  The strings are the caller's. */
struct header {
	const char *prefix; /* in front of name and a slash; NULL: nothing */
	size_t prefix_len;  /* at most BLOCK_PREFIX_BYTES */
	const char *name;
	size_t name_len;  /* what is beyond BLOCK_LINK_BYTES is cut off */
	bool slash;       /* and one more byte of name is a slash */
	const char *link; /* cut as name is; NULL: none */
	char type;        /* POSIX ustar's, or one of GNU tar's */
	bool gnu;         /* with GNU tar's magic */
	unsigned mode;    /* permissions, at most 07777 */
	uint64_t uid, gid, size;
	int64_t mtime;
	const char *uname, *gname; /* at most BLOCK_NAME_BYTES - 1 */
};

/* Makes the header block h; numbers as block_number, so all of them fit. */
void header_fill(unsigned char block[BLOCK], const struct header *h);

/*
 * Where a name of len bytes is cut for ustar: the length of the prefix, in
 * front of a slash that neither part has; 0 where the name fits as it is.
 * Returns false where no cut makes it fit (POSIX ustar: 100 bytes, or 155 and
 * 100 about a slash).  As GNU tar it cuts as far behind as it can.
 */
bool header_split(const char *name, size_t len, size_t *prefix_len);

#endif
