/*
 * The settings of a user's auth-provider: where they are in a document, and
 * whether two documents differ in nothing else.  Pure.
 */
#include "settings.h"

#include <string.h>

#include "arena.h"
#include "decode.h"
#include "edit.h"
#include "kubeconfig.h"
#include "node.h"

struct node *
settings_member(const struct node *map, const char *key)
{
	if (map->kind != NODE_MAP)
		return NULL;
	for (const struct node_item *i = map->first; i; i = i->next) {
		if (strcmp(i->key, key) == 0)
			return i->value;
	}
	return NULL;
}

static bool
has_name(const struct node *entry, const char *name)
{
	const struct node *n = settings_member(entry, "name");

	if (!n || n->kind == NODE_NULL)
		return !*name;
	return n->kind == NODE_STRING && strcmp(n->text, name) == 0;
}

size_t
settings_path(const struct node *root, const char *user,
	      struct node *path[SETTINGS_PATH])
{
	static const char *const keys[] = {"user", "auth-provider", "config"};
	struct node *n = settings_member(root, "users");
	const struct node_item *i = NULL;
	size_t found = 0;

	if (!n)
		return found;
	path[found++] = n;
	if (n->kind == NODE_LIST)
		i = n->first;
	while (i && !has_name(i->value, user))
		i = i->next;
	n = i ? i->value : NULL;
	for (size_t k = 0; n; k++) {
		path[found++] = n;
		n = k < sizeof keys / sizeof keys[0]
			? settings_member(n, keys[k])
			: NULL;
	}
	return found;
}

/* Two texts, and what may differ: in one mapping of theirs, the settings. */
struct pairing {
	const struct node *was, *is;
	const struct setting *s;
	size_t n;
};

static const struct setting *
setting_of(const struct pairing *p, const char *key)
{
	for (size_t i = 0; i < p->n; i++) {
		if (strcmp(p->s[i].key, key) == 0)
			return &p->s[i];
	}
	return NULL;
}

static bool same(const struct pairing *p, const struct node *was,
		 const struct node *is);

/* The members of both, in their order, but for the settings. */
static bool
same_items(const struct pairing *p, const struct node *was,
	   const struct node *is, bool settings)
{
	const struct node_item *i = was->first, *j = is->first;

	for (;;) {
		while (settings && i && setting_of(p, i->key))
			i = i->next;
		while (settings && j && setting_of(p, j->key))
			j = j->next;
		if (!i || !j)
			return !i && !j;
		if ((i->key && strcmp(i->key, j->key) != 0) ||
		    !same(p, i->value, j->value))
			return false;
		i = i->next;
		j = j->next;
	}
}

static bool
same(const struct pairing *p, const struct node *was, const struct node *is)
{
	if (was->kind != is->kind || (was == p->was) != (is == p->is))
		return false;
	switch (was->kind) {
	case NODE_NULL:
		return true;
	case NODE_BOOL:
		return was->truth == is->truth;
	case NODE_NUMBER:
	case NODE_STRING:
		return was->len == is->len &&
		       memcmp(was->text, is->text, was->len) == 0;
	case NODE_LIST:
	case NODE_MAP:
		return same_items(p, was, is, was == p->was);
	}
	return false;
}

/* Whether the model, and not only the text, has the settings. */
static bool
holds(struct arena *a, const struct node *root, const char *user,
      const struct setting *s, size_t n)
{
	struct kubeconfig *k = arena_alloc(a, sizeof *k);
	const struct user *u;
	const struct pairs *now;
	char why[256];

	if (decode_config(k, a, root, NULL, "", why, sizeof why) != 0)
		return false;
	u = (const struct user *)entries_find(&k->users, user);
	if (!u || !u->provider)
		return false;
	now = &u->provider->config;
	for (size_t i = 0; i < n; i++) {
		size_t j = 0;

		while (j < now->n && strcmp(now->item[j].key, s[i].key) != 0)
			j++;
		if (j == now->n ||
		    strcmp(now->item[j].values.item[0], s[i].value) != 0)
			return false;
	}
	return true;
}

bool
settings_differ_only(struct arena *a, const struct node *was,
		     const struct node *is, const char *user,
		     const struct setting *s, size_t n)
{
	struct node *old[SETTINGS_PATH], *new[SETTINGS_PATH];
	struct pairing p = {.s = s, .n = n};

	if (settings_path(was, user, old) < SETTINGS_PATH ||
	    settings_path(is, user, new) < SETTINGS_PATH)
		return false;
	p.was = old[SETTINGS_PATH - 1];
	p.is = new[SETTINGS_PATH - 1];
	return same(&p, was, is) && holds(a, is, user, s, n);
}
