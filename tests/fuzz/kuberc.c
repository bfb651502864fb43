/*
 * A kuberc: its documents, and the policy in them.
 *
 * links: kconf/arena kconf/kubeconfig kconf/kuberc kconf/node kconf/path
 * links: kconf/fold kconf/text kconf/value kconf/yaml lib/base64 lib/err
 * links: lib/mem
 * pkgs: yaml-0.1
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kconf/arena.h"
#include "kconf/kuberc.h"
#include "kconf/path.h"
#include "kconf/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *
nowhere(struct arena *a, const char *command)
{
	(void)a;
	(void)command;
	return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct kuberc k = {0};
	char why[256];
	struct node *all =
	    yaml_read_all(&a, (const char *)data, size, why, sizeof why);

	if (!all || kuberc_decode(&k, &a, all, "f", why, sizeof why) != 0)
		goto out;
	/* what is in the list may run, and nothing else */
	for (size_t i = 0; i < k.allowed.n; i++) {
		const char *s = k.allowed.item[i];

		if (!*s || strcmp(path_clean(&a, s), s) != 0 ||
		    kuberc_refusal(&k, s, NULL, nowhere, &a))
			abort();
	}
	if ((k.policy == KUBERC_ALLOWLIST) != (k.allowed.n > 0) ||
	    (k.policy == KUBERC_ALLOW_ALL) !=
		!kuberc_refusal(&k, "\n", "/", nowhere, &a))
		abort();
out:
	arena_wipe(&a);
	return 0;
}
