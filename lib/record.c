/*
 * The credential record: between struct record and JSON.  Pure.
 */
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "json.h"
#include "mem.h"

/* Our own entry among the context's extensions: what kubeconfig lacks. */
static const char extension[] = "kpipe";

static const char redacted[] = "REDACTED";

static void
put(struct json *obj, const char *key, const char *text, const char **field)
{
	if (json_put_string(obj, key, text) != 0 && !*field)
		*field = key;
}

static void
put_data(struct json *obj, const char *key, const char *pem, const char **field)
{
	size_t n;
	char *text;

	if (!pem)
		return;
	n = strlen(pem);
	text = xmalloc(BASE64_ROOM(n));
	base64_encode(text, pem, n);
	put(obj, key, text, field);
	wipe_str(text);
}

static void
put_list(struct json *obj, const char *key, char **items, size_t n,
	 const char **field)
{
	struct json *list;

	if (n == 0)
		return;
	list = json_new_array();
	for (size_t i = 0; i < n; i++) {
		if (json_add_string(list, items[i]) != 0 && !*field)
			*field = key;
	}
	json_put(obj, key, list);
}

/* {"name": name, kind: body} as the only item of the list named plural. */
static void
put_entry(struct json *doc, const char *plural, const char *kind,
	  const char *name, struct json *body, const char **field)
{
	struct json *list = json_new_array(), *entry = json_new_object();

	put(entry, "name", name ? name : "", field);
	json_put(entry, kind, body);
	json_add(list, entry);
	json_put(doc, plural, list);
}

static struct json *
encode_cluster(const struct record *r, const char **field)
{
	struct json *o = json_new_object();

	put(o, "server", r->server, field);
	put(o, "tls-server-name", r->tls_server_name, field);
	if (r->insecure)
		json_put_bool(o, "insecure-skip-tls-verify", true);
	put_data(o, "certificate-authority-data", r->ca, field);
	put(o, "proxy-url", r->proxy_url, field);
	if (r->disable_compression)
		json_put_bool(o, "disable-compression", true);
	return o;
}

static struct json *
encode_user(const struct record *r, bool redact, const char **field)
{
	struct json *o = json_new_object();

	put_data(o, "client-certificate-data", r->cert, field);
	if (redact)
		put(o, "client-key-data", r->key ? redacted : NULL, field);
	else
		put_data(o, "client-key-data", r->key, field);
	put(o, "token", r->token && redact ? redacted : r->token, field);
	put(o, "username", r->username, field);
	put(o, "password", r->password && redact ? redacted : r->password,
	    field);
	put(o, "as", r->as, field);
	put(o, "as-uid", r->as_uid, field);
	put_list(o, "as-groups", r->as_groups, r->n_as_groups, field);
	if (r->n_as_user_extra > 0) {
		struct json *extra = json_new_object();

		for (size_t i = 0; i < r->n_as_user_extra; i++)
			put_list(extra, r->as_user_extra[i].key,
				 r->as_user_extra[i].values,
				 r->as_user_extra[i].n_values, field);
		json_put(o, "as-user-extra", extra);
	}
	return o;
}

static struct json *
encode_context(const struct record *r, const char **field)
{
	struct json *o = json_new_object();

	put(o, "cluster", r->cluster ? r->cluster : "", field);
	put(o, "user", r->user ? r->user : "", field);
	put(o, "namespace", r->namespace, field);
	if (r->expires) {
		struct json *list = json_new_array();
		struct json *entry = json_new_object();
		struct json *body = json_new_object();

		put(body, "expires", r->expires, field);
		put(entry, "name", extension, field);
		json_put(entry, "extension", body);
		json_add(list, entry);
		json_put(o, "extensions", list);
	}
	return o;
}

char *
record_encode(const struct record *r, bool redact, const char **field)
{
	struct json *doc = json_new_object();
	char *text = NULL;

	*field = NULL;
	put(doc, "apiVersion", "v1", field);
	put(doc, "kind", "Config", field);
	put(doc, "current-context", r->context ? r->context : "", field);
	put_entry(doc, "clusters", "cluster", r->cluster,
		  encode_cluster(r, field), field);
	put_entry(doc, "users", "user", r->user, encode_user(r, redact, field),
		  field);
	put_entry(doc, "contexts", "context", r->context,
		  encode_context(r, field), field);
	if (!*field)
		text = json_print(doc);
	json_free(doc);
	return text;
}

/* Where decoding stands: the first fault wins. */
struct fault {
	char *why;
	size_t cap;
	bool any;
};

static void
fail(struct fault *f, const char *key, const char *what)
{
	if (!f->any)
		snprintf(f->why, f->cap, "%s: %s", key, what);
	f->any = true;
}

static void
get(const struct json *obj, const char *key, char **out, struct fault *f)
{
	const char *s;
	int rc = json_get_string(obj, key, &s);

	if (rc < 0)
		fail(f, key, "not a string");
	else if (rc > 0 && *s)
		*out = xstrdup(s);
}

static void
get_bool(const struct json *obj, const char *key, bool *out, struct fault *f)
{
	if (json_get_bool(obj, key, out) < 0)
		fail(f, key, "not true or false");
}

static void
get_data(const struct json *obj, const char *key, char **out, struct fault *f)
{
	char *text = NULL;
	unsigned char *pem;
	size_t n, len;

	get(obj, key, &text, f);
	if (!text)
		return;
	n = strlen(text);
	pem = xmalloc(n + 1);
	if (base64_decode(pem, &len, text, n) != 0) {
		fail(f, key, "not base64");
		wipe_free(pem, n + 1);
	} else if (memchr(pem, 0, len)) {
		fail(f, key, "not PEM");
		wipe_free(pem, n + 1);
	} else {
		pem[len] = '\0';
		*out = (char *)pem;
	}
	wipe_str(text);
}

static void
get_list(const struct json *obj, const char *key, char ***out, size_t *n,
	 struct fault *f)
{
	const struct json *list;
	int rc = json_get_array(obj, key, &list);

	if (rc < 0)
		fail(f, key, "not a list");
	if (rc <= 0)
		return;
	*out = xmalloc(json_count(list) * sizeof **out);
	for (size_t i = 0; i < json_count(list); i++) {
		const char *s = json_text(json_at(list, i));

		if (!s)
			fail(f, key, "not a list of strings");
		else
			(*out)[(*n)++] = xstrdup(s);
	}
}

struct extra_walk {
	struct record *r;
	const struct json *map;
	struct fault *f;
};

static int
get_extra(const char *key, const struct json *value, void *arg)
{
	struct extra_walk *w = arg;
	struct record *r = w->r;
	struct record_extra *e;

	(void)value;
	r->as_user_extra =
	    xrealloc(r->as_user_extra, (r->n_as_user_extra + 1) * sizeof *e);
	e = &r->as_user_extra[r->n_as_user_extra++];
	memset(e, 0, sizeof *e);
	e->key = xstrdup(key);
	get_list(w->map, key, &e->values, &e->n_values, w->f);
	if (e->n_values == 0) {
		/* no value makes no header */
		free(e->key);
		free(e->values);
		r->n_as_user_extra--;
	}
	return 0;
}

/* The body of the entry called name in the list named plural, or NULL. */
static const struct json *
entry(const struct json *doc, const char *plural, const char *kind,
      const char *name)
{
	const struct json *list = json_get(doc, plural);

	for (size_t i = 0; i < json_count(list); i++) {
		const char *s = "";

		if (json_get_string(json_at(list, i), "name", &s) >= 0 &&
		    strcmp(s, name) == 0)
			return json_get(json_at(list, i), kind);
	}
	return NULL;
}

/* A field that needs more than the record: a file, a plugin, a provider. */
static void
refuse(const struct json *obj, const char *key, struct fault *f)
{
	if (json_get(obj, key))
		fail(f, key, "not self-contained (make the record with kconf)");
}

static void
decode_cluster(struct record *r, const struct json *o, struct fault *f)
{
	get(o, "server", &r->server, f);
	get(o, "tls-server-name", &r->tls_server_name, f);
	get(o, "proxy-url", &r->proxy_url, f);
	get_bool(o, "insecure-skip-tls-verify", &r->insecure, f);
	get_bool(o, "disable-compression", &r->disable_compression, f);
	get_data(o, "certificate-authority-data", &r->ca, f);
	refuse(o, "certificate-authority", f);
	if (!r->server)
		fail(f, "server", "missing");
}

static void
decode_user(struct record *r, const struct json *o, struct fault *f)
{
	struct extra_walk w = {r, json_get(o, "as-user-extra"), f};

	get_data(o, "client-certificate-data", &r->cert, f);
	get_data(o, "client-key-data", &r->key, f);
	get(o, "token", &r->token, f);
	get(o, "username", &r->username, f);
	get(o, "password", &r->password, f);
	get(o, "as", &r->as, f);
	get(o, "as-uid", &r->as_uid, f);
	get_list(o, "as-groups", &r->as_groups, &r->n_as_groups, f);
	json_each(w.map, get_extra, &w);
	refuse(o, "client-certificate", f);
	refuse(o, "client-key", f);
	refuse(o, "tokenFile", f);
	refuse(o, "exec", f);
	refuse(o, "auth-provider", f);
}

static void
decode_context(struct record *r, const struct json *o, struct fault *f)
{
	const struct json *list = json_get(o, "extensions");

	get(o, "cluster", &r->cluster, f);
	get(o, "user", &r->user, f);
	get(o, "namespace", &r->namespace, f);
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *e = json_at(list, i);
		const char *name = "";

		if (json_get_string(e, "name", &name) > 0 &&
		    strcmp(name, extension) == 0)
			get(json_get(e, "extension"), "expires", &r->expires,
			    f);
	}
}

int
record_decode(struct record *r, const char *buf, size_t len, char *why,
	      size_t cap)
{
	struct fault f = {why, cap, false};
	struct json *doc = json_parse(buf, len, why, cap);
	const char *context;

	memset(r, 0, sizeof *r);
	if (!doc)
		return -1;
	get(doc, "current-context", &r->context, &f);
	context = r->context ? r->context : "";
	decode_context(r, entry(doc, "contexts", "context", context), &f);
	decode_cluster(r,
		       entry(doc, "clusters", "cluster",
			     r->cluster ? r->cluster : ""),
		       &f);
	decode_user(r, entry(doc, "users", "user", r->user ? r->user : ""), &f);
	json_free(doc);
	if (f.any) {
		record_wipe(r);
		return -1;
	}
	return 0;
}

static void
wipe_list(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		wipe_str(list[i]);
	free(list);
}

void
record_wipe(struct record *r)
{
	char *all[] = {r->context,   r->cluster, r->user,
		       r->namespace, r->server,  r->tls_server_name,
		       r->proxy_url, r->ca,      r->cert,
		       r->key,       r->token,   r->username,
		       r->password,  r->as,      r->as_uid,
		       r->expires};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		wipe_str(all[i]);
	wipe_list(r->as_groups, r->n_as_groups);
	for (size_t i = 0; i < r->n_as_user_extra; i++) {
		struct record_extra *e = &r->as_user_extra[i];

		free(e->key);
		wipe_list(e->values, e->n_values);
	}
	free(r->as_user_extra);
	memset(r, 0, sizeof *r);
}
