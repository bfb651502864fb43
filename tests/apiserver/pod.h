#ifndef TESTS_APISERVER_POD_H
#define TESTS_APISERVER_POD_H

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"

/*
 * A pod is the folder ROOT/NS/POD.  ROOT/NS/.POD may say more, a word and its
 * values a line:
 *
 *	containers NAME...   default: main; NAME's commands run in the folder
 *	                     POD/NAME if there is one
 *	path DIR             stands first on PATH
 *	labels KEY=VALUE...
 *
 * The pods fault-* all live in the folder ROOT/NS/fault.
 */
struct pod {
	char *namespace, *name, *dir, *path;
	char **containers, **labels;
	size_t n_containers, n_labels;
	struct fault fault;
};

/* Reads a pod into p.  Returns 0 and p is for pod_free; or -1, no such pod. */
int pod_load(struct pod *p, const char *root, const char *namespace,
	     const char *name);

void pod_free(struct pod *p);

bool pod_has_container(const struct pod *p, const char *container);

/* The folder where container's commands run, for free. */
char *pod_folder(const struct pod *p, const char *container);

/* The pod as the API server shows it, for free. */
char *pod_json(const struct pod *p);

/*
 * The list of pods of a namespace, of all when it is NULL, sorted by name,
 * for free.  selector is a comma list of KEY=VALUE, NULL for all; a selector
 * of another form gives NULL.
 */
char *pod_list_json(const char *root, const char *namespace,
		    const char *selector);

#endif
