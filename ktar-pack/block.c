/*
 * Header blocks, byte by byte: numbers, checksum, and the header that breaks a
 * stream.  Pure.
 */
#include "block.h"

#include <stdbool.h>
#include <string.h>

size_t
block_padding(uint64_t n)
{
	return (size_t)(-n & (BLOCK - 1));
}

void
block_number(unsigned char *field, size_t width, int64_t value)
{
	size_t digits = width - 1, i;
	uint64_t bits = (uint64_t)value;

	if (value >= 0 && bits >> (3 * digits) == 0) {
		field[digits] = '\0';
		for (i = digits; i-- > 0; bits >>= 3)
			field[i] = (unsigned char)('0' + (bits & 7));
		return;
	}
	for (i = width; i-- > 0;) {
		field[i] = (unsigned char)(bits & 0xff);
		bits = bits >> 8 | (value < 0 ? (uint64_t)0xff << 56 : 0);
	}
	field[0] |= 0x80;
}

void
block_seal(unsigned char block[BLOCK])
{
	const uint64_t even = UINT64_C(0x00ff00ff00ff00ff);
	unsigned char *field = block + BLOCK_CHECKSUM;
	uint64_t word, lanes = 0;
	unsigned sum = 0;

	memset(field, ' ', 8);
	/* eight bytes at once, in four sums of at most 128 bytes each */
	for (size_t i = 0; i < BLOCK; i += sizeof word) {
		memcpy(&word, block + i, sizeof word);
		lanes += (word & even) + (word >> 8 & even);
	}
	for (; lanes; lanes >>= 16)
		sum += (unsigned)(lanes & 0xffff);
	/* six digits, NUL, space */
	block_number(field, 7, sum);
}

void
block_poison(unsigned char block[BLOCK])
{
	memset(block, 0, BLOCK);
	strncpy((char *)block, "././@Incomplete", 100);
	block_number(block + BLOCK_MODE, BLOCK_ID_BYTES, 0644);
	block_number(block + BLOCK_UID, BLOCK_ID_BYTES, 0);
	block_number(block + BLOCK_GID, BLOCK_ID_BYTES, 0);
	block_number(block + BLOCK_SIZE, BLOCK_BIG_BYTES, 2 * BLOCK);
	block_number(block + BLOCK_MTIME, BLOCK_BIG_BYTES, 0);
	block[BLOCK_TYPE] = 'x';
	memcpy(block + BLOCK_MAGIC, "ustar\00000", 8);
	block_seal(block);
}
