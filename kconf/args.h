#ifndef KCONF_ARGS_H
#define KCONF_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/kubeopts.h"

#include "print.h"

/* What the command line asks for. */
struct args {
	struct kubeopts kube;
	enum format format;
	bool list, redact, raw_to_terminal, quiet, verbose, cache;
	char *token, *proxy_url; /* copies of what was wiped in argv */
	char *words;             /* what --args-fd gave */
	size_t words_len;
	const char **word;
	size_t n_words;
};

/*
 * Takes the command line, and what --args-fd has to add, into a, which is
 * empty before.  A wrong one ends the process with status 2.  The values of
 * --token and --proxy-url are overwritten in argv.
 */
void args_take(struct args *a, int argc, char *argv[]);

/* Wipes and frees what args_take made. */
void args_wipe(struct args *a);

#endif
