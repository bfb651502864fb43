#ifndef TESTS_APISERVER_WORKLOAD_H
#define TESTS_APISERVER_WORKLOAD_H

#include <stdbool.h>

/*
 * What owns pods, or selects them: the file ROOT/NS/.RESOURCE/NAME, where
 * RESOURCE is deployments, services and so on, describes one by a selector
 * (tests/README.md).
 */

/* A kind of them. */
struct workload_kind {
	const char *group_version; /* "v1", "apps/v1" */
	const char *resource, *kind, *singular;
	const char *short_name; /* "" for none */
	bool plain;             /* the selector is a map, not a LabelSelector */
};

/* All kinds; the last has no resource. */
extern const struct workload_kind workload_kinds[];

/* The kind of a resource, or NULL. */
const struct workload_kind *workload_find(const char *group_version,
					  const char *resource);

/* One, for free; NULL when there is none. */
char *workload_json(const struct workload_kind *k, const char *root,
		    const char *namespace, const char *name);

/* All of a namespace, for free. */
char *workload_list_json(const struct workload_kind *k, const char *root,
			 const char *namespace);

#endif
