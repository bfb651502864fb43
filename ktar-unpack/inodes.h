#ifndef KTAR_UNPACK_INODES_H
#define KTAR_UNPACK_INODES_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * The set of files and directories that this run has made, by device and
 * inode number: hard links may only be made to these files.  Numbers given out
 * in a row share a slot, so that a million of them mostly take a megabyte; the
 * table never grows beyond 8 MiB, and takes 9 MiB while it grows.
 */
struct inodes;

struct inodes *inodes_new(void);
void inodes_free(struct inodes *s);

/* Adds one.  When the table is full it is not added, and inodes_has will say
 * no: a hard link to it is then refused, never made blindly. */
void inodes_add(struct inodes *s, dev_t dev, ino_t ino);

bool inodes_has(const struct inodes *s, dev_t dev, ino_t ino);

#endif
