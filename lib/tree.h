#ifndef LIB_TREE_H
#define LIB_TREE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Directories beneath one root, by held descriptors only: no symbolic link
 * is ever followed, nothing above the root can be reached, and no name is
 * resolved twice from a joined path.  openat2(2) does it where the kernel
 * has it; else each component is opened with O_NOFOLLOW.  Paths may be
 * longer than PATH_MAX.
 */
struct tree;

/*
 * A tree whose root is the open directory root, which it takes over.  It keeps
 * up to 64 descriptors, and no more than a fourth of what the process may have
 * now.
 */
struct tree *tree_new(int root);

/* Closes all; t may be NULL. */
void tree_free(struct tree *t);

/*
 * The directory path (len bytes, relative, components separated by single
 * slashes, no "." and no ".."; len 0 is the root).  With make, directories
 * that are not there are made with mode 0777 less the umask.  Returns a
 * descriptor (O_PATH) that is valid until the next call with this tree; or
 * -1 with errno: ENOENT, ENOTDIR or ELOOP when a component is a link or
 * another file that is no directory, or what the system says.
 */
int tree_dir(struct tree *t, const char *path, size_t len, bool make);

/*
 * To be called after the directory path was removed, so that no descriptor
 * of it or of what was beneath it is used again.
 */
void tree_forget(struct tree *t, const char *path, size_t len);

#endif
