#ifndef KTAR_UNPACK_REMOVE_H
#define KTAR_UNPACK_REMOVE_H

/*
 * Removes all that is in the directory dir (opened for reading; it stays the
 * caller's), but not dir itself.  Links are removed, never followed; another
 * file system that is mounted within is not entered.  Memory and descriptors
 * are bounded, however deep the tree.  What cannot be removed is said, the
 * first few by name behind label, and stays.  Returns 0 when all is gone, or
 * -1.
 */
int remove_inside(int dir, const char *label);

#endif
