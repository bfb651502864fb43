#ifndef KCONF_PLUGIN_H
#define KCONF_PLUGIN_H

struct arena;
struct choice;
struct user;

/*
 * Runs the exec credential plugin of the user that was chosen and puts what
 * it gives into u, a copy of that user: token, certificate and key.  *expires
 * is when that ends, or NULL; all of it is in a.  ca is the PEM text of the
 * chosen cluster, or NULL.  Returns 0, or -1 after having said what is wrong.
 */
int plugin_ask(struct user *u, const char **expires, const struct choice *c,
	       const char *ca, struct arena *a);

#endif
