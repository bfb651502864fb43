#ifndef KCONF_OAUTH_H
#define KCONF_OAUTH_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/*
 * The texts of a token refresh: OpenID Connect Discovery 1.0, section 4, and
 * RFC 6749, sections 5 and 6, as client-go reads and writes them.
 */

/* What a client has that is never to be said; each may be NULL or "". */
struct oauth_secrets {
	const char *client_secret, *refresh;
};

/* What an issuer gave, in an arena. */
struct oauth_tokens {
	const char *id;
	const char *refresh; /* or NULL */
};

/* text as application/x-www-form-urlencoded has it, in a. */
const char *oauth_escape(struct arena *a, const char *text);

/*
 * What to POST, in a: the refresh token and, where client_id is not NULL, the
 * client in form fields.
 */
const char *oauth_form(struct arena *a, const char *client_id,
		       const struct oauth_secrets *s);

/*
 * The token endpoint in the len bytes of a discovery document that came with
 * a status: in a; or NULL and in why (cap bytes) what is wrong.
 */
const char *oauth_endpoint(struct arena *a, long status, const char *body,
			   size_t len, char *why, size_t cap);

/*
 * Reads the answer of a token endpoint: its status, media type (or NULL) and
 * the len bytes of its body.  Returns 0, with the tokens; or -1 and in why
 * (cap bytes) what is wrong, without the secrets.  Then *again tells whether
 * the endpoint may want the client to be named in another way.
 */
int oauth_read(struct oauth_tokens *out, struct arena *a, long status,
	       const char *type, const char *body, size_t len,
	       const struct oauth_secrets *s, bool *again, char *why,
	       size_t cap);

#endif
