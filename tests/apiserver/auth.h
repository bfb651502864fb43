#ifndef TESTS_APISERVER_AUTH_H
#define TESTS_APISERVER_AUTH_H

#include <stdbool.h>

#include "config.h"
#include "http.h"

/*
 * The user behind a request, for free: by client certificate (its common
 * name, NULL for none), bearer token or basic password, in that order; NULL
 * when nobody can be made out.  A server without TLS takes everybody for
 * "admin".
 */
char *auth_user(const struct config *c, const struct http_request *r,
		const char *common_name);

/* Whether user may exec. */
bool auth_may_exec(const struct config *c, const char *user);

#endif
