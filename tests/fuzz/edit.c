/*
 * Settings changed in a stranger's kubeconfig: what is not refused has the
 * setting, and is the same in all else that the model knows.  The first line
 * is the value to set, its first byte the key.
 *
 * links: kconf/arena kconf/decode kconf/edit kconf/fold kconf/kubeconfig
 * links: kconf/node kconf/path kconf/scalar kconf/settings kconf/text
 * links: kconf/value kconf/yaml lib/base64 lib/err lib/mem
 * pkgs: yaml-0.1
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kconf/arena.h"
#include "kconf/decode.h"
#include "kconf/edit.h"
#include "kconf/kubeconfig.h"
#include "kconf/node.h"
#include "kconf/yaml.h"
#include "lib/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that must hold. */
static void
must(bool holds)
{
	if (!holds)
		abort();
}

static struct kubeconfig *
read_model(struct arena *a, const char *text, size_t len)
{
	struct kubeconfig *k = arena_alloc(a, sizeof *k);
	char why[256];
	struct node *root = yaml_read(a, text, len, why, sizeof why);

	if (!root || decode_config(k, a, root, "/", "f", why, sizeof why) != 0)
		return NULL;
	return k;
}

static void
same_text(const char *x, const char *y)
{
	must(is_set(x) == is_set(y) && (!is_set(x) || strcmp(x, y) == 0));
}

static void
same_pairs(const struct pairs *x, const struct pairs *y)
{
	must(x->n == y->n);
	for (size_t i = 0; i < x->n; i++) {
		same_text(x->item[i].key, y->item[i].key);
		must(x->item[i].values.n == y->item[i].values.n);
		for (size_t j = 0; j < x->item[i].values.n; j++)
			same_text(x->item[i].values.item[j],
				  y->item[i].values.item[j]);
	}
}

/* All settings of was but the one, and the one. */
static void
same_settings(const struct pairs *was, const struct pairs *is,
	      const struct setting *s)
{
	size_t i = 0, j = 0, hits = 0;

	for (;;) {
		while (i < was->n && strcmp(was->item[i].key, s->key) == 0)
			i++;
		while (j < is->n && strcmp(is->item[j].key, s->key) == 0) {
			same_text(is->item[j].values.item[0], s->value);
			hits++;
			j++;
		}
		if (i == was->n || j == is->n)
			break;
		same_text(was->item[i].key, is->item[j].key);
		same_text(was->item[i].values.item[0],
			  is->item[j].values.item[0]);
		i++;
		j++;
	}
	must(i == was->n && j == is->n && hits == 1);
}

static void
same_user(const struct user *x, const struct user *y, const struct setting *s)
{
	same_text(x->entry.name, y->entry.name);
	same_text(x->token, y->token);
	same_text(x->token_file, y->token_file);
	same_text(x->username, y->username);
	same_text(x->password, y->password);
	same_text(x->cert_file, y->cert_file);
	same_text(x->as, y->as);
	same_text(x->as_uid, y->as_uid);
	same_pairs(&x->as_user_extra, &y->as_user_extra);
	must(!x->plugin == !y->plugin && !x->provider == !y->provider);
	if (x->plugin) {
		same_text(x->plugin->command, y->plugin->command);
		same_pairs(&x->plugin->env, &y->plugin->env);
	}
	if (!x->provider)
		return;
	same_text(x->provider->name, y->provider->name);
	if (s)
		same_settings(&x->provider->config, &y->provider->config, s);
	else
		same_pairs(&x->provider->config, &y->provider->config);
}

static void
same_model(const struct kubeconfig *was, const struct kubeconfig *is,
	   const struct entry *user, const struct setting *s)
{
	const struct entry *x, *y;

	same_text(was->current_context, is->current_context);
	for (x = was->users.first, y = is->users.first; x && y;
	     x = x->next, y = y->next)
		same_user((const struct user *)x, (const struct user *)y,
			  x == user ? s : NULL);
	must(!x && !y);
	for (x = was->clusters.first, y = is->clusters.first; x && y;
	     x = x->next, y = y->next) {
		same_text(x->name, y->name);
		same_text(((const struct cluster *)x)->server,
			  ((const struct cluster *)y)->server);
	}
	must(!x && !y);
	for (x = was->contexts.first, y = is->contexts.first; x && y;
	     x = x->next, y = y->next) {
		same_text(x->name, y->name);
		same_text(((const struct context *)x)->user,
			  ((const struct context *)y)->user);
	}
	must(!x && !y);
}

static void
edit_user(struct arena *a, const char *text, size_t len,
	  const struct kubeconfig *was, const struct entry *user,
	  const struct setting *s)
{
	char why[256] = "", *out, *again;
	size_t out_len, again_len;
	struct kubeconfig *is;

	if (edit_config(text, len, user->name, s, 1, &out, &out_len, why,
			sizeof why) != 0) {
		must(*why != '\0');
		return;
	}
	is = read_model(a, out, out_len);
	must(is != NULL);
	same_model(was, is, user, s);
	/* what is set stays as it is */
	must(edit_config(out, out_len, user->name, s, 1, &again, &again_len,
			 why, sizeof why) == 0);
	must(again_len == out_len && memcmp(again, out, out_len) == 0);
	wipe_free(out, out_len);
	wipe_free(again, again_len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const keys[] = {"id-token", "refresh-token", "a"};
	enum { MAX_USERS = 3 };
	const uint8_t *end = memchr(data, '\n', size);
	struct arena a = {0};
	struct kubeconfig *was;
	struct setting s;
	const char *text;
	size_t len;
	int users = 0;

	if (!end || end == data)
		return 0;
	s.key = keys[data[0] % 3];
	s.value =
	    arena_copy(&a, (const char *)data + 1, (size_t)(end - data) - 1);
	text = (const char *)end + 1;
	len = size - (size_t)(end - data) - 1;
	was = read_model(&a, text, len);
	for (const struct entry *e = was ? was->users.first : NULL;
	     e && users < MAX_USERS; e = e->next, users++)
		edit_user(&a, text, len, was, e, &s);
	arena_wipe(&a);
	return 0;
}
