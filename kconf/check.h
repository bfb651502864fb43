#ifndef KCONF_CHECK_H
#define KCONF_CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct choice;
struct user;

/*
 * Whether what was chosen can be used, by kubectl's rules for what may stand
 * beside what: 0, or -1 and in why (cap bytes) the cluster or user, the
 * fields and the fault.  No file is looked at.
 */
int check_choice(const struct choice *c, struct arena *a, char *why,
		 size_t cap);

/* Whether there is a credential that needs no plugin. */
bool check_has_static(const struct user *u);

/*
 * Whether the credential has to come from a plugin or an auth-provider.  A
 * certificate with its key stands in for a plugin, but not for a provider.
 */
bool check_needs_plugin(const struct user *u);

#endif
