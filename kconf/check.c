/*
 * What may stand beside what in a cluster and a user.  Pure.
 */
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kubeconfig.h"

struct report {
	const char *place;
	char *why;
	size_t cap;
};

__attribute__((format(printf, 2, 3))) static int
fault(const struct report *r, const char *fmt, ...)
{
	va_list ap;
	int n;

	n = snprintf(r->why, r->cap, "%s: ", r->place);
	if (n < 0 || (size_t)n >= r->cap)
		return -1;
	va_start(ap, fmt);
	vsnprintf(r->why + n, r->cap - (size_t)n, fmt, ap);
	va_end(ap);
	return -1;
}

static int
check_cluster(const struct report *r, const struct cluster *c)
{
	bool ca = is_set(c->ca_file) || c->ca_data.len > 0;

	if (is_set(c->ca_file) && c->ca_data.len > 0)
		return fault(r, "certificate-authority and "
				"certificate-authority-data: only one may be "
				"given");
	if (ca && c->insecure)
		return fault(r, "certificate-authority with "
				"insecure-skip-tls-verify: only one may be "
				"given");
	return 0;
}

static int
check_plugin(const struct report *r, const struct user *u)
{
	static const char group[] = "client.authentication.k8s.io/";
	const struct plugin *p = u->plugin;
	const char *version, *mode = p->interactive_mode;

	if (u->provider)
		return fault(r, "exec and auth-provider: only one may be "
				"given");
	if (!is_set(p->command))
		return fault(r, "exec.command: missing");
	if (!is_set(p->api_version))
		return fault(r, "exec.apiVersion: missing");
	version = p->api_version + sizeof group - 1;
	if (strncmp(p->api_version, group, sizeof group - 1) != 0 ||
	    (strcmp(version, "v1") != 0 && strcmp(version, "v1beta1") != 0))
		return fault(r, "exec.apiVersion: \"%s\" is not supported",
			     p->api_version);
	for (size_t i = 0; i < p->env.n; i++) {
		if (!is_set(p->env.item[i].key))
			return fault(r, "exec.env[%zu].name: missing", i);
	}
	if (!is_set(mode)) {
		if (strcmp(version, "v1") == 0)
			return fault(r, "exec.interactiveMode: missing");
	} else if (strcmp(mode, "Never") != 0 &&
		   strcmp(mode, "IfAvailable") != 0 &&
		   strcmp(mode, "Always") != 0) {
		return fault(r, "exec.interactiveMode: \"%s\" is none", mode);
	}
	return 0;
}

/* The provider called name, if kubectl had it once; what took its place. */
static int
fault_removed(const struct report *r, const char *name)
{
	static const struct {
		const char *name, *instead, *see;
	} removed[] = {
	    {"gcp", "\"gke-gcloud-auth-plugin\"",
	     "https://cloud.google.com/blog/products/containers-kubernetes/"
	     "kubectl-auth-changes-in-gke"},
	    {"azure", "https://github.com/Azure/kubelogin",
	     "https://kubernetes.io/docs/reference/access-authn-authz/"
	     "authentication/#client-go-credential-plugins"},
	};

	for (size_t i = 0; i < sizeof removed / sizeof removed[0]; i++) {
		if (strcmp(name, removed[i].name) == 0)
			return fault(r,
				     "auth-provider \"%s\": the %s auth plugin "
				     "has been removed, use the %s credential "
				     "plugin instead, see %s",
				     name, name, removed[i].instead,
				     removed[i].see);
	}
	return fault(r, "auth-provider: no auth provider found for name \"%s\"",
		     name);
}

/* These rules hold even where the provider is not needed. */
static int
check_provider(const struct report *r, const struct provider *p)
{
	static const char *const needed[] = {"idp-issuer-url", "client-id"};

	if (!p->name || strcmp(p->name, "oidc") != 0)
		return fault_removed(r, p->name ? p->name : "");
	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
		if (!is_set(pairs_get(&p->config, needed[i])))
			return fault(r, "auth-provider.config.%s: missing",
				     needed[i]);
	}
	return 0;
}

static int
check_user(const struct report *r, const struct user *u)
{
	bool cert = is_set(u->cert_file) || u->cert_data.len > 0;
	bool key = is_set(u->key_file) || u->key_data.len > 0;

	/* kubectl counts a password without a name here, and only here */
	if ((is_set(u->username) || is_set(u->password)) && is_set(u->token))
		return fault(r, "token and username or password: only one "
				"may be given");
	if (is_set(u->username) && is_set(u->token_file))
		return fault(r, "tokenFile and username: only one may be "
				"given");
	if (cert && is_set(u->cert_file) && u->cert_data.len > 0)
		return fault(r, "client-certificate and "
				"client-certificate-data: only one may be "
				"given");
	if (cert && !key)
		return fault(r, "client-certificate without client-key");
	if (cert && is_set(u->key_file) && u->key_data.len > 0)
		return fault(r, "client-key and client-key-data: only one may "
				"be given");
	if (!is_set(u->as) &&
	    (is_set(u->as_uid) || u->as_groups.n > 0 || u->as_user_extra.n > 0))
		return fault(r, "as-uid, as-groups or as-user-extra without "
				"as");
	if (u->plugin)
		return check_plugin(r, u);
	return u->provider ? check_provider(r, u->provider) : 0;
}

int
check_choice(const struct choice *c, struct arena *a, char *why, size_t cap)
{
	struct report r = {NULL, why, cap};

	r.place = kubeconfig_place(&c->user.entry, "user", c->user_name, a);
	if (check_user(&r, &c->user) != 0)
		return -1;
	r.place =
	    kubeconfig_place(&c->cluster.entry, "cluster", c->cluster_name, a);
	return check_cluster(&r, &c->cluster);
}

bool
check_has_static(const struct user *u)
{
	bool cert = is_set(u->cert_file) || u->cert_data.len > 0;
	bool key = is_set(u->key_file) || u->key_data.len > 0;

	return is_set(u->token) || is_set(u->token_file) ||
	       is_set(u->username) || (cert && key);
}

bool
check_needs_plugin(const struct user *u)
{
	bool bearer =
	    is_set(u->token) || is_set(u->token_file) || is_set(u->username);

	if (u->provider)
		return !bearer;
	return u->plugin && !check_has_static(u);
}
