#ifndef KCONF_INCLUSTER_H
#define KCONF_INCLUSTER_H

struct arena;
struct choice;

/*
 * In a pod: fills c, which is empty before, with the server of the
 * environment and the files of the service account, and returns 1.  Returns 0
 * anywhere else.  What is new lives in a.
 */
int incluster_choose(struct choice *c, struct arena *a);

/*
 * The namespace of the pod that this runs in, in a; NULL outside of pods or
 * when it is not known.
 */
const char *incluster_namespace(struct arena *a);

#endif
