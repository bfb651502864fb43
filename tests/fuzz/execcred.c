/*
 * What a stranger's plugin prints, in either version of the API, and the same
 * bytes as the configuration of the cluster that it is told.
 *
 * links: kconf/arena kconf/convert kconf/execcred kconf/fold kconf/kubeconfig
 * links: kconf/node kconf/yaml lib/base64 lib/err lib/json lib/mem
 * links: lib/timestamp
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
#include "lib/json.h"
#include "lib/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int so)
{
	if (!so)
		abort();
}

/* Never less than a credential, and a fault is said. */
static int
read_answer(struct arena *a, const char *version, const uint8_t *data,
	    size_t size)
{
	struct execcred cred;
	char why[256] = "";
	int rc = execcred_read(&cred, a, version, (const char *)data, size, why,
			       sizeof why);

	if (rc != 0) {
		must(*why && memchr(why, '\0', sizeof why) != NULL);
		return 0;
	}
	must(!cred.cert == !cred.key);
	must(cred.token || cred.cert);
	must(!cred.token || *cred.token);
	must(!cred.cert || strstr(cred.cert, "-----BEGIN CERTIFICATE-----"));
	must(!cred.key || strstr(cred.key, "PRIVATE KEY-----"));
	if (cred.expires) {
		/* from year 1 to year 9999, and the widest zones */
		must(strlen(cred.expires) >= strlen("2000-01-01T00:00:00Z"));
		must(cred.expires_at >= -62135596800 - 86400);
		must(cred.expires_at < 253402300800 + 86400);
	}
	return 1;
}

/* The request is one line of JSON, which has what it was given. */
static void
check_request(struct arena *a, const uint8_t *data, size_t size)
{
	struct plugin p = {.api_version = "client.authentication.k8s.io/v1",
			   .provide_cluster_info = true};
	struct choice c = {.user.plugin = &p, .cluster.server = "https://h"};
	const struct json *spec, *cluster;
	struct json *doc;
	char why[256], *text;

	c.cluster.exec_config =
	    yaml_read(a, (const char *)data, size, why, sizeof why);
	text = execcred_request(&c, NULL, false);
	if (!text)
		return;
	must(strchr(text, '\n') == text + strlen(text) - 1);
	doc = json_parse(text, strlen(text), why, sizeof why);
	must(doc != NULL);
	must(json_get_object(doc, "spec", &spec) == 1);
	must(json_get_object(spec, "cluster", &cluster) == 1);
	json_free(doc);
	wipe_str(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	int read;

	read =
	    read_answer(&a, "client.authentication.k8s.io/v1", data, size) +
	    read_answer(&a, "client.authentication.k8s.io/v1beta1", data, size);
	must(read < 2);
	check_request(&a, data, size);
	arena_wipe(&a);
	return 0;
}
