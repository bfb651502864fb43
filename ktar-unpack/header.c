/*
 * The fields of one tar header block, read strictly: a field is a number as
 * a tar writes it or the block is refused.  Pure.
 */
#include "header.h"

#include <string.h>

/* Where the fields are. */
enum {
	NAME = 0,
	MODE = 100,
	UID = 108,
	GID = 116,
	SIZE = 124,
	MTIME = 136,
	SUM = 148,
	TYPE = 156,
	LINK = 157,
	MAGIC = 257,
	MAJOR = 329,
	MINOR = 337,
	PREFIX = 345,
	STAR = 508
};

bool
header_is_zero(const unsigned char *block)
{
	return block[0] == 0 && memcmp(block, block + 1, HEADER_BYTES - 1) == 0;
}

static int
base256(int64_t *out, const unsigned char *field, size_t len)
{
	bool negative = field[0] == 0xff;
	uint64_t n = negative ? UINT64_MAX : 0;

	if (field[0] != 0x80 && !negative)
		return -1;
	for (size_t i = 1; i < len; i++) {
		/* what is shifted out must be sign only */
		if (n >> 55 != (negative ? UINT64_MAX >> 55 : 0))
			return -1;
		n = n << 8 | field[i];
	}
	if (n >> 63 != (negative ? 1 : 0))
		return -1;
	memcpy(out, &n, sizeof n);
	return 0;
}

int
header_number(int64_t *out, const unsigned char *field, size_t len)
{
	int64_t n = 0;
	size_t i = 0;

	if (field[0] & 0x80)
		return base256(out, field, len);
	while (i < len && field[i] == ' ')
		i++;
	/* 12 digits at most: no overflow */
	for (; i < len && field[i] >= '0' && field[i] <= '7'; i++)
		n = n * 8 + (field[i] - '0');
	for (; i < len; i++)
		if (field[i] != ' ' && field[i] != '\0')
			return -1;
	*out = n;
	return 0;
}

bool
header_sum_is_right(const unsigned char *block)
{
	int64_t said;
	int sum = 0, high = 0;

	if (header_number(&said, block + SUM, 8) != 0)
		return false;
	for (size_t i = 0; i < HEADER_BYTES; i++) {
		sum += block[i];
		high += block[i] >> 7;
	}
	/* the field itself counts as blanks */
	for (size_t i = SUM; i < SUM + 8; i++) {
		sum += ' ' - block[i];
		high -= block[i] >> 7;
	}
	return said == sum || said == sum - 256 * high;
}

static size_t
append(char *out, const unsigned char *field, size_t len)
{
	size_t n = strnlen((const char *)field, len);

	memcpy(out, field, n);
	out[n] = '\0';
	return n;
}

/*
 * Which dialect the block is in.  Readers tell them apart in different ways,
 * and then look for the prefix of the name in different places or nowhere, so
 * -1 is anything that is not exactly what a tar writes.
 */
static int
dialect_of(const unsigned char *block, enum header_dialect *dialect)
{
	static const unsigned char none[8];
	int64_t time;

	if (memcmp(block + MAGIC, "ustar\00000", 8) == 0) {
		*dialect = HEADER_USTAR;
		/* star's prefix is 131 bytes long, and ended by a NUL */
		return memcmp(block + STAR, "tar", 4) == 0 &&
			       block[PREFIX + 130] != '\0'
			   ? -1
			   : 0;
	}
	if (memcmp(block + MAGIC, "ustar  ", 8) == 0) {
		*dialect = HEADER_GNU;
		/* two times, where others have the prefix */
		return header_number(&time, block + PREFIX, 12) != 0 ||
			       header_number(&time, block + PREFIX + 12, 12) !=
				   0
			   ? -1
			   : 0;
	}
	*dialect = HEADER_V7;
	return memcmp(block + MAGIC, none, sizeof none) == 0 &&
		       block[PREFIX] == '\0'
		   ? 0
		   : -1;
}

/* The numbers have to be some in whatever is no device, too: there are readers
 * that look at them, and end the archive where they are none. */
static int
read_device(struct header *h, const unsigned char *block)
{
	bool device = h->type == '3' || h->type == '4';

	h->dev_major = h->dev_minor = 0;
	if (header_number(&h->dev_major, block + MAJOR, 8) != 0 ||
	    header_number(&h->dev_minor, block + MINOR, 8) != 0)
		return -1;
	if (!device)
		h->dev_major = h->dev_minor = 0;
	return h->dev_major < 0 || h->dev_minor < 0 ? -1 : 0;
}

bool
header_is_plain_gnu(const unsigned char *block)
{
	for (size_t i = 369; i < 495; i++)
		if (block[i] != '\0')
			return false;
	return true;
}

const char *
header_read(struct header *h, const unsigned char *block)
{
	int64_t mode;
	size_t n = 0, len;

	if (dialect_of(block, &h->dialect) != 0)
		return "unknown kind of header";
	h->type = block[TYPE] ? (char)block[TYPE] : '0';
	if (header_number(&mode, block + MODE, 8) != 0 || mode < 0 ||
	    mode > 0177777)
		return "bad mode";
	h->mode = (unsigned)mode & 07777;
	if (header_number(&h->uid, block + UID, 8) != 0 || h->uid < 0 ||
	    header_number(&h->gid, block + GID, 8) != 0 || h->gid < 0)
		return "bad owner";
	if (header_number(&h->size, block + SIZE, 12) != 0 || h->size < 0)
		return "bad size";
	if (header_number(&h->mtime, block + MTIME, 12) != 0)
		return "bad time";
	if (read_device(h, block) != 0)
		return "bad device number";
	if (h->dialect == HEADER_USTAR && block[PREFIX]) {
		n = append(h->name, block + PREFIX, 155);
		if (h->name[n - 1] != '/')
			h->name[n++] = '/';
	}
	len = append(h->name + n, block + NAME, 100);
	h->slash = !block[TYPE] && len > 0 && block[NAME + len - 1] == '/';
	append(h->link, block + LINK, 100);
	return NULL;
}
