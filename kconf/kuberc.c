/*
 * The user's policy for credential plugins, out of a kuberc.  Pure.
 */
#include "kuberc.h"

#include <string.h>
#include <strings.h>

#include "arena.h"
#include "node.h"
#include "path.h"
#include "value.h"

static const char old_version[] = "kubectl.config.k8s.io/v1alpha1";
static const char new_version[] = "kubectl.config.k8s.io/v1beta1";
static const char policy_key[] = "credentialPluginPolicy";
static const char list_key[] = "credentialPluginAllowlist";

/* The member called key of a map, which has it once; or NULL. */
static const struct node_item *
member(const struct node *map, const char *key)
{
	for (const struct node_item *i = map->first; i; i = i->next) {
		if (strcmp(i->key, key) == 0)
			return i;
	}
	return NULL;
}

/* Each key of the map is one of those that keys ends with NULL, and there
 * once. */
static int
check_keys(struct decoder *d, const struct node *map, const char *const keys[])
{
	for (const struct node_item *i = map->first; i; i = i->next) {
		size_t k = 0;

		while (keys[k] && strcmp(keys[k], i->key) != 0)
			k++;
		value_enter(d, i->key, 0);
		if (!keys[k])
			return value_fault(d, i->line, "unknown");
		if (member(map, i->key) != i)
			return value_fault(d, i->line, "a second time");
		value_leave(d);
	}
	return 0;
}

/* The string at key, "" when it is not there. */
static int
get_string(struct decoder *d, const struct node *map, const char *key,
	   const char **out)
{
	const struct node_item *i = member(map, key);

	*out = "";
	if (!i)
		return 0;
	value_enter(d, key, 0);
	if (value_string(d, i->value, out) != 0)
		return -1;
	value_leave(d);
	return 0;
}

static int
get_command(struct decoder *d, const struct node_item *item, const char **out)
{
	/* the second one is how it was called at first */
	static const char *const keys[] = {"command", "name", NULL};
	const struct node *map = item->value;
	const char *command, *name, *clean;

	if (value_expect(d, map, NODE_MAP) != 0 ||
	    check_keys(d, map, keys) != 0 ||
	    get_string(d, map, keys[0], &command) != 0 ||
	    get_string(d, map, keys[1], &name) != 0)
		return -1;
	if (is_set(command) && is_set(name))
		return value_fault(d, item->line,
				   "command and name: only one may be given");
	*out = is_set(command) ? command : name;
	if (!is_set(*out))
		return value_fault(d, item->line, "no command");
	clean = path_clean(d->arena, *out);
	if (strcmp(*out, clean) != 0)
		return value_fault(d, item->line, "\"%s\" has to be \"%s\"",
				   *out, clean);
	return 0;
}

static int
get_list(struct decoder *d, const struct node *list, struct strings *out)
{
	size_t n = 0;

	for (const struct node_item *i = list->first; i; i = i->next)
		n++;
	out->item = arena_alloc(d->arena, n * sizeof *out->item);
	for (const struct node_item *i = list->first; i; i = i->next) {
		value_enter(d, NULL, out->n);
		if (get_command(d, i, &out->item[out->n++]) != 0)
			return -1;
		value_leave(d);
	}
	return 0;
}

static int
get_policy(struct decoder *d, const struct node *map, struct kuberc *k)
{
	static const struct {
		const char *name;
		enum kuberc_policy policy;
	} policies[] = {
	    {"", KUBERC_ALLOW_ALL},
	    {"AllowAll", KUBERC_ALLOW_ALL},
	    {"DenyAll", KUBERC_DENY_ALL},
	    {"Allowlist", KUBERC_ALLOWLIST},
	};
	const struct node_item *policy = member(map, policy_key);
	const size_t n = sizeof policies / sizeof policies[0];
	const char *name;
	size_t i = 0;

	if (get_string(d, map, policy_key, &name) != 0)
		return -1;
	while (i < n && strcmp(policies[i].name, name) != 0)
		i++;
	k->line = policy ? policy->line : map->line;
	if (i == n)
		return value_fault(d, k->line, "%s: \"%s\" is none", policy_key,
				   name);
	k->policy = policies[i].policy;
	return 0;
}

/* The document that counts. */
static int
get_preference(struct decoder *d, const struct node *map, struct kuberc *k)
{
	static const char *const keys[] = {"apiVersion", "kind",     "defaults",
					   "aliases",    policy_key, list_key,
					   NULL};
	const struct node_item *list = member(map, list_key);
	bool given = list && list->value->kind != NODE_NULL;

	if (check_keys(d, map, keys) != 0 || get_policy(d, map, k) != 0)
		return -1;
	value_enter(d, list_key, 0);
	if (given && k->policy != KUBERC_ALLOWLIST)
		return value_fault(d, list->line, "only with %s \"Allowlist\"",
				   policy_key);
	if (k->policy == KUBERC_ALLOWLIST) {
		if (!given)
			return value_fault(d, k->line, "missing");
		k->line = list->line;
		if (value_expect(d, list->value, NODE_LIST) != 0)
			return -1;
		if (!list->value->first)
			return value_fault(d, k->line,
					   "empty, which is what \"DenyAll\" "
					   "is for");
		if (get_list(d, list->value, &k->allowed) != 0)
			return -1;
	}
	value_leave(d);
	return 0;
}

/* A document of a version that knows no policy has none. */
static int
check_old(struct decoder *d, const struct node *map)
{
	static const char plugins[] = "credentialPlugin";

	for (const struct node_item *i = map->first; i; i = i->next) {
		if (strncasecmp(i->key, plugins, strlen(plugins)) == 0)
			return value_fault(d, i->line, "%s: not in v1alpha1",
					   i->key);
	}
	return 0;
}

int
kuberc_decode(struct kuberc *k, struct arena *a, const struct node *documents,
	      const char *file, char *why, size_t cap)
{
	struct decoder d = {.arena = a, .file = file, .why = why, .cap = cap};
	const struct node *strange = NULL;
	const char *kind, *version, *unknown = NULL;

	for (const struct node_item *i = documents->first; i; i = i->next) {
		const struct node *map = i->value;

		if (map->kind == NODE_NULL)
			continue;
		if (map->kind != NODE_MAP)
			return value_fault(&d, map->line,
					   "%s where a kuberc belongs",
					   node_kind_name(map->kind));
		if (get_string(&d, map, "kind", &kind) != 0 ||
		    get_string(&d, map, "apiVersion", &version) != 0)
			return -1;
		if (strcmp(kind, "Preference") != 0)
			return value_fault(&d, map->line,
					   "kind: \"%s\" is not \"Preference\"",
					   kind);
		if (strcmp(version, old_version) == 0) {
			if (check_old(&d, map) != 0)
				return -1;
		} else if (strcmp(version, new_version) != 0) {
			strange = map;
			unknown = version;
		} else if (k->file) {
			return value_fault(&d, map->line,
					   "a second document of v1beta1");
		} else if (get_preference(&d, map, k) != 0) {
			return -1;
		} else {
			k->file = file;
		}
	}
	/* beside one that is known, it is for others to read */
	if (strange && !k->file)
		return value_fault(&d, strange->line,
				   "apiVersion: \"%s\" is not known, and may "
				   "have a policy",
				   unknown);
	return 0;
}

const char *
kuberc_refusal(const struct kuberc *k, const char *command, const char *path,
	       const char *(*find)(struct arena *, const char *),
	       struct arena *a)
{
	if (k->policy == KUBERC_ALLOW_ALL)
		return NULL;
	if (k->policy == KUBERC_DENY_ALL)
		return arena_format(a, "%s: line %zu: %s is \"DenyAll\"",
				    k->file, k->line, policy_key);
	for (size_t i = 0; i < k->allowed.n; i++) {
		const char *item = k->allowed.item[i], *found;

		if (strcmp(item, command) == 0)
			return NULL;
		found = path ? find(a, item) : NULL;
		if (found && strcmp(found, path) == 0)
			return NULL;
	}
	return arena_format(a, "%s: line %zu: %s has no \"%s\"", k->file,
			    k->line, list_key, path ? path : command);
}
