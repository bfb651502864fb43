#ifndef KEXEC_EPHEMERAL_H
#define KEXEC_EPHEMERAL_H

#include "lib/pod.h"

struct json;

/* Ephemeral containers (Kubernetes core/v1 EphemeralContainer).  Pure. */

/* What is asked for; the strings are borrowed. */
struct ephemeral_ask {
	const char *name, *image;
	const char *target;          /* whose processes it sees; "" for none */
	const struct json *security; /* its securityContext, or NULL */
	long user, group;            /* in place of those; -1: none */
};

/*
 * The strategic merge patch of pods/NAME/ephemeralcontainers that adds it, as
 * kubectl debug makes it.  Its command waits until nothing else has run there
 * for an hour, or for SIGTERM.  For the caller to free; NULL when one of the
 * strings is no UTF-8.
 */
char *ephemeral_patch(const struct ephemeral_ask *ask);

/* The securityContext of the container of the pod doc that is called name,
 * borrowed, or NULL. */
const struct json *ephemeral_security(const struct json *doc, const char *name);

/* What all containers of the pod doc share, as its spec has it called, when
 * they see the same processes ("shareProcessNamespace", "hostPID"); or NULL. */
const char *ephemeral_shared(const struct json *doc);

enum ephemeral_state {
	EPHEMERAL_NONE,  /* the pod has none of that name */
	EPHEMERAL_WAITS, /* it may yet run */
	EPHEMERAL_RUNS,
	EPHEMERAL_ENDED, /* it has run, and cannot again */
	EPHEMERAL_FAILED /* it will not run */
};

struct ephemeral {
	enum ephemeral_state state;
	const char *target; /* borrowed from the pod; "" for none */
	char *why;          /* why it does not run, in the server's words; "" */
};

/* Looks at the ephemeral container of the pod doc that is called name.  The
 * caller frees why. */
struct ephemeral ephemeral_look(const struct json *doc, const char *name);

#endif
