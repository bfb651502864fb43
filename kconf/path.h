#ifndef KCONF_PATH_H
#define KCONF_PATH_H

struct arena;

/*
 * path as seen from the folder of file, cleaned of "." and ".." by their
 * names alone, as kubectl does it; an absolute path as it is.  One that leads
 * out of the working directory starts at its name cwd, if that is not NULL:
 * where the name is that of a symbolic link, ".." is the folder of the link.
 * In a.
 */
const char *path_beside(struct arena *a, const char *cwd, const char *file,
			const char *path);

/*
 * path without "." and ".." (but for those that lead a relative one) and
 * without needless slashes, by its names alone.  In a.
 */
const char *path_clean(struct arena *a, const char *path);

#endif
