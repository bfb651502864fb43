#ifndef KTAR_PACK_EXCLUDE_H
#define KTAR_PACK_EXCLUDE_H

#include "filter.h"

/*
 * Adds the patterns in the file path ("-" is stdin), one a line, without the
 * white space at their ends; what is empty then is none.  Says what is wrong
 * and exits when it cannot be read, holds a NUL, or more than 16 MiB.
 */
void exclude_read(struct filter *f, const char *path);

/* Adds the names under which version control systems keep their own. */
void exclude_vcs(struct filter *f);

#endif
