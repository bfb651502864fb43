#ifndef LIB_PROXYURL_H
#define LIB_PROXYURL_H

/* A proxy's address, taken apart.  Pure. */
enum proxy_kind {
	PROXY_HTTP,  /* CONNECT (RFC 9110, section 9.3.6) */
	PROXY_HTTPS, /* the same, within TLS to the proxy */
	PROXY_SOCKS5 /* RFC 1928; the proxy resolves names */
};

struct proxyurl {
	enum proxy_kind kind;
	char *name;            /* scheme://host:port, fit to be shown */
	char *user, *password; /* decoded; NULL without */
};

/*
 * Reads text: http://, https://, socks5:// or socks5h://, perhaps
 * user:password@ in percent-encoding (RFC 3986, section 2.1), a host (IPv6 in
 * brackets) and perhaps a port, in whose place the scheme's is taken; what
 * follows is dropped, as kubectl does.  Returns 0 and the caller calls
 * proxyurl_wipe; or -1 and *why names the fault, without a word of text.
 */
int proxyurl_parse(struct proxyurl *p, const char *text, const char **why);

/* Wipes and frees all that p holds and makes it empty. */
void proxyurl_wipe(struct proxyurl *p);

#endif
