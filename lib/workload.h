#ifndef LIB_WORKLOAD_H
#define LIB_WORKLOAD_H

#include <stddef.h>

struct json;

/* Workloads: what stands for the pods that its selector names.  Pure. */

struct workload_type {
	const char *group_version; /* "apps/v1", or "v1" of the core */
	const char *plural;
	enum workload_selector {
		WORKLOAD_POD,      /* a pod itself */
		WORKLOAD_LABELS,   /* its selector is labels and values */
		WORKLOAD_SELECTOR, /* labels, values and expressions */
		WORKLOAD_NONE      /* it has none that kubectl would take */
	} selector;
};

/*
 * The type that kubectl takes the n bytes at word for, in front of the slash of
 * TYPE/NAME: plural, singular or short, in any letter case, perhaps with its
 * group, or version and group, behind a dot.  NULL when it is no type: since a
 * namespace has no dot in its name, a word that has one always is.
 */
const struct workload_type *workload_type(const char *word, size_t n);

/* The path of one of them behind the server's prefix; the caller frees it. */
char *workload_path(const struct workload_type *t, const char *prefix,
		    const char *namespace, const char *name);

/*
 * The selector of the workload doc as a labelSelector has it, "" for all pods;
 * the caller frees it.  NULL when there is none or it is no good, and *why
 * says so.
 */
char *workload_selector(const struct workload_type *t, const struct json *doc,
			const char **why);

#endif
