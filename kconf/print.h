#ifndef KCONF_PRINT_H
#define KCONF_PRINT_H

#include <stdbool.h>

struct kubeconfig;
struct origins;
struct record;

enum format {
	FORMAT_JSON,
	FORMAT_YAML,
	FORMAT_CURL,
	FORMAT_SERVER,
	FORMAT_NAMESPACE,
	FORMAT_TOKEN,
	FORMAT_CA,
	FORMAT_CERT,
	FORMAT_KEY,
	FORMAT_CONTEXT,
	FORMAT_EXPIRES,
	FORMAT_NONE
};

/* The format called name, FORMAT_NONE when there is no such. */
enum format print_format(const char *name);

/* Whether what a format prints may be a secret. */
bool print_is_secret(enum format f);

/*
 * The record in a format, with redact (json and yaml only) without secrets.
 * Returns the text, for wipe_str; or NULL after having said what the record
 * lacks or the format cannot hold.
 */
char *print_record(enum format f, const struct record *r,
		   const struct origins *from, bool redact);

/*
 * The bare value that print_record returned, which it frees, with all that
 * could drive a terminal escaped.  For wipe_str.
 */
char *print_for_terminal(char *text);

/*
 * One line a context: name, cluster, user, namespace, server and "*" for the
 * current one, with tabs between.  Control bytes are escaped.  For wipe_str.
 */
char *print_list(const struct kubeconfig *k);

#endif
