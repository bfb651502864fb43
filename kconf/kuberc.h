#ifndef KCONF_KUBERC_H
#define KCONF_KUBERC_H

#include <stddef.h>

#include "kubeconfig.h"

struct arena;
struct node;

/* Which plugins may run (kubectl from version 1.35 on, kuberc v1beta1). */
enum kuberc_policy { KUBERC_ALLOW_ALL, KUBERC_DENY_ALL, KUBERC_ALLOWLIST };

/* What a kuberc says of plugins; an empty one, all zero, allows all. */
struct kuberc {
	const char *file;
	enum kuberc_policy policy;
	size_t line;            /* of what decides */
	struct strings allowed; /* commands and paths */
};

/*
 * Reads the documents of the file, a list as yaml_read_all gives it, into k,
 * which is empty before.  What is kept lives in a.  A document of version
 * v1beta1 counts, one of v1alpha1 has no policy.  Whatever may be meant as a
 * policy and is none is a fault, also where kubectl would only warn: another
 * version where none is v1beta1, an unknown key, a key twice.  Returns 0; or
 * -1 and in why (cap bytes) line, place and fault.
 */
int kuberc_decode(struct kuberc *k, struct arena *a,
		  const struct node *documents, const char *file, char *why,
		  size_t cap);

/*
 * Why the plugin may not run, in a, or NULL when it may.  command is what the
 * kubeconfig says, path where that is, or NULL when it is nowhere; find says
 * where a command of the list is, or NULL.
 */
const char *kuberc_refusal(const struct kuberc *k, const char *command,
			   const char *path,
			   const char *(*find)(struct arena *, const char *),
			   struct arena *a);

#endif
