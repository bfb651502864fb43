#ifndef KTAR_UNPACK_ATOMIC_H
#define KTAR_UNPACK_ATOMIC_H

#include <stdbool.h>

struct swap;

/* A tree that is made beside a directory, to take its place as a whole. */
struct atomic {
	const char *dir;
	bool fresh;          /* there is no such directory yet */
	int control, answer; /* this process's ends of two pipes */
	struct swap *swap;
};

/*
 * Makes an empty directory beside dir, which need not be there, and a second
 * process that will swap the two.  Returns a descriptor of the new one, O_PATH;
 * or ends the tool with a line that says why it cannot be done.  To be called
 * before the confinement.
 */
int atomic_start(struct atomic *a, const char *dir);

/*
 * Says that the tree is good, and waits until it is in place and what was
 * there before has been removed.  0, or -1 after it was said what failed.
 */
int atomic_commit(struct atomic *a);

/* Removes the tree, and waits until it is gone; dir is as it was. */
void atomic_abandon(struct atomic *a);

#endif
