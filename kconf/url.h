#ifndef KCONF_URL_H
#define KCONF_URL_H

#include <stdbool.h>

struct arena;

/*
 * The server of a kubeconfig, made regular: scheme in lower case, http when
 * there is none, no query, fragment or slash at the end.  Returns it, in a,
 * with *secure telling https from http; or NULL and in *why the fault.
 */
const char *url_server(struct arena *a, const char *server, bool *secure,
		       const char **why);

/*
 * A proxy as the environment names it, as a proxy-url, in a: http:// in front
 * when it has no scheme, and socks5 for socks5h, which means the same to
 * kubectl.
 */
const char *url_proxy(struct arena *a, const char *value);

/* NULL when url is good for proxy-url, or what is wrong with it. */
const char *url_proxy_fault(const char *url);

/*
 * url without the user and password that it may carry, in a.  What cannot be
 * understood loses everything before its last "@".
 */
char *url_without_user(struct arena *a, const char *url);

#endif
