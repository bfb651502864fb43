#ifndef TESTS_APISERVER_POD_H
#define TESTS_APISERVER_POD_H

#include <stdbool.h>
#include <stddef.h>

#include "conf.h"
#include "fault.h"

/*
 * A pod is the folder ROOT/NS/POD.  ROOT/NS/.POD may say more; the keys are
 * those of the fields, and tests/README.md explains them.  The pods fault-*
 * all live in the folder ROOT/NS/fault.
 */
struct pod {
	char *namespace, *name, *dir;
	char *path;     /* NULL: none */
	char *only;     /* NULL: none */
	char *share;    /* what all share: "pod", "host"; NULL: none */
	char *security; /* securityContext of each, JSON; NULL: none */
	unsigned uid;   /* of its process 1, when we may; 0: ours */
	char *debug;    /* "none", "alone": its ephemeral containers; or NULL */
	struct words containers, init, sidecars, ephemeral;
	/* what was asked for while the server runs; see ephemeral_show */
	struct words made, idle;
	char *made_specs, *made_statuses; /* JSON; NULL: none */
	struct words labels, annotations; /* KEY=VALUE */
	struct words restarts;            /* CONTAINER=N */
	char *phase;
	char *node; /* NULL: not assigned to one */
	char *created;
	char *deleted; /* NULL: it is not */
	char *ready;   /* since when; NULL: it is not */
	struct fault fault;
};

/* Whether s can be the name of a pod, a namespace or a container, that is of
 * a folder too. */
bool pod_name_good(const char *s);

/* Reads a pod into p.  Returns 0 and p is for pod_free; or -1, no such pod. */
int pod_load(struct pod *p, const char *root, const char *namespace,
	     const char *name);

void pod_free(struct pod *p);

bool pod_has_container(const struct pod *p, const char *container);

/* Whether commands can run in container, which p has. */
bool pod_runs(const struct pod *p, const char *container);

/* The PATH of p's commands, for free; machine is this machine's, or NULL. */
char *pod_path(const struct pod *p, const char *machine);

/* The folder where container's commands run, for free. */
char *pod_folder(const struct pod *p, const char *container);

#endif
