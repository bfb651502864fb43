#ifndef KEXEC_TARGET_H
#define KEXEC_TARGET_H

#include <stdbool.h>
#include <stddef.h>

struct workload_type;

/* What a command runs in, and the request that asks for it.  Pure. */
struct target {
	const struct workload_type *type; /* NULL: a pod */
	char *namespace;                  /* NULL: the record's */
	char *name;
};

/*
 * Reads POD, NS/POD, pod/POD or TYPE/NAME.  namespace is that of -n, or NULL.
 * Returns 0 and the caller calls target_free; or -1 and *why names the fault:
 * an empty part, a name that would be more than one segment of a path, two
 * namespaces, a type that no pod can be chosen by.
 */
int target_parse(struct target *t, const char *text, const char *namespace,
		 const char **why);

void target_free(struct target *t);

/* What to ask for; the strings are borrowed. */
struct exec_request {
	const char *prefix, *namespace, *pod,
	    *container;         /* container or NULL */
	char *const *command;   /* ends with NULL */
	bool stdin_wanted, tty; /* a terminal has no stderr of its own */
};

/*
 * The path and query of the exec subresource, every value percent-encoded
 * byte by byte.  The caller frees it.
 */
char *target_path(const struct exec_request *r);

#endif
