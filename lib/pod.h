#ifndef LIB_POD_H
#define LIB_POD_H

#include <stdbool.h>
#include <stddef.h>

struct json;

/* What the tools need to know of a pod (Kubernetes core/v1 Pod).  Pure. */

enum pod_class { POD_REGULAR, POD_EPHEMERAL, POD_INIT };

struct pod_container {
	char *name;
	enum pod_class class;
};

/* Times are seconds since 1970; 0 where there is none. */
struct pod {
	char *name, *namespace;
	char *phase;             /* "" when it has none yet */
	char *default_container; /* its annotation, or NULL */
	bool assigned;           /* to a node */
	bool ready;              /* its condition Ready is True */
	bool deleted;            /* it is on its way out */
	long long ready_since, deleted_at, created;
	double restarts, sidecar_restarts; /* the most of any container */
	struct pod_container *containers;  /* regular, ephemeral, init */
	size_t n_containers, n_regular;
};

/*
 * Reads the pod doc into p.  Returns 0, and the caller calls pod_free; or -1
 * and *why says what is wrong: a type, a time, or a name that Kubernetes would
 * not give (apipath_host_name).
 */
int pod_read(struct pod *p, const struct json *doc, const char **why);

void pod_free(struct pod *p);

#endif
