#ifndef KTAR_PACK_ATTRS_H
#define KTAR_PACK_ATTRS_H

#include <stdbool.h>

#include "pax.h"

struct pack;

/* The extended attributes and ACLs of one file, as pax records. */
struct attrs {
	bool xattrs, acls;  /* which of them are asked for */
	struct pax records; /* of what is being packed */
	char *names, *value;
	const char **name;
};

/* What the attributes of one file may need in a header.  GNU tar takes more,
 * libarchive and ktar-unpack 1 MiB for all records together. */
enum { ATTRS_BYTES = 768 << 10 };

/*
 * Fills p->attrs.records with what is asked for of the file fd, a regular file
 * or a directory, that p->name names.  Attributes of the namespaces user,
 * trusted and security become SCHILY.xattr.NAME, in the order of their names,
 * as many as this process may see; ACLs SCHILY.acl.access and
 * SCHILY.acl.default, with numbers for names.  What cannot be read is named and
 * left out.
 */
void attrs_read(struct pack *p, int fd, bool dir);

/* Empties p->attrs.records: the next member has none. */
void attrs_none(struct pack *p);

/* Frees what a holds. */
void attrs_free(struct attrs *a);

#endif
