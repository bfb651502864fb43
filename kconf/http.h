#ifndef KCONF_HTTP_H
#define KCONF_HTTP_H

#include <stddef.h>

struct arena;

/*
 * One request by https, bounded in time and size.  Certificates are always
 * checked, by TLS 1.2 or later, and never is anything sent without it.
 */

/* The most that an answer may be, and a connection and a request may take. */
enum { HTTP_MAX_BYTES = 1 << 20, HTTP_CONNECT_SECONDS = 10, HTTP_SECONDS = 30 };

struct http_request {
	const char *url;
	const char *ca;   /* the PEM text of all roots; NULL is the system's */
	const char *form; /* what to POST, in form encoding; NULL is GET */
	const char *user, *password; /* for Basic; NULL sends none */
};

struct http_answer {
	long status;
	const char *type; /* the media type, or NULL */
	const char *body; /* len bytes with a NUL behind them */
	size_t len;
};

/*
 * Makes the request, through the proxy that HTTPS_PROXY and NO_PROXY name
 * (or the same in lower case), but never through one to this machine, as Go
 * does it.  A GET follows redirects to https, a POST none.  Returns 0 and the
 * answer, in a, whatever its status; or -1 and in why (cap bytes) why there
 * is none, without a word of what was sent.
 */
int http_ask(struct http_answer *out, const struct http_request *r,
	     struct arena *a, char *why, size_t cap);

#endif
