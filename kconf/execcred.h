#ifndef KCONF_EXECCRED_H
#define KCONF_EXECCRED_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct choice;

/*
 * The two texts that pass between us and an exec credential plugin, as the
 * Kubernetes API client.authentication.k8s.io/v1 and v1beta1 has them.
 */

/* The longest answer that is read. */
enum { EXECCRED_MAX_BYTES = 1 << 20 };

/* What a plugin gave; what it did not give is NULL.  In an arena. */
struct execcred {
	const char *token;
	const char *cert, *key; /* PEM, both or none */
	const char *expires;    /* RFC 3339 */
	long long expires_at;   /* seconds since 1970, where expires is set */
};

/*
 * The value of KUBERNETES_EXEC_INFO for the plugin of c, for wipe_str; with
 * the cluster, if the plugin is to have that, of which ca is the PEM text or
 * NULL.  NULL when something in it is not UTF-8.
 */
char *execcred_request(const struct choice *c, const char *ca,
		       bool interactive);

/*
 * Reads the len bytes that a plugin of this apiVersion printed, JSON where
 * they start with '{', else YAML.  Returns 0 and the credential; or -1 and in
 * why (cap bytes) what is wrong, without a word of the credential.
 */
int execcred_read(struct execcred *out, struct arena *a, const char *version,
		  const char *buf, size_t len, char *why, size_t cap);

/* What execcred_read would read c from, for wipe_str. */
char *execcred_print(const struct execcred *c, const char *version);

#endif
