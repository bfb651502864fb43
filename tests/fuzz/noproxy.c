/*
 * NO_PROXY against a host and a port, a line each; then a list that is two in
 * one.
 *
 * links: kconf/arena kconf/kubeconfig kconf/path kconf/proxyenv kconf/text
 * links: kconf/url lib/err lib/mem
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kconf/arena.h"
#include "kconf/proxyenv.h"
#include "kconf/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The line at *s, which moves behind it. */
static const char *
line(struct arena *a, const char **s)
{
	size_t n = strcspn(*s, "\n");
	const char *out = arena_copy(a, *s, n);

	*s += n + ((*s)[n] == '\n');
	return out;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	const char *s = arena_copy(&a, (const char *)data, size);
	const char *host = line(&a, &s), *port = line(&a, &s);
	const char *one = line(&a, &s), *two = line(&a, &s), *both;
	const char *proxy, *variable, *why, *server;
	struct proxyenv e = {.https_proxy = {two, "p"}, .no_proxy = {one}};
	bool first, second, secure;

	both = arena_format(&a, "%s,%s", one, two);
	first = proxyenv_exempts(&a, one, host, port);
	second = proxyenv_exempts(&a, two, host, port);
	if (proxyenv_exempts(&a, both, host, port) != (first || second))
		abort();
	if (!proxyenv_exempts(&a, arena_format(&a, "%s,*", one), host, port))
		abort();
	server = url_server(&a, arena_format(&a, "https://%s:%s", host, port),
			    &secure, &why);
	/* what comes out is what a kubeconfig may hold */
	if (server &&
	    proxyenv_find(&a, &e, server, &proxy, &variable, &why) == 0 &&
	    proxy && url_proxy_fault(proxy))
		abort();
	arena_wipe(&a);
	return 0;
}
