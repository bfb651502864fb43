#ifndef KTAR_PACK_MEMBER_H
#define KTAR_PACK_MEMBER_H

#include <stdint.h>
#include <sys/stat.h>

#include "pack.h"

enum member_result {
	MEMBER_PACKED,
	MEMBER_SKIPPED, /* a kind of file that is never packed; named */
	MEMBER_FAILED,  /* could not be packed; named */
};

/*
 * Packs leaf, which is no directory, of the directory dirfd; p->name names it,
 * type is its DT_ type.  Nothing is followed unless p->follow is set, and then
 * type is that of what is there; nothing but regular files and
 * symbolic links is opened, and header and body come from one descriptor.
 * Does not return when a body breaks off in the middle.
 */
enum member_result member_leaf(struct pack *p, int dirfd, const char *leaf,
			       unsigned char type);

/* What the file that st describes is in the stream, headers included, as far as
 * that can be told without opening it. */
uint64_t member_bytes(const struct pack *p, const struct stat *st);

/* Opens the directory leaf of dirfd, following a link where p->follow is set,
 * and fills *st. Returns the descriptor, or -1 when that is not possible; it is
 * named then. */
int member_open_dir(struct pack *p, int dirfd, const char *leaf,
		    struct stat *st);

/* Packs the directory fd that p->name names.  Returns 0; or -1, and it is
 * named. */
int member_put_dir(struct pack *p, int fd, const struct stat *st);

#endif
