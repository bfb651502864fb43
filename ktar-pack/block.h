#ifndef KTAR_PACK_BLOCK_H
#define KTAR_PACK_BLOCK_H

#include <stddef.h>
#include <stdint.h>

/* A tar header is one block: POSIX ustar's fields, GNU's numbers. */

enum {
	BLOCK = 512,    /* every header, and what bodies are padded to */
	RECORD = 10240, /* what the whole stream is padded to: 20 blocks */
};

/* Where the fields that are written here begin, and how long they are. */
enum {
	BLOCK_MODE = 100,
	BLOCK_UID = 108,
	BLOCK_GID = 116,
	BLOCK_SIZE = 124,
	BLOCK_MTIME = 136,
	BLOCK_CHECKSUM = 148,
	BLOCK_TYPE = 156,
	BLOCK_LINK = 157,
	BLOCK_LINK_BYTES = 100, /* the name, too */
	BLOCK_MAGIC = 257,
	BLOCK_UNAME = 265,
	BLOCK_GNAME = 297,
	BLOCK_DEVICE = 329, /* two numbers */
	BLOCK_PREFIX = 345,
	BLOCK_PREFIX_BYTES = 155,
	BLOCK_ID_BYTES = 8,
	BLOCK_BIG_BYTES = 12,  /* size and mtime */
	BLOCK_NAME_BYTES = 32, /* uname and gname */
};

/* Bytes that a body of n bytes needs behind it to fill its last block. */
size_t block_padding(uint64_t n);

/*
 * Writes value into the width (2 to 12) bytes at field: octal digits and a
 * NUL where they hold it, else base-256, two's complement, big-endian, with
 * the top bit of the first byte set (GNU tar, "Basic Tar Format").
 */
void block_number(unsigned char *field, size_t width, int64_t value);

/* Computes the checksum of the header at block and writes it (POSIX ustar:
 * the sum of all bytes, its own field counted as spaces). */
void block_seal(unsigned char block[BLOCK]);

/*
 * Makes a header that no reader survives: a pax extended header ("x") whose
 * records never come.  GNU tar, bsdtar, busybox, toybox and Python end with an
 * error at it, and create nothing for it.
 */
void block_poison(unsigned char block[BLOCK]);

#endif
