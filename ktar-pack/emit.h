#ifndef KTAR_PACK_EMIT_H
#define KTAR_PACK_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/* Tar headers. */

enum emit_format {
	EMIT_GNU, /* as GNU tar writes them: for every reader */
	EMIT_PAX, /* pax interchange format: nanoseconds, any number in full */
	EMIT_USTAR, /* POSIX ustar, and what it cannot hold is refused */
};

struct emit;
struct pax;
struct sparse_map;

/* What a header says.  The strings are the caller's. */
struct member {
	const char *name; /* relative; no slash at the end */
	const char *link; /* target of a symbolic or hard link, else NULL */
	bool hard;        /* link is the name of an earlier member */
	const struct stat *st;
	const char *uname, *gname;    /* "" where the system knows no name */
	uint64_t size;                /* of the body; 0 where there is none */
	const struct sparse_map *map; /* of a file whose body is its data alone,
				       * not for ustar; or NULL */
	const struct pax *more;       /* records, for pax only; or NULL */
};

/* Returns what emit_header needs; emit_free gives it back. */
struct emit *emit_new(enum emit_format format);
void emit_free(struct emit *e);

/*
 * Makes the header of m: the long name, long link or extended header members
 * that it needs, then its own block, which is the last.  Returns the bytes,
 * which are e's own and stay until the next call, and their number in *len;
 * NULL and the reason in *why when m cannot be said in this format.
 */
unsigned char *emit_header(struct emit *e, const struct member *m, size_t *len,
			   const char **why);

/* Corrects the size of the body, which is and was below 8 GiB, in a header
 * whose last block is at block. */
void emit_resize(unsigned char *block, uint64_t size);

#endif
