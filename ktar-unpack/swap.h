#ifndef KTAR_UNPACK_SWAP_H
#define KTAR_UNPACK_SWAP_H

#include <stddef.h>
#include <sys/stat.h>

/*
 * The second process of --atomic: it sees nothing of the archive, waits for a
 * word, puts the new tree in the place of the old one and removes the old; or
 * removes the new one when no word comes, also when the first process was
 * killed.
 */

enum { SWAP_STALE = 8, SWAP_NAME = 40 };

/* The word; and the answers.  After SWAP_DONE comes SWAP_GONE when the old tree
 * was removed too; after SWAP_FAILED, of which the cause was said, nothing. */
#define SWAP_WORD "s"
enum { SWAP_FAILED = 'f', SWAP_DONE = 'd', SWAP_GONE = 'g' };

struct swap {
	const char *label; /* the directory, for messages */
	char *above;       /* of its path, what is in front of its name */
	const char *name;  /* its name in parent */
	char temporary[SWAP_NAME]; /* that of the new tree, for now */
	int parent, tree, old;     /* descriptors; old -1: there is none */
	struct stat tree_is, old_is;
	int stale[SWAP_STALE]; /* trees that killed runs have left */
	char stale_name[SWAP_STALE][SWAP_NAME];
	size_t n_stale;
	int control, answer; /* its ends of two pipes */
};

/* Runs the process to its end. */
_Noreturn void swap_run(const struct swap *w);

/*
 * Before the archive is read: gives the new tree what files made in it inherit,
 * the group and the default access control list of the old one.  0, or -1
 * with errno.
 */
int swap_prepare(const struct swap *w);

#endif
