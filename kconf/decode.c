/*
 * From the YAML value to the model.  One table for each kind of object says
 * which fields it has, of which type and where they go.  Pure.
 */
#include "decode.h"

#include <string.h>
#include <strings.h>

#include "arena.h"
#include "kubeconfig.h"
#include "node.h"
#include "value.h"

/* A table ends with a NULL key. */
#define AT(s, member) offsetof(struct s, member)

static const struct field plugin_fields[] = {
    {"apiVersion", T_STRING, AT(plugin, api_version), 0, NULL},
    {"command", T_COMMAND, AT(plugin, command), 0, NULL},
    {"args", T_STRINGS, AT(plugin, args), 0, NULL},
    {"env", T_ENV, AT(plugin, env), 0, NULL},
    {"installHint", T_STRING, AT(plugin, install_hint), 0, NULL},
    {"interactiveMode", T_STRING, AT(plugin, interactive_mode), 0, NULL},
    {"provideClusterInfo", T_BOOL, AT(plugin, provide_cluster_info), 0, NULL},
    {NULL, T_STRING, 0, 0, NULL},
};

static const struct field provider_fields[] = {
    {"name", T_STRING, AT(provider, name), 0, NULL},
    {"config", T_SETTINGS, AT(provider, config), 0, NULL},
    {NULL, T_STRING, 0, 0, NULL},
};

static const struct field cluster_fields[] = {
    {"server", T_STRING, AT(cluster, server), 0, NULL},
    {"tls-server-name", T_STRING, AT(cluster, tls_server_name), 0, NULL},
    {"insecure-skip-tls-verify", T_BOOL, AT(cluster, insecure), 0, NULL},
    {"certificate-authority", T_PATH, AT(cluster, ca_file), 0, NULL},
    {"certificate-authority-data", T_DATA, AT(cluster, ca_data), 0, NULL},
    {"proxy-url", T_STRING, AT(cluster, proxy_url), 0, NULL},
    {"disable-compression", T_BOOL, AT(cluster, disable_compression), 0, NULL},
    {"extensions", T_EXEC_CONFIG, AT(cluster, exec_config), 0, NULL},
    {NULL, T_STRING, 0, 0, NULL},
};

static const struct field user_fields[] = {
    {"client-certificate", T_PATH, AT(user, cert_file), 0, NULL},
    {"client-certificate-data", T_DATA, AT(user, cert_data), 0, NULL},
    {"client-key", T_PATH, AT(user, key_file), 0, NULL},
    {"client-key-data", T_DATA, AT(user, key_data), 0, NULL},
    {"token", T_STRING, AT(user, token), 0, NULL},
    {"tokenFile", T_PATH, AT(user, token_file), 0, NULL},
    {"username", T_STRING, AT(user, username), 0, NULL},
    {"password", T_STRING, AT(user, password), 0, NULL},
    {"as", T_STRING, AT(user, as), 0, NULL},
    {"as-uid", T_STRING, AT(user, as_uid), 0, NULL},
    {"as-groups", T_STRINGS, AT(user, as_groups), 0, NULL},
    {"as-user-extra", T_EXTRA, AT(user, as_user_extra), 0, NULL},
    {"exec", T_NEW, AT(user, plugin), sizeof(struct plugin), plugin_fields},
    {"auth-provider", T_NEW, AT(user, provider), sizeof(struct provider),
     provider_fields},
    {"extensions", T_EXTENSIONS, 0, 0, NULL},
    {NULL, T_STRING, 0, 0, NULL},
};

static const struct field context_fields[] = {
    {"cluster", T_STRING, AT(context, cluster), 0, NULL},
    {"user", T_STRING, AT(context, user), 0, NULL},
    {"namespace", T_STRING, AT(context, namespace), 0, NULL},
    {"extensions", T_EXTENSIONS, 0, 0, NULL},
    {NULL, T_STRING, 0, 0, NULL},
};

/* The three lists of entries: what an item is called, and what is in it. */
static const struct list {
	const char *key, *kind;
	size_t at, size;
	const struct field *fields;
} lists[] = {
    {"clusters", "cluster", AT(kubeconfig, clusters), sizeof(struct cluster),
     cluster_fields},
    {"users", "user", AT(kubeconfig, users), sizeof(struct user), user_fields},
    {"contexts", "context", AT(kubeconfig, contexts), sizeof(struct context),
     context_fields},
};

static int
get_entries(struct decoder *d, const struct node *n, const struct list *l,
	    struct entries *out)
{
	size_t index = 0;

	if (value_expect(d, n, NODE_LIST) != 0)
		return -1;
	for (const struct node_item *i = n->first; i; i = i->next, index++) {
		const struct field fields[] = {
		    {"name", T_STRING, AT(entry, name), 0, NULL},
		    {l->kind, T_OBJECT, 0, 0, l->fields},
		    {NULL, T_STRING, 0, 0, NULL},
		};
		struct entry *e = arena_alloc(d->arena, l->size);

		value_enter(d, NULL, index);
		e->name = "";
		e->file = d->file;
		e->line = i->line;
		d->slip = &e->slip;
		if (value_object(d, i->value, fields, e) != 0)
			return -1;
		d->slip = NULL;
		if (entries_add(out, e) != 0)
			return value_fault(d, e->line,
					   "the name \"%s\" a second time",
					   e->name);
		value_leave(d);
	}
	return 0;
}

/* kubectl looks for these two whatever their case. */
static int
check_kind(struct decoder *d, const struct node_item *i)
{
	const char *want = NULL, *s;

	if (strcasecmp(i->key, "kind") == 0)
		want = "Config";
	else if (strcasecmp(i->key, "apiVersion") == 0)
		want = "v1";
	if (!want)
		return 0;
	if (value_string(d, i->value, &s) != 0)
		return -1;
	if (*s && strcmp(s, want) != 0)
		return value_fault(d, i->value->line, "\"%s\" is not \"%s\"", s,
				   want);
	return 0;
}

/* The members of the document; only the keys are looked at here. */
static const struct field members[] = {
    {"clusters", T_STRING, 0, 0, NULL},
    {"users", T_STRING, 0, 0, NULL},
    {"contexts", T_STRING, 0, 0, NULL},
    {"current-context", T_STRING, 0, 0, NULL},
    {NULL, T_STRING, 0, 0, NULL},
};

static int
get_member(struct decoder *d, const struct node_item *i, struct kubeconfig *k)
{
	static const struct field preferences[] = {
	    {"colors", T_BOOL, 0, 0, NULL},
	    {"extensions", T_EXTENSIONS, 0, 0, NULL},
	    {NULL, T_STRING, 0, 0, NULL},
	};
	const char *s;
	bool colors;

	for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++) {
		if (strcmp(i->key, lists[l].key) == 0)
			return get_entries(d, i->value, &lists[l],
					   (struct entries *)((char *)k +
							      lists[l].at));
	}
	if (strcmp(i->key, "extensions") == 0)
		return value_extensions(d, i->value, NULL, NULL);
	if (strcmp(i->key, "preferences") == 0)
		return value_object(d, i->value, preferences, &colors);
	if (strcmp(i->key, "current-context") == 0) {
		if (value_string(d, i->value, &s) != 0)
			return -1;
		if (!is_set(k->current_context))
			k->current_context = s;
		return 0;
	}
	d->slip = &k->slip;
	value_note_slip(d, i, members);
	d->slip = NULL;
	return check_kind(d, i);
}

int
decode_config(struct kubeconfig *k, struct arena *a, const struct node *root,
	      const char *cwd, const char *file, char *why, size_t cap)
{
	struct decoder d = {
	    .arena = a, .file = file, .cwd = cwd, .why = why, .cap = cap};

	if (root->kind == NODE_NULL)
		return 0;
	if (root->kind != NODE_MAP)
		return value_fault(&d, root->line,
				   "%s where a kubeconfig belongs",
				   node_kind_name(root->kind));
	for (const struct node_item *i = root->first; i; i = i->next) {
		value_enter(&d, i->key, 0);
		if (get_member(&d, i, k) != 0)
			return -1;
		value_leave(&d);
	}
	return 0;
}
