/*
 * What an exec credential plugin is told, and what it answers.  Pure.
 */
#include "execcred.h"

#include <stdio.h>
#include <string.h>

#include "lib/base64.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/timestamp.h"

#include "arena.h"
#include "convert.h"
#include "kubeconfig.h"
#include "node.h"
#include "yaml.h"

static const char kind[] = "ExecCredential";

/* Puts a text that is set; false when it is not UTF-8. */
static bool
put(struct json *obj, const char *key, const char *text)
{
	return json_put_string(obj, key, is_set(text) ? text : NULL) == 0;
}

static bool
put_data(struct json *obj, const char *key, const char *pem)
{
	size_t n = pem ? strlen(pem) : 0;
	char *text;
	bool done;

	if (n == 0)
		return true;
	text = xmalloc(BASE64_ROOM(n));
	base64_encode(text, pem, n);
	done = put(obj, key, text);
	wipe_str(text);
	return done;
}

static bool
put_cluster(struct json *spec, const struct cluster *k, const char *ca)
{
	static const struct node none = {.kind = NODE_NULL};
	struct json *o = json_new_object(), *config;
	bool good;

	good = put(o, "server", k->server) &&
	       put(o, "tls-server-name", k->tls_server_name);
	if (k->insecure)
		json_put_bool(o, "insecure-skip-tls-verify", true);
	good = good && put_data(o, "certificate-authority-data", ca) &&
	       put(o, "proxy-url", k->proxy_url);
	if (k->disable_compression)
		json_put_bool(o, "disable-compression", true);
	/* kubectl says null where there is none */
	config = convert_node(k->exec_config ? k->exec_config : &none);
	if (config)
		json_put(o, "config", config);
	json_put(spec, "cluster", o);
	return good && config;
}

char *
execcred_request(const struct choice *c, const char *ca, bool interactive)
{
	const struct plugin *p = c->user.plugin;
	struct json *doc = json_new_object(), *spec = json_new_object();
	char *line = NULL, *text = NULL;
	bool good;

	good = put(doc, "kind", kind) && put(doc, "apiVersion", p->api_version);
	if (p->provide_cluster_info)
		good = put_cluster(spec, &c->cluster, ca) && good;
	json_put_bool(spec, "interactive", interactive);
	json_put(doc, "spec", spec);
	if (good) {
		line = json_print_line(doc);
		text = xasprintf("%s\n", line);
	}
	wipe_str(line);
	json_free(doc);
	return text;
}

static int
fault(char *why, size_t cap, const char *what)
{
	snprintf(why, cap, "%s", what);
	return -1;
}

static struct json *
parse(struct arena *a, const char *buf, size_t len, char *why, size_t cap)
{
	const char *p = buf, *end = buf + len;
	struct json *doc;
	struct node *root;

	while (p < end && memchr(" \t\r\n", *p, 4))
		p++;
	if (p < end && *p == '{')
		return json_parse(buf, len, why, cap);
	root = p < end ? yaml_read(a, buf, len, why, cap) : NULL;
	if (p == end)
		fault(why, cap, "it printed nothing");
	if (!root)
		return NULL;
	if (root->kind != NODE_MAP) {
		snprintf(why, cap, "it printed %s, not a mapping",
			 node_kind_name(root->kind));
		return NULL;
	}
	doc = convert_node(root);
	if (!doc)
		fault(why, cap, "a NUL, or bytes that are not UTF-8");
	return doc;
}

static int
check_type(const struct json *doc, const char *version, char *why, size_t cap)
{
	const char *got = "", *type = "";
	const struct json *spec;

	if (json_get_string(doc, "apiVersion", &got) < 0 ||
	    json_get_string(doc, "kind", &type) < 0 ||
	    json_get_object(doc, "spec", &spec) < 0)
		return fault(why, cap, "apiVersion, kind or spec: wrong type");
	if (strcmp(got, version) != 0) {
		snprintf(why, cap,
			 "configured to use API version %s, plugin returned "
			 "version %s",
			 version, *got ? got : "none");
		return -1;
	}
	/* kubectl takes one that is missing for the right one */
	if (*type && strcmp(type, kind) != 0) {
		snprintf(why, cap, "plugin returned kind \"%s\", not \"%s\"",
			 type, kind);
		return -1;
	}
	return 0;
}

/* Whether s cannot stand in an HTTP header. */
static bool
has_control(const char *s)
{
	for (; *s; s++) {
		if (((unsigned char)*s < ' ' && *s != '\t') || *s == '\177')
			return true;
	}
	return false;
}

/* A field of the status into *out, in a; "" where there is none. */
static int
get(const struct json *status, const char *key, struct arena *a,
    const char **out, char *why, size_t cap)
{
	const char *s = "";

	if (json_get_string(status, key, &s) < 0) {
		snprintf(why, cap, "status.%s: not a string", key);
		return -1;
	}
	*out = arena_copy(a, s, strlen(s));
	return 0;
}

static int
check_pair(const struct execcred *c, char *why, size_t cap)
{
	if (!c->cert != !c->key)
		return fault(why, cap,
			     "plugin returned only certificate or key, not "
			     "both");
	if (!c->token && !c->cert)
		return fault(why, cap,
			     "plugin didn't return a token or cert/key pair");
	if (c->token && has_control(c->token))
		return fault(why, cap,
			     "status.token: a line break or control byte in "
			     "it");
	if (c->cert && !strstr(c->cert, "-----BEGIN CERTIFICATE-----"))
		return fault(why, cap,
			     "status.clientCertificateData: no PEM certificate "
			     "in it");
	if (c->key && !strstr(c->key, "PRIVATE KEY-----"))
		return fault(why, cap,
			     "status.clientKeyData: no PEM key in it");
	if (c->key && strstr(c->key, "ENCRYPTED"))
		return fault(why, cap,
			     "status.clientKeyData: encrypted keys are not "
			     "supported");
	return 0;
}

static int
read_status(struct execcred *out, struct arena *a, const struct json *doc,
	    char *why, size_t cap)
{
	const struct json *status;
	int rc = json_get_object(doc, "status", &status);

	if (rc == 0)
		return fault(why, cap, "plugin didn't return a status field");
	if (rc < 0)
		return fault(why, cap, "status: wrong type");
	if (get(status, "token", a, &out->token, why, cap) != 0 ||
	    get(status, "clientCertificateData", a, &out->cert, why, cap) !=
		0 ||
	    get(status, "clientKeyData", a, &out->key, why, cap) != 0 ||
	    get(status, "expirationTimestamp", a, &out->expires, why, cap) != 0)
		return -1;
	out->token = is_set(out->token) ? out->token : NULL;
	out->cert = is_set(out->cert) ? out->cert : NULL;
	out->key = is_set(out->key) ? out->key : NULL;
	if (!json_get(status, "expirationTimestamp"))
		out->expires = NULL;
	if (out->expires && !timestamp_parse(out->expires, &out->expires_at))
		return fault(why, cap,
			     "status.expirationTimestamp: not a time as "
			     "RFC 3339 has it");
	return check_pair(out, why, cap);
}

int
execcred_read(struct execcred *out, struct arena *a, const char *version,
	      const char *buf, size_t len, char *why, size_t cap)
{
	struct json *doc = parse(a, buf, len, why, cap);
	int rc = -1;

	memset(out, 0, sizeof *out);
	if (doc && check_type(doc, version, why, cap) == 0)
		rc = read_status(out, a, doc, why, cap);
	json_free(doc);
	return rc;
}

char *
execcred_print(const struct execcred *c, const char *version)
{
	struct json *doc = json_new_object(), *status = json_new_object();
	char *text = NULL;

	/* what was read is UTF-8 */
	if (put(doc, "apiVersion", version) && put(doc, "kind", kind) &&
	    put(status, "token", c->token) &&
	    put(status, "clientCertificateData", c->cert) &&
	    put(status, "clientKeyData", c->key) &&
	    put(status, "expirationTimestamp", c->expires)) {
		json_put(doc, "status", status);
		text = json_print_line(doc);
	} else {
		json_free(status);
	}
	json_free(doc);
	return text;
}
