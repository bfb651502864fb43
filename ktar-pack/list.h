#ifndef KTAR_PACK_LIST_H
#define KTAR_PACK_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The names in a directory, in byte order, within a limit of memory: where
 * they do not all fit, the first of them do, and the next come with another
 * reading of the directory.
 */
struct list {
	char *bytes;  /* the entries: a type (DT_ in dirent.h), name, NUL */
	uint32_t *at; /* where each begins, in order */
	size_t n;     /* entries */
	size_t used, cap, at_cap;
	size_t limit;  /* bytes that may be used */
	bool unsorted; /* order does not matter, where all names fit */
	bool follow;   /* symbolic links have the type of what they point to */
	bool more;     /* there are names behind the last one */
	uint32_t cut;  /* then: where that last one is in bytes */
};

/* Makes l empty, to use at most limit bytes or what one name needs. */
void list_init(struct list *l, size_t limit);

/* Frees what l holds. */
void list_free(struct list *l);

/* Gives back what l has room for and does not use. */
void list_trim(struct list *l);

/* Bytes of memory that l holds now. */
size_t list_bytes(const struct list *l);

/* Entry i: its name, and its type. */
const char *list_name(const struct list *l, size_t i);
unsigned char list_type(const struct list *l, size_t i);

/*
 * Reads the directory fd from its beginning: directories into dirs, all else
 * into files, each when it is not NULL, and of each only names behind after,
 * in the order of their bytes.  With after NULL all names are read, and fd has
 * to stand at its beginning.  "." and ".." are left out.  Both
 * lists must be empty.  Returns 0, or -1 with errno.
 */
int list_read(int fd, struct list *files, const char *after, struct list *dirs);

#endif
