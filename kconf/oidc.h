#ifndef KCONF_OIDC_H
#define KCONF_OIDC_H

struct arena;
struct choice;
struct user;

/*
 * Makes sure that the certificates that the auth-provider "oidc" of the
 * chosen user names can be read, as kubectl does even where the provider is
 * not asked.  Returns 0, or -1 after having said what is wrong.
 */
int oidc_check(const struct choice *c, struct arena *a);

/*
 * Puts the id token of that provider into u, a copy of the chosen user: the
 * one of the kubeconfig while that is valid, else a new one of the issuer,
 * which is written back to the kubeconfig first.  *expires is when it ends,
 * or NULL; all of it is in a.  Returns 0, or -1 after having said what is
 * wrong.
 */
int oidc_ask(struct user *u, const char **expires, const struct choice *c,
	     struct arena *a);

#endif
