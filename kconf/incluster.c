/*
 * The service account of the pod that this runs in.
 */
#include "incluster.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/err.h"

#include "arena.h"
#include "files.h"
#include "kubeconfig.h"

enum { MAX_NAMESPACE = 4096 };

static const char account[] = "/var/run/secrets/kubernetes.io/serviceaccount";

static const char *
account_file(struct arena *a, const char *name)
{
	const char *dir = getenv("KPIPE_SERVICEACCOUNT");

	return arena_format(a, "%s/%s", is_set(dir) ? dir : account, name);
}

/* As kubectl, goes on with the system's roots where the CA is no good. */
static const char *
account_ca(const struct choice *c, struct arena *a)
{
	const char *file = account_file(a, "ca.crt");
	char *text;
	size_t len;

	if (files_read(a, file, FILES_MAX_PEM, &text, &len) != 0) {
		if (!c->quiet)
			warn(errno, "%s", file);
		return NULL;
	}
	if (!strstr(text, "-----BEGIN CERTIFICATE-----")) {
		if (!c->quiet)
			warn(0, "%s: no certificate in it", file);
		return NULL;
	}
	return file;
}

static bool
possible(struct arena *a)
{
	struct stat st;

	return is_set(getenv("KUBERNETES_SERVICE_HOST")) &&
	       is_set(getenv("KUBERNETES_SERVICE_PORT")) &&
	       stat(account_file(a, "token"), &st) == 0 && !S_ISDIR(st.st_mode);
}

int
incluster_choose(struct choice *c, struct arena *a)
{
	const char *host = getenv("KUBERNETES_SERVICE_HOST");
	const char *port = getenv("KUBERNETES_SERVICE_PORT");
	bool v6;

	if (!possible(a))
		return 0;
	v6 = strchr(host, ':') != NULL;
	c->in_cluster = true;
	c->context = c->cluster_name = c->user_name = "in-cluster";
	c->cluster.server = arena_format(a, "https://%s%s%s:%s", v6 ? "[" : "",
					 host, v6 ? "]" : "", port);
	c->cluster.ca_file = account_ca(c, a);
	c->user.token_file = account_file(a, "token");
	return 1;
}

const char *
incluster_namespace(struct arena *a)
{
	const char *env = getenv("POD_NAMESPACE");
	char *text;
	size_t len;

	if (!possible(a))
		return NULL;
	if (is_set(env))
		return env;
	if (files_read_word(a, account_file(a, "namespace"), MAX_NAMESPACE,
			    &text, &len) != 0)
		return NULL;
	return len > 0 ? text : NULL;
}
