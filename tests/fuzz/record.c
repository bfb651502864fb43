/*
 * Records that somebody else made. What is read can be written, read again,
 * and is the same then, as JSON and as YAML; without its secrets it is the
 * same but for them; and for curl it is one option a line.
 *
 * links: kconf/arena kconf/block kconf/convert kconf/curl kconf/fold
 * links: kconf/node kconf/text kconf/yaml
 * links: lib/record lib/json lib/base64 lib/mem lib/err
 * pkgs: jansson yaml-0.1
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kconf/arena.h"
#include "kconf/block.h"
#include "kconf/convert.h"
#include "kconf/curl.h"
#include "kconf/gather.h"
#include "kconf/node.h"
#include "kconf/yaml.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int so)
{
	if (!so)
		abort();
}

static void
same(const char *l, const char *r)
{
	must(!l == !r && (!l || strcmp(l, r) == 0));
}

static void
same_list(char **l, size_t n, char **r, size_t m)
{
	must(n == m);
	for (size_t i = 0; i < n; i++)
		same(l[i], r[i]);
}

/* All that both have, secrets only where they are not taken out. */
static void
same_record(const struct record *l, const struct record *r, bool redacted)
{
	same(l->context, r->context);
	same(l->cluster, r->cluster);
	same(l->user, r->user);
	same(l->namespace, r->namespace);
	same(l->server, r->server);
	same(l->tls_server_name, r->tls_server_name);
	same(l->proxy_url, r->proxy_url);
	same(l->ca, r->ca);
	same(l->cert, r->cert);
	same(l->username, r->username);
	same(l->as, r->as);
	same(l->as_uid, r->as_uid);
	same(l->expires, r->expires);
	must(l->insecure == r->insecure);
	must(l->disable_compression == r->disable_compression);
	same_list(l->as_groups, l->n_as_groups, r->as_groups, r->n_as_groups);
	must(l->n_as_user_extra == r->n_as_user_extra);
	for (size_t i = 0; i < l->n_as_user_extra; i++) {
		const struct record_extra *e = &l->as_user_extra[i];
		const struct record_extra *f = &r->as_user_extra[i];

		same(e->key, f->key);
		same_list(e->values, e->n_values, f->values, f->n_values);
	}
	same(redacted && l->key ? "\x44\x40\xc0\x09\x31\x03" : l->key, r->key);
	same(redacted && l->token ? "REDACTED" : l->token, r->token);
	same(redacted && l->password ? "REDACTED" : l->password, r->password);
}

/* YAML has no key of more than 1024 characters on one line, so that a record
 * with such a key of as-user-extra is none. */
static bool
has_long_key(const struct record *r)
{
	for (size_t i = 0; i < r->n_as_user_extra; i++) {
		if (strlen(r->as_user_extra[i].key) > 150)
			return true;
	}
	return false;
}

/* The YAML text means what the JSON document means. */
static void
check_yaml(const char *yaml, const struct json *doc)
{
	struct arena a = {0};
	char why[128], *want, *got;
	struct node *root;
	struct json *back;

	root = yaml_read(&a, yaml, strlen(yaml), why, sizeof why);
	must(root != NULL);
	back = convert_node(root);
	must(back != NULL);
	want = json_print_line(doc);
	got = json_print_line(back);
	same(want, got);
	wipe_str(want);
	wipe_str(got);
	json_free(back);
	arena_wipe(&a);
}

static void
check_text(const struct record *r, const char *text, bool redacted)
{
	struct record again;
	struct json *doc;
	char why[128], *block;

	must(record_decode(&again, text, strlen(text), why, sizeof why) == 0);
	same_record(r, &again, redacted);
	record_wipe(&again);
	if (has_long_key(r))
		return;
	doc = json_parse(text, strlen(text), why, sizeof why);
	check_yaml(text, doc);
	block = block_print(doc);
	check_yaml(block, doc);
	wipe_str(block);
	json_free(doc);
}

/* One line: a comment, a flag, or an option and its value in quotes. */
static void
check_curl_line(const char *s, const char *end)
{
	static const char *const options[] = {"cacert = \"", "cert = \"",
					      "key = \"",    "header = \"",
					      "user = \"",   "proxy = \"",
					      "noproxy = \""};
	size_t n = (size_t)(end - s), known = 0;

	if (*s == '#' || (n == 8 && memcmp(s, "insecure", n) == 0))
		return;
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		if (strncmp(s, options[i], strlen(options[i])) == 0)
			known = strlen(options[i]);
	}
	must(known > 0 && n > known && end[-1] == '"');
	for (s += known; s < end - 1; s++) {
		must(*s != '"' && *s != '\r');
		if (*s == '\\')
			must(++s < end - 1 && strchr("\\\"nrtv", *s) != NULL);
	}
}

/* kconf lets no control byte into what becomes a header or a comment. */
static void
check_curl(const struct record *r)
{
	static const struct origins none;
	const char *why, *end;
	char *text;

	if (strpbrk(r->server, "\r\n"))
		return;
	text = curl_print(r, &none, &why);
	must(!text == !!r->tls_server_name);
	for (const char *s = text; s && *s; s = end + 1) {
		end = strchr(s, '\n');
		must(end != NULL);
		check_curl_line(s, end);
	}
	wipe_str(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record r;
	const char *field;
	char why[128], *text;

	if (record_decode(&r, (const char *)data, size, why, sizeof why) != 0)
		return 0;
	for (int redact = 0; redact < 2; redact++) {
		/* a certificate may be no UTF-8, but it is encoded; nothing
		 * else is */
		text = record_encode(&r, redact, &field);
		must(text != NULL);
		check_text(&r, text, redact);
		wipe_str(text);
	}
	check_curl(&r);
	record_wipe(&r);
	return 0;
}
