/*
 * A stranger's kubeconfig: YAML, types, the choice of a context.
 *
 * links: kconf/arena kconf/check kconf/decode kconf/kubeconfig kconf/node
 * links: kconf/path kconf/text kconf/url kconf/value kconf/yaml
 * links: lib/base64 lib/err lib/mem
 * pkgs: yaml-0.1
 */
#include <stddef.h>
#include <stdint.h>

#include "kconf/arena.h"
#include "kconf/check.h"
#include "kconf/decode.h"
#include "kconf/kubeconfig.h"
#include "kconf/node.h"
#include "kconf/yaml.h"
#include "lib/kubeopts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct kubeconfig k = {0};
	struct kubeopts none = {0};
	struct choice c = {0};
	char why[256];
	struct node *root =
	    yaml_read(&a, (const char *)data, size, why, sizeof why);

	if (root &&
	    decode_config(&k, &a, root, "/", "dir/file", why, sizeof why) ==
		0 &&
	    kubeconfig_choose(&k, &none, &c, why, sizeof why) == 0)
		check_choice(&c, &a, why, sizeof why);
	arena_wipe(&a);
	return 0;
}
