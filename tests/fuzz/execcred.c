/*
 * What a stranger's plugin prints, and the same bytes as the configuration
 * of the cluster that it is told.
 *
 * links: kconf/arena kconf/convert kconf/execcred kconf/kubeconfig kconf/node
 * links: kconf/yaml lib/base64 lib/err lib/json lib/mem
 * pkgs: yaml-0.1 jansson
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kconf/arena.h"
#include "kconf/execcred.h"
#include "kconf/kubeconfig.h"
#include "kconf/node.h"
#include "kconf/yaml.h"
#include "lib/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char version[] = "client.authentication.k8s.io/v1";
	struct plugin p = {.api_version = version,
			   .provide_cluster_info = true};
	struct choice c = {.user.plugin = &p, .cluster.server = "https://h"};
	struct arena a = {0};
	struct execcred cred;
	char why[256];

	if (execcred_read(&cred, &a, version, (const char *)data, size, why,
			  sizeof why) == 0) {
		/* never less than a credential */
		if (!cred.token && !(cred.cert && cred.key))
			abort();
	} else if (memchr(why, '\0', sizeof why) == NULL) {
		abort();
	}
	c.cluster.exec_config =
	    yaml_read(&a, (const char *)data, size, why, sizeof why);
	wipe_str(execcred_request(&c, NULL, false));
	arena_wipe(&a);
	return 0;
}
