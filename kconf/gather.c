/*
 * From the chosen entries to a record that needs nothing else: files become
 * text, the server becomes a URL, and credentials stay off plain http.
 */
#include "gather.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "lib/record.h"

#include "arena.h"
#include "check.h"
#include "files.h"
#include "kubeconfig.h"
#include "oidc.h"
#include "pem.h"
#include "plugin.h"
#include "proxyenv.h"
#include "url.h"

/* Stands for a name in the record where the kubeconfig has none. */
static const char nameless[] = "kpipe";

enum { MAX_TOKEN = 256 << 10 };

const char *
gather_slip(const struct slip *s, struct arena *a)
{
	if (!s->key)
		return NULL;
	return arena_format(a, "%s: line %zu: %s is not read, %s would be",
			    s->file, s->line, s->key, s->right);
}

static char *
copy(const char *s)
{
	return is_set(s) ? xstrdup(s) : NULL;
}

/* Whether s has a byte that cannot stand in an HTTP header. */
static bool
has_control(const char *s)
{
	for (; *s; s++) {
		if (((unsigned char)*s < ' ' && *s != '\t') || *s == '\177')
			return true;
	}
	return false;
}

/* The start of a message: where e is, if it is as a file has it. */
static const char *
at(const struct entry *e, struct arena *a)
{
	return e->line ? arena_format(a, "%s: line %zu: ", e->file, e->line)
		       : "";
}

/* The proxy of the cluster, else of the environment. */
static int
gather_proxy(struct record *r, const struct choice *c, const char *place,
	     struct arena *a)
{
	const struct proxyenv env = {
	    .https_proxy = {getenv("HTTPS_PROXY"), getenv("https_proxy")},
	    .http_proxy = {getenv("HTTP_PROXY"), getenv("http_proxy")},
	    .no_proxy = {getenv("NO_PROXY"), getenv("no_proxy")},
	    .request_method = getenv("REQUEST_METHOD"),
	};
	const char *proxy = c->cluster.proxy_url, *variable, *why;

	if (is_set(proxy)) {
		why = url_proxy_fault(proxy);
		if (why) {
			warn(0, "%s: proxy-url: %s", place, why);
			return -1;
		}
	} else if (proxyenv_find(a, &env, r->server, &proxy, &variable, &why) !=
		   0) {
		warn(0, "%s: %s", variable, why);
		return -1;
	}
	r->proxy_url = copy(proxy);
	return 0;
}

static int
gather_server(struct record *r, const struct choice *c, struct arena *a,
	      bool *secure)
{
	const char *place, *why, *url, *slip;

	place =
	    kubeconfig_place(&c->cluster.entry, "cluster", c->cluster_name, a);

	if (!is_set(c->cluster.server) && !c->cluster.entry.name) {
		if (c->cluster_name)
			warn(0, "%scluster \"%s\": does not exist",
			     at(&c->by, a), c->cluster_name);
		else
			warn(0, "%sno cluster: none was chosen", at(&c->by, a));
		return -1;
	}
	if (!is_set(c->cluster.server)) {
		slip = gather_slip(&c->slip[SLIP_CLUSTER], a);
		warn(0, "%s: no server%s%s", place, slip ? ": " : "",
		     slip ? slip : "");
		return -1;
	}
	url = url_server(a, c->cluster.server, secure, &why);
	if (!url) {
		warn(0, "%s: server: %s", place, why);
		return -1;
	}
	r->server = xstrdup(url);
	return gather_proxy(r, c, place, a);
}

/* The content of the token file, or NULL after errno was set (0: empty). */
static const char *
read_token(struct arena *a, const char *file, size_t *len)
{
	char *text;

	if (files_read_word(a, file, MAX_TOKEN, &text, len) != 0)
		return NULL;
	errno = 0;
	return *len > 0 ? text : NULL;
}

static int
gather_token(struct record *r, const struct choice *c, struct arena *a)
{
	const struct user *u = &c->user;
	const char *token = NULL;
	size_t len;

	if (is_set(u->token_file)) {
		token = read_token(a, u->token_file, &len);
		if (!token && (!is_set(u->token) || !c->quiet))
			warn(errno, "tokenFile: %s%s%s", u->token_file,
			     is_set(u->token) ? ": token used instead" : "",
			     errno ? "" : ": empty");
		if (!token && !is_set(u->token))
			return -1;
	}
	if (!token) {
		if (!is_set(u->token))
			return 0;
		token = u->token;
		len = strlen(token);
	}
	/* what stands behind a NUL would be lost */
	if (has_control(token) || strlen(token) != len) {
		warn(0, "%s: token: a line break or control byte in it",
		     kubeconfig_place(&u->entry, "user", c->user_name, a));
		return -1;
	}
	r->token = xstrdup(token);
	return 0;
}

static int
gather_user(struct record *r, struct origins *from, const struct choice *c,
	    struct arena *a)
{
	const struct user *u = &c->user;

	if (gather_token(r, c, a) != 0)
		return -1;
	r->username = copy(u->username);
	if (r->username)
		r->password = copy(u->password);
	/* a key alone is no credential, and kubectl passes it over */
	if (!is_set(u->cert_file) && u->cert_data.len == 0)
		return 0;
	if (pem_read(&r->cert, &from->cert, a, "client-certificate",
		     u->cert_file, u->cert_data, PEM_CERTIFICATE) != 0)
		return -1;
	if (pem_read(&r->key, &from->key, a, "client-key", u->key_file,
		     u->key_data, PEM_KEY) != 0)
		return -1;
	/* there is nobody to ask for a passphrase */
	if (strstr(r->key, "ENCRYPTED")) {
		warn(0, "client-key: %s: encrypted keys are not supported",
		     is_set(u->key_file) ? u->key_file : "inline data");
		return -1;
	}
	return 0;
}

static int
gather_impersonation(struct record *r, const struct user *u)
{
	bool bad = false;

	r->as = copy(u->as);
	r->as_uid = copy(u->as_uid);
	bad |= (r->as && has_control(r->as)) ||
	       (r->as_uid && has_control(r->as_uid));
	r->as_groups = xmalloc(u->as_groups.n * sizeof *r->as_groups);
	for (size_t i = 0; i < u->as_groups.n; i++) {
		bad |= has_control(u->as_groups.item[i]);
		r->as_groups[r->n_as_groups++] = xstrdup(u->as_groups.item[i]);
	}
	r->as_user_extra =
	    xmalloc(u->as_user_extra.n * sizeof *r->as_user_extra);
	for (size_t i = 0; i < u->as_user_extra.n; i++) {
		const struct pair *p = &u->as_user_extra.item[i];
		struct record_extra *e = &r->as_user_extra[r->n_as_user_extra];

		/* no value makes no header */
		if (p->values.n == 0)
			continue;
		r->n_as_user_extra++;
		e->key = xstrdup(p->key);
		e->values = xmalloc(p->values.n * sizeof *e->values);
		e->n_values = 0;
		for (size_t j = 0; j < p->values.n; j++) {
			bad |= has_control(p->values.item[j]);
			e->values[e->n_values++] = xstrdup(p->values.item[j]);
		}
	}
	if (bad)
		warn(0, "as: a line break or control byte in it");
	return bad ? -1 : 0;
}

/* Nobody to be: an error that says where a wrong letter may be the cause. */
static int
no_credentials(const struct choice *c, struct arena *a)
{
	const char *slip = gather_slip(&c->slip[SLIP_USER], a);

	if (!c->user_name)
		warn(0, "%sno credentials: no user was chosen", at(&c->by, a));
	else if (!c->user.entry.name)
		warn(0, "%sno credentials for user \"%s\": does not exist",
		     at(&c->by, a), c->user_name);
	else
		warn(0, "%sno credentials for user \"%s\"%s%s",
		     at(&c->user.entry, a), c->user_name, slip ? ": " : "",
		     slip ? slip : "");
	return -1;
}

/* The user with what the plugin or the provider gives, into the record. */
static int
ask_plugin(struct record *r, struct origins *from, const struct choice *c,
	   struct arena *a)
{
	struct choice asked = *c;
	const char *expires;

	if (c->user.provider) {
		if (oidc_ask(&asked.user, &expires, c, a) != 0)
			return -1;
	} else if (plugin_ask(&asked.user, &expires, c, r->ca, a) != 0) {
		return -1;
	}
	r->expires = copy(expires);
	return gather_user(r, from, &asked, a);
}

int
gather(struct record *r, struct origins *from, const struct choice *c,
       struct arena *a)
{
	const struct user *u = &c->user;
	bool secure, plugin;

	if (gather_server(r, c, a, &secure) != 0 ||
	    pem_read(&r->ca, &from->ca, a, "certificate-authority",
		     c->cluster.ca_file, c->cluster.ca_data,
		     PEM_CERTIFICATE) != 0)
		return -1;
	plugin = check_needs_plugin(u);
	if (!secure && (plugin || check_has_static(u))) {
		warn(0, "%s: plain http: credentials are sent over https only",
		     r->server);
		return -1;
	}
	if (u->provider && oidc_check(c, a) != 0)
		return -1;
	if ((plugin ? ask_plugin : gather_user)(r, from, c, a) != 0 ||
	    gather_impersonation(r, u) != 0)
		return -1;
	if (secure && !r->token && !r->username && !r->cert)
		return no_credentials(c, a);
	r->context = xstrdup(c->context ? c->context : nameless);
	r->cluster = xstrdup(c->cluster_name ? c->cluster_name : nameless);
	r->user = xstrdup(c->user_name ? c->user_name : nameless);
	r->namespace = xstrdup(c->namespace);
	r->tls_server_name = copy(c->cluster.tls_server_name);
	r->insecure = c->cluster.insecure;
	r->disable_compression = c->cluster.disable_compression;
	return 0;
}
