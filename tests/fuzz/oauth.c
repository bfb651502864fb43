/*
 * What a hostile issuer answers, and id tokens that it makes up.
 *
 * links: kconf/arena kconf/jwt kconf/kubeconfig kconf/oauth lib/base64 lib/err
 * links: lib/json lib/mem
 * pkgs: jansson
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kconf/arena.h"
#include "kconf/jwt.h"
#include "kconf/oauth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct oauth_secrets s = {"secret", "refresh"};
	static const char *const type[] = {NULL, "text/plain"};
	struct arena a = {0};
	const char *body = arena_copy(&a, (const char *)data, size);
	long long exp;
	char why[256];

	for (size_t i = 0; i < 4; i++) {
		struct oauth_tokens t = {NULL, NULL};
		bool again;

		if (oauth_read(&t, &a, i / 2 ? 400 : 200, type[i % 2], body,
			       size, &s, &again, why, sizeof why) == 0) {
			if (i / 2 || !t.id || !*t.id)
				abort();
		} else if (strstr(why, s.client_secret) &&
			   !strstr(why, "quotes a secret")) {
			abort();
		}
	}
	(void)oauth_endpoint(&a, 200, body, size, why, sizeof why);
	if (jwt_expiry(body, &exp, why, sizeof why) == 0)
		(void)jwt_time(exp, &a);
	arena_wipe(&a);
	return 0;
}
