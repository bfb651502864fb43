#ifndef KEXEC_DEBUG_H
#define KEXEC_DEBUG_H

#include "lib/api.h"

#include "find.h"
#include "opts.h"

/*
 * Sees to it that the ephemeral container of --debug-image runs in p->pod: adds
 * it, or takes the one that has its name, and waits until it runs as long as o
 * says.  p->container is its name then.  Or says why there is none, and ends
 * the process.
 */
void debug_container(struct api *a, const struct opts *o, struct place *p);

#endif
