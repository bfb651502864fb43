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

/* A credential that needs no plugin: while there is one, none is started. */
bool check_has_static(const struct user *u);

#endif
