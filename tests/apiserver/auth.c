/*
 * Who asks, and may they.  Pure.
 */
#include "auth.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base64.h"
#include "lib/mem.h"

static char *
find(const struct account *a, size_t n, const char *secret)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(a[i].secret, secret) == 0)
			return xstrdup(a[i].user);
	return NULL;
}

static char *
find_basic(const struct config *c, const char *coded)
{
	size_t n = strlen(coded), len;
	unsigned char *plain = xmalloc(n + 4);
	char *user = NULL;

	if (base64_decode(plain, &len, coded, n) == 0) {
		plain[len] = '\0';
		user = find(c->basics, c->n_basics, (char *)plain);
	}
	free(plain);
	return user;
}

char *
auth_user(const struct config *c, const struct http_request *r,
	  const char *common_name)
{
	const char *a = http_header(r, "Authorization");

	if (c->plain)
		return xstrdup("admin");
	if (common_name)
		return xstrdup(common_name);
	if (a && strncasecmp(a, "Bearer ", 7) == 0)
		return find(c->tokens, c->n_tokens, a + 7);
	if (a && strncasecmp(a, "Basic ", 6) == 0)
		return find_basic(c, a + 6);
	return NULL;
}

bool
auth_may_exec(const struct config *c, const char *user)
{
	size_t i;

	for (i = 0; i < c->n_viewers; i++)
		if (strcmp(c->viewers[i], user) == 0)
			return false;
	return true;
}
