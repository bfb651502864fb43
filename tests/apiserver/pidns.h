#ifndef TESTS_APISERVER_PIDNS_H
#define TESTS_APISERVER_PIDNS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * A container beside another one, in whose process namespace it is: process 1
 * has the pod's folder as its root, and what runs beside it has this machine's.
 */
struct pidns {
	pid_t holder; /* ends with the container's own command */
	bool apart;   /* the system has let us make the namespaces */
};

struct pidns_start {
	const char *root;
	char *const *argv;
	const char *path;
	unsigned first_uid,
	    uid; /* of process 1, of the command; 0: as we are */
};

/*
 * Starts argv (found in path) beside a process 1 whose root is root.  Returns
 * 0, or the errno of what failed.  Where there can be no namespaces, or root is
 * NULL, it runs without.
 */
int pidns_start(struct pidns *n, const struct pidns_start *s);

/*
 * Becomes that user, when it is not 0 and this one may, and one that from its
 * next exec on may not look into other users' processes; 0, or -1 and errno.
 */
int pidns_become(unsigned uid);

/* Whether its command has ended; if so its exit status is in *code. */
bool pidns_ended(const struct pidns *n, int *code);

/* Ends what runs there. */
void pidns_end(const struct pidns *n);

/*
 * Brings this process, one that was forked, in there; what it forks from now on
 * is among the container's processes.  0, or -1 and errno.
 */
int pidns_enter(const struct pidns *n);

#endif
