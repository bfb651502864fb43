/*
 * The output formats, each as one text.
 */
#include "print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/err.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/record.h"

#include "arena.h"
#include "block.h"
#include "curl.h"
#include "kubeconfig.h"
#include "text.h"
#include "url.h"

static const char *const names[] = {
    [FORMAT_JSON] = "json",
    [FORMAT_YAML] = "yaml",
    [FORMAT_CURL] = "curl",
    [FORMAT_SERVER] = "server",
    [FORMAT_NAMESPACE] = "namespace",
    [FORMAT_TOKEN] = "token",
    [FORMAT_CA] = "ca",
    [FORMAT_CERT] = "cert",
    [FORMAT_KEY] = "key",
    [FORMAT_CONTEXT] = "context",
    [FORMAT_EXPIRES] = "expires",
};

enum format
print_format(const char *name)
{
	for (int f = 0; f < FORMAT_NONE; f++) {
		if (strcmp(name, names[f]) == 0)
			return (enum format)f;
	}
	return FORMAT_NONE;
}

bool
print_is_secret(enum format f)
{
	return f == FORMAT_JSON || f == FORMAT_YAML || f == FORMAT_CURL ||
	       f == FORMAT_TOKEN || f == FORMAT_KEY;
}

static char *
print_document(enum format f, const struct record *r, bool redact)
{
	struct record shown = *r;
	struct arena a = {0};
	const char *field;
	struct json *doc;
	char *text, *block, why[128];

	if (redact && r->proxy_url)
		shown.proxy_url = url_without_user(&a, r->proxy_url);
	text = record_encode(&shown, redact, &field);
	arena_wipe(&a);
	if (!text) {
		warn(0, "%s: not UTF-8", field);
		return NULL;
	}
	if (strlen(text) > RECORD_MAX_BYTES) {
		warn(0, "the record: larger than %d bytes", RECORD_MAX_BYTES);
		wipe_str(text);
		return NULL;
	}
	if (f == FORMAT_JSON)
		return text;
	doc = json_parse(text, strlen(text), why, sizeof why);
	wipe_str(text);
	if (!doc) {
		warn(0, "the record: %s", why);
		return NULL;
	}
	block = block_print(doc);
	json_free(doc);
	return block;
}

static char *
print_curl(const struct record *r, const struct origins *from)
{
	const char *why;
	char *text = curl_print(r, from, &why);

	if (!text)
		warn(0, "curl: %s", why);
	return text;
}

/* A bare value with one newline at its end. */
static char *
print_value(enum format f, const char *value)
{
	struct text t = {0};
	size_t n = value ? strlen(value) : 0;

	if (n == 0) {
		warn(0, "%s: the record has none", names[f]);
		return NULL;
	}
	text_add(&t, "%s%s", value, value[n - 1] == '\n' ? "" : "\n");
	return t.s;
}

char *
print_record(enum format f, const struct record *r, const struct origins *from,
	     bool redact)
{
	switch (f) {
	case FORMAT_JSON:
	case FORMAT_YAML:
		return print_document(f, r, redact);
	case FORMAT_CURL:
		return print_curl(r, from);
	case FORMAT_SERVER:
		return print_value(f, r->server);
	case FORMAT_NAMESPACE:
		return print_value(f, r->namespace);
	case FORMAT_TOKEN:
		return print_value(f, r->token);
	case FORMAT_CA:
		return print_value(f, r->ca);
	case FORMAT_CERT:
		return print_value(f, r->cert);
	case FORMAT_KEY:
		return print_value(f, r->key);
	case FORMAT_CONTEXT:
		return print_value(f, r->context);
	case FORMAT_EXPIRES:
		return print_value(f, r->expires);
	case FORMAT_NONE:
		break;
	}
	return NULL;
}

static void
add_column(struct text *t, const char *s, const char *end)
{
	char *escaped;
	size_t cap;

	s = s ? s : "";
	cap = strlen(s) * 4 + 1;
	escaped = xmalloc(cap);
	err_escape(escaped, cap, s, strlen(s));
	text_add(t, "%s%s", escaped, end);
	free(escaped);
}

char *
print_for_terminal(char *text)
{
	struct text t = {0};

	for (char *s = text, *end; *s; s = end + 1) {
		end = strchr(s, '\n');
		*end = '\0';
		add_column(&t, s, "\n");
	}
	free(text);
	return t.s;
}

char *
print_list(const struct kubeconfig *k)
{
	struct text t = {0};
	struct arena a = {0};

	text_add(&t, "%s", "");
	for (const struct entry *e = k->contexts.first; e; e = e->next) {
		const struct context *c = (const struct context *)e;
		const struct entry *found =
		    entries_find(&k->clusters, c->cluster ? c->cluster : "");
		const char *server = NULL;

		if (found)
			server = ((const struct cluster *)found)->server;
		add_column(&t, e->name, "\t");
		add_column(&t, c->cluster, "\t");
		add_column(&t, c->user, "\t");
		add_column(&t, c->namespace, "\t");
		add_column(&t, server ? url_without_user(&a, server) : NULL,
			   "\t");
		text_add(&t, "%s\n",
			 is_set(k->current_context) &&
				 strcmp(k->current_context, e->name) == 0
			     ? "*"
			     : "");
	}
	arena_wipe(&a);
	return t.s;
}
