#ifndef KCONF_PROXYENV_H
#define KCONF_PROXYENV_H

#include <stdbool.h>

struct arena;

/*
 * What the environment says of proxies: in each pair the variable in capitals,
 * then that in small letters, of which the first that is set counts.  NULL and
 * "" are "not set".
 */
struct proxyenv {
	const char *https_proxy[2], *http_proxy[2], *no_proxy[2];
	const char *request_method; /* set in a CGI program (RFC 3875) */
};

/*
 * The proxy that kubectl would take from the environment for server, which is
 * as url_server gives it: *proxy, fit for proxy-url and in a, or NULL for
 * none.  Returns 0; or -1 and in *variable which one is no good, and in *why
 * its fault, which shows nothing of its value.
 */
int proxyenv_find(struct arena *a, const struct proxyenv *e, const char *server,
		  const char **proxy, const char **variable, const char **why);

/*
 * Whether a proxy is not for the host (an address has no brackets) and its
 * port: localhost, loopback addresses, and what no_proxy lists.  That is Go's
 * golang.org/x/net/http/httpproxy, names beyond ASCII aside, which are
 * compared as they are written.
 */
bool proxyenv_exempts(struct arena *a, const char *no_proxy, const char *host,
		      const char *port);

#endif
