#ifndef KTAR_UNPACK_PAX_H
#define KTAR_UNPACK_PAX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attrs.h"
#include "sparse.h"

/* What the records of one pax extended header say; POSIX pax, "pax Extended
 * Header".  Strings are the caller's to free with pax_clear. */
struct pax {
	char *path, *link; /* NULL: not given */
	int64_t size;      /* -1: not given */
	int64_t uid, gid;  /* -1: not given */
	int64_t mtime;
	long mtime_ns; /* 0 to 999999999; -1: no mtime */
	char *sparse_name;
	int64_t sparse_major, sparse_minor; /* -1: not given */
	int64_t sparse_real, sparse_blocks; /* -1: not given */
	int64_t sparse_offset; /* the last one, of 0.0; -1: none waits */
	bool sparse_map;       /* entries were given here (0.0, 0.1) */
	struct sparse map;
	bool want_attrs; /* the caller's wish: attributes are kept */
	struct attrs attrs;
};

/* Makes *p one that says nothing and wants no attributes. */
void pax_start(struct pax *p);

/* Frees what p holds and makes it say nothing; it wants what it wanted. */
void pax_clear(struct pax *p);

/*
 * Reads the len bytes at buf, the body of an 'x' header, or with global of a
 * 'g' header, which may say nothing that changes what is made.  Adds to *p.
 * Returns NULL, or what is wrong: a record that is none, one given twice,
 * a value that is no value, or a key that would change the meaning of the
 * archive in a way not known here.
 */
const char *pax_read(struct pax *p, const char *buf, size_t len, bool global);

/* Whether these records make the member a sparse file. */
bool pax_is_sparse(const struct pax *p);

#endif
