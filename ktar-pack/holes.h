#ifndef KTAR_PACK_HOLES_H
#define KTAR_PACK_HOLES_H

#include <stdbool.h>
#include <sys/stat.h>

#include "sparse.h"

/*
 * Looks for the holes of fd, a regular file that st describes, and leaves fd at
 * its beginning.  Returns whether there are any; then *s is the map, for
 * sparse_free.  A file whose blocks are as many as its bytes is not looked at,
 * and where the file system does not tell there are no holes.
 */
bool holes_find(int fd, const struct stat *st, struct sparse_map *s);

#endif
