#ifndef KEXEC_CONTAINER_H
#define KEXEC_CONTAINER_H

#include "lib/pod.h"

/*
 * The container that kubectl execs into: the one called wanted, of any class;
 * when wanted is NULL, the one that the pod's annotation names, where there is
 * such a container; else the first regular one, and then *note is what kubectl
 * says about a choice that could have been another, or NULL.  Returns its
 * name, borrowed from p; or NULL, and *note says why there is none.  The
 * caller frees *note.  Pure.
 */
const char *container_choose(const struct pod *p, const char *wanted,
			     char **note);

#endif
