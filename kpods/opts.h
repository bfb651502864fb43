#ifndef KPODS_OPTS_H
#define KPODS_OPTS_H

#include <stdbool.h>

#include "lib/kubeopts.h"

struct workload_type;

/* The command line of kpods; the strings are those of argv. */
struct opts {
	struct kubeopts kube;
	const char *record, *selector, *fields;
	const struct workload_type *type; /* NULL without an operand */
	const char *name;
	bool all_namespaces, nul, quiet;
	int verbose, connect_timeout; /* ms, 0 for none */
};

/*
 * Reads the command line; a wrong one, --help and --version end the process.
 * The caller frees kube.
 */
void opts_parse(struct opts *o, int argc, char *argv[]);

#endif
