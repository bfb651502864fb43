#ifndef LIB_RECORD_H
#define LIB_RECORD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The credential record (kpipe-record(5)): one cluster, one user, one context
 * with everything inline.  kconf writes it, the other tools read it.  It is a
 * kubeconfig in JSON, so kubectl and helm read it too.
 */

/* No record is larger; a reader gives up beyond it. */
enum { RECORD_MAX_BYTES = 1 << 20 };

/* One key of as-user-extra with its values. */
struct record_extra {
	char *key;
	char **values;
	size_t n_values;
};

/*
 * NULL is "not set".  Every string is the record's own.  ca, cert and key are
 * PEM text; expires is RFC 3339.
 */
struct record {
	char *context, *cluster, *user, *namespace;
	char *server, *tls_server_name, *proxy_url, *ca;
	bool insecure, disable_compression;
	char *cert, *key, *token, *username, *password;
	char *as, *as_uid;
	char **as_groups;
	size_t n_as_groups;
	struct record_extra *as_user_extra;
	size_t n_as_user_extra;
	char *expires;
};

/*
 * The record as JSON text, for wipe_str.  With redact, secrets (token,
 * password, key) are replaced by "REDACTED".  Returns NULL and in *field the
 * name of the field when a value is not UTF-8, which JSON cannot hold.
 */
char *record_encode(const struct record *r, bool redact, const char **field);

/*
 * Reads the len bytes at buf into r, which is empty before and, on failure,
 * after.  Returns 0, or -1 and in why (cap bytes) what is wrong: no JSON, no
 * server, a field of the wrong type, base64 that is none, or a field that
 * points at a file or a plugin (a record needs nothing else).
 */
int record_decode(struct record *r, const char *buf, size_t len, char *why,
		  size_t cap);

/* Wipes and frees all that r holds and makes it empty. */
void record_wipe(struct record *r);

#endif
