#ifndef KCONF_PATH_H
#define KCONF_PATH_H

struct arena;

/*
 * path as seen from the folder of file, cleaned of "." and ".." by their
 * names alone, as kubectl does it; an absolute path as it is.  In a.
 */
const char *path_beside(struct arena *a, const char *file, const char *path);

#endif
