/*
 * Strangers' kubeconfigs: YAML with and without long runs taken out, types,
 * two files merged, the choice of a context, options, the rules, URLs, the
 * list. The input is two files and then a byte for each option, with NUL
 * bytes, which no YAML has, between.
 *
 * links: kconf/arena kconf/block kconf/check kconf/convert kconf/curl
 * links: kconf/decode kconf/fold kconf/kubeconfig kconf/node kconf/path
 * links: kconf/print kconf/text kconf/url kconf/value kconf/yaml
 * links: lib/base64 lib/err lib/json lib/mem lib/record
 * pkgs: yaml-0.1 jansson
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kconf/arena.h"
#include "kconf/check.h"
#include "kconf/convert.h"
#include "kconf/decode.h"
#include "kconf/fold.h"
#include "kconf/kubeconfig.h"
#include "kconf/node.h"
#include "kconf/print.h"
#include "kconf/url.h"
#include "kconf/yaml.h"
#include "lib/base64.h"
#include "lib/json.h"
#include "lib/kubeopts.h"
#include "lib/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int so)
{
	if (!so)
		abort();
}

static char *
as_json(const struct node *n)
{
	struct json *j = convert_node(n);
	char *line = j ? json_print_line(j) : NULL;

	json_free(j);
	return line;
}

/* Both readings are the same. How much of what follows a document is looked
 * at depends on how much is in front of it, so bytes that are no UTF-8 may be
 * a fault to one only. */
static void
compare(const struct node *l, const char *why_l, const struct node *r,
	const char *why_r)
{
	char *left, *right;

	if (!l != !r) {
		must(strncmp(l ? why_r : why_l, "byte ", 5) == 0);
		return;
	}
	if (!l)
		return;
	left = as_json(l);
	right = as_json(r);
	must(!left == !right && (!left || strcmp(left, right) == 0));
	wipe_str(left);
	wipe_str(right);
}

/* Reads a file into k; its name is its own. */
static int
load(struct kubeconfig *k, struct arena *a, const char *name,
     const uint8_t *data, size_t size)
{
	char *buf = xmalloc(size + 1), why[256] = "", plain_why[256] = "";
	struct node *root;
	struct fold f;

	memcpy(buf, data, size);
	buf[size] = '\0';
	arena_own(a, buf, size);
	fold_make(&f, a, buf, size);
	root = yaml_read_folded(a, &f, why, sizeof why);
	compare(root, why,
		yaml_read(a, (const char *)data, size, plain_why,
			  sizeof plain_why),
		plain_why);
	return root ? decode_config(k, a, root, "/", name, why, sizeof why)
		    : -1;
}

static void
set_options(struct kubeopts *o, const uint8_t *data, size_t size)
{
	static const char *const words[] = {NULL, "",          "a",
					    "b",  "https://s", "k=v",
					    "k",  "http://p:1"};
	static const char *const extras[] = {"k=v", "k=w", "l="};
	static const char *groups[] = {"g", ""};
	const char **fields[] = {&o->context,
				 &o->cluster,
				 &o->user,
				 &o->namespace,
				 &o->server,
				 &o->token,
				 &o->token_file,
				 &o->as,
				 &o->as_uid,
				 &o->certificate_authority,
				 &o->client_certificate,
				 &o->client_key,
				 &o->tls_server_name,
				 &o->proxy_url};
	size_t n = sizeof fields / sizeof fields[0];

	for (size_t i = 0; i < size && i < n; i++)
		*fields[i] = words[data[i] % (sizeof words / sizeof words[0])];
	if (size <= n)
		return;
	o->insecure = data[n] & 1;
	o->as_groups = groups;
	o->n_as_groups = data[n] >> 1 & 1;
	o->as_user_extra = (const char **)(uintptr_t)extras;
	o->n_as_user_extra = data[n] >> 2 & 3;
}

static void
check_urls(const struct choice *c, struct arena *a)
{
	const char *why = NULL, *once, *twice;
	bool secure, again;

	if (is_set(c->cluster.proxy_url) &&
	    !url_proxy_fault(c->cluster.proxy_url))
		must(!strchr(url_without_user(a, c->cluster.proxy_url), ' '));
	if (!is_set(c->cluster.server))
		return;
	once = url_server(a, c->cluster.server, &secure, &why);
	must(once || why);
	if (!once)
		return;
	twice = url_server(a, once, &again, &why);
	must(twice && strcmp(once, twice) == 0 && secure == again);
	must(strcmp(url_without_user(a, once), once) == 0 || strchr(once, '@'));
}

/* What was only checked can be decoded, to the length that it has. */
static void
check_blob(const struct blob *b, struct arena *a)
{
	unsigned char *raw;
	size_t len;

	if (!b->base64 || b->len == 0)
		return;
	raw = arena_alloc(a, b->len);
	must(base64_decode(raw, &len, b->base64, strlen(b->base64)) == 0);
	must(len == b->len);
}

/* Each line has six columns and nothing that drives a terminal. */
static void
check_list(const struct kubeconfig *k)
{
	char *text = print_list(k);
	size_t tabs = 0;

	for (const char *s = text; *s; s++) {
		tabs += *s == '\t';
		must((unsigned char)*s >= ' ' || *s == '\t' || *s == '\n');
		if (*s != '\n')
			continue;
		must(tabs == 5);
		tabs = 0;
	}
	must(tabs == 0);
	wipe_str(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct kubeconfig k = {0};
	struct kubeopts o = {0};
	struct choice c = {0};
	char why[256];
	size_t at = 0;
	int rc = 0;

	for (int i = 0; i < 2 && at <= size; i++) {
		const uint8_t *end =
		    at < size ? memchr(data + at, 0, size - at) : NULL;
		size_t n = (end ? (size_t)(end - data) : size) - at;

		rc |= load(&k, &a, i ? "second" : "dir/first", data + at, n);
		at += n + 1;
	}
	if (at < size)
		set_options(&o, data + at, size - at);
	if (rc == 0)
		check_list(&k);
	if (rc == 0 && kubeconfig_choose(&k, &o, &c, why, sizeof why) == 0) {
		kubeconfig_override(&c, &o, &a);
		check_choice(&c, &a, why, sizeof why);
		check_urls(&c, &a);
		check_blob(&c.cluster.ca_data, &a);
		check_blob(&c.user.cert_data, &a);
		check_blob(&c.user.key_data, &a);
	}
	arena_wipe(&a);
	return 0;
}
