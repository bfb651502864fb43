/*
 * One header block: POSIX ustar's fields, or GNU tar's variety of them.  Pure.
 */
#include "header.h"

#include <string.h>

static void
set_text(unsigned char *field, size_t width, const char *s, size_t len)
{
	memcpy(field, s, len < width ? len : width);
}

void
header_fill(unsigned char block[BLOCK], const struct header *h)
{
	memset(block, 0, BLOCK);
	if (h->prefix)
		set_text(block + BLOCK_PREFIX, BLOCK_PREFIX_BYTES, h->prefix,
			 h->prefix_len);
	set_text(block, BLOCK_LINK_BYTES, h->name, h->name_len);
	if (h->slash && h->name_len < BLOCK_LINK_BYTES)
		block[h->name_len] = '/';
	if (h->link)
		set_text(block + BLOCK_LINK, BLOCK_LINK_BYTES, h->link,
			 strlen(h->link));
	block_number(block + BLOCK_MODE, BLOCK_ID_BYTES, h->mode);
	block_number(block + BLOCK_UID, BLOCK_ID_BYTES, (int64_t)h->uid);
	block_number(block + BLOCK_GID, BLOCK_ID_BYTES, (int64_t)h->gid);
	block_number(block + BLOCK_SIZE, BLOCK_BIG_BYTES, (int64_t)h->size);
	block_number(block + BLOCK_MTIME, BLOCK_BIG_BYTES, h->mtime);
	block[BLOCK_TYPE] = (unsigned char)h->type;
	set_text(block + BLOCK_UNAME, BLOCK_NAME_BYTES - 1, h->uname,
		 strlen(h->uname));
	set_text(block + BLOCK_GNAME, BLOCK_NAME_BYTES - 1, h->gname,
		 strlen(h->gname));
	if (h->gnu) {
		memcpy(block + BLOCK_MAGIC, "ustar  ", 8);
	} else {
		memcpy(block + BLOCK_MAGIC, "ustar\00000", 8);
		/* the numbers of a device, of which there are none */
		block_number(block + BLOCK_DEVICE, BLOCK_ID_BYTES, 0);
		block_number(block + BLOCK_DEVICE + BLOCK_ID_BYTES,
			     BLOCK_ID_BYTES, 0);
	}
	block_seal(block);
}

bool
header_split(const char *name, size_t len, size_t *prefix_len)
{
	size_t cut =
	    len > BLOCK_PREFIX_BYTES + 1 ? BLOCK_PREFIX_BYTES + 1 : len;

	*prefix_len = 0;
	if (len <= BLOCK_LINK_BYTES)
		return true;
	if (cut == len && name[len - 1] == '/')
		cut--;
	while (--cut > 0)
		if (name[cut] == '/')
			break;
	*prefix_len = cut;
	return cut > 0 && len - cut - 1 <= BLOCK_LINK_BYTES &&
	       len - cut - 1 > 0;
}
