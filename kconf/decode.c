/*
 * From the YAML value to the model.  One table for each kind of object says
 * which fields it has, of which type and where they go.  Pure.
 */
#include "decode.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base64.h"

#include "arena.h"
#include "kubeconfig.h"
#include "node.h"

enum type {
	T_STRING,
	T_PATH,    /* a string, relative to the folder of the file */
	T_COMMAND, /* the same when there is a slash in it */
	T_BOOL,
	T_DATA,       /* base64, or a list of byte values */
	T_STRINGS,    /* a list */
	T_EXTRA,      /* key: [value...] */
	T_SETTINGS,   /* key: value */
	T_ENV,        /* [{name, value}...] */
	T_OBJECT,     /* by the table of below */
	T_NEW,        /* the same, behind a pointer */
	T_EXTENSIONS, /* [{name, extension}...], of which nothing is kept */
};

struct field {
	const char *key;
	enum type type;
	size_t at, size;
	const struct field *below;
};

/* A table ends with a NULL key. */
#define AT(s, member) offsetof(struct s, member)

static const struct field env_fields[] = {
    {"name", T_STRING, AT(pair, key), 0, NULL},
    {NULL, T_STRING, 0, 0, NULL},
};

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
    {"extensions", T_EXTENSIONS, 0, 0, NULL},
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

/* Where decoding stands: the fields around the present one, outermost first. */
struct decoder {
	struct arena *arena;
	const char *file;
	struct slip *slip; /* of the entry, or NULL */
	char at[256];
	char *why;
	size_t cap;
};

/* Adds ".key" or "[i]" to the place; the result is what leave takes. */
static size_t
enter(struct decoder *d, const char *key, size_t i)
{
	size_t before = strlen(d->at), room = sizeof d->at - before;

	if (key)
		snprintf(d->at + before, room, "%s%s", before ? "." : "", key);
	else
		snprintf(d->at + before, room, "[%zu]", i);
	return before;
}

static void
leave(struct decoder *d, size_t before)
{
	d->at[before] = '\0';
}

__attribute__((format(printf, 3, 4))) static int
fault(struct decoder *d, size_t line, const char *fmt, ...)
{
	va_list ap;
	int n;

	n = snprintf(d->why, d->cap, "line %zu: %s%s", line, d->at,
		     *d->at ? ": " : "");
	if (n < 0 || (size_t)n >= d->cap)
		return -1;
	va_start(ap, fmt);
	vsnprintf(d->why + n, d->cap - (size_t)n, fmt, ap);
	va_end(ap);
	return -1;
}

static int
wrong_type(struct decoder *d, const struct node *n, const char *wanted)
{
	bool quoted = n->kind == NODE_BOOL || n->kind == NODE_NUMBER;

	return fault(d, n->line, "%s where %s belongs%s",
		     node_kind_name(n->kind), wanted,
		     quoted && strcmp(wanted, "a string") == 0 ? " (quote it)"
							       : "");
}

static int
get_string(struct decoder *d, const struct node *n, const char **out)
{
	if (n->kind == NODE_NULL) {
		*out = "";
		return 0;
	}
	if (n->kind != NODE_STRING)
		return wrong_type(d, n, "a string");
	if (memchr(n->text, '\0', n->len))
		return fault(d, n->line, "a NUL byte in it");
	*out = n->text;
	return 0;
}

/* kubectl's type for these is a list of bytes, which JSON may spell out. */
static int
get_bytes(struct decoder *d, const struct node *n, struct blob *out)
{
	char *p;

	out->len = 0;
	for (const struct node_item *i = n->first; i; i = i->next)
		out->len++;
	out->data = p = arena_alloc(d->arena, out->len + 1);
	for (const struct node_item *i = n->first; i; i = i->next) {
		char *end = NULL;
		unsigned long v = 0;

		if (i->value->kind == NODE_NUMBER)
			v = strtoul(i->value->text, &end, 10);
		if (!end || *end || v > 255)
			return fault(d, i->line, "not the value of a byte");
		*p++ = (char)v;
	}
	return 0;
}

static int
get_data(struct decoder *d, const struct node *n, struct blob *out)
{
	unsigned char *raw;
	size_t len;

	if (n->kind == NODE_LIST)
		return get_bytes(d, n, out);
	if (n->kind == NODE_NULL) {
		out->len = 0;
		return 0;
	}
	if (n->kind != NODE_STRING)
		return wrong_type(d, n, "base64");
	raw = arena_alloc(d->arena, n->len + 1);
	if (base64_decode(raw, &len, n->text, n->len) != 0)
		return fault(d, n->line, "not base64, at byte %zu of it", len);
	raw[len] = '\0';
	out->data = (const char *)raw;
	out->len = len;
	return 0;
}

static size_t
count(const struct node *n)
{
	size_t many = 0;

	for (const struct node_item *i = n->first; i; i = i->next)
		many++;
	return many;
}

static int
get_strings(struct decoder *d, const struct node *n, struct strings *out)
{
	memset(out, 0, sizeof *out);
	if (n->kind == NODE_NULL)
		return 0;
	if (n->kind != NODE_LIST)
		return wrong_type(d, n, "a list");
	out->item = arena_alloc(d->arena, count(n) * sizeof *out->item);
	for (const struct node_item *i = n->first; i; i = i->next) {
		size_t before = enter(d, NULL, out->n);

		if (get_string(d, i->value, &out->item[out->n++]) != 0)
			return -1;
		leave(d, before);
	}
	return 0;
}

/* The last member with the key of i is the one that counts. */
static bool
is_last(const struct node_item *i)
{
	const struct node_item *later = i->next;

	while (later && strcmp(later->key, i->key) != 0)
		later = later->next;
	return !later;
}

/* A mapping from any key to a string, or to a list of strings. */
static int
get_pairs(struct decoder *d, const struct node *n, bool lists,
	  struct pairs *out)
{
	memset(out, 0, sizeof *out);
	if (n->kind == NODE_NULL)
		return 0;
	if (n->kind != NODE_MAP)
		return wrong_type(d, n, "a mapping");
	out->item = arena_alloc(d->arena, count(n) * sizeof *out->item);
	for (const struct node_item *i = n->first; i; i = i->next) {
		struct pair *p = &out->item[out->n];
		size_t before = enter(d, i->key, 0);
		int rc;

		if (lists) {
			rc = get_strings(d, i->value, &p->values);
		} else {
			p->values.item =
			    arena_alloc(d->arena, sizeof *p->values.item);
			p->values.n = 1;
			rc = get_string(d, i->value, p->values.item);
		}
		if (rc != 0)
			return -1;
		p->key = i->key;
		if (is_last(i))
			out->n++;
		leave(d, before);
	}
	return 0;
}

static int get_object(struct decoder *d, const struct node *n,
		      const struct field *table, void *out);

static int
get_env(struct decoder *d, const struct node *n, struct pairs *out)
{
	memset(out, 0, sizeof *out);
	if (n->kind == NODE_NULL)
		return 0;
	if (n->kind != NODE_LIST)
		return wrong_type(d, n, "a list");
	out->item = arena_alloc(d->arena, count(n) * sizeof *out->item);
	for (const struct node_item *i = n->first; i; i = i->next) {
		static const struct field value_fields[] = {
		    {"value", T_STRING, 0, 0, NULL},
		    {NULL, T_STRING, 0, 0, NULL},
		};
		struct pair *p = &out->item[out->n];
		size_t before = enter(d, NULL, out->n++);

		p->values.item = arena_alloc(d->arena, sizeof *p->values.item);
		p->values.n = 1;
		if (get_object(d, i->value, env_fields, p) != 0 ||
		    get_object(d, i->value, value_fields, p->values.item) != 0)
			return -1;
		leave(d, before);
	}
	return 0;
}

static int
get_extensions(struct decoder *d, const struct node *n)
{
	static const struct field fields[] = {
	    {"name", T_STRING, 0, 0, NULL},
	    {NULL, T_STRING, 0, 0, NULL},
	};
	size_t many = 0;
	const char **names;

	if (n->kind == NODE_NULL)
		return 0;
	if (n->kind != NODE_LIST)
		return wrong_type(d, n, "a list");
	names = arena_alloc(d->arena, count(n) * sizeof *names);
	for (const struct node_item *i = n->first; i; i = i->next, many++) {
		size_t before = enter(d, NULL, many);

		if (get_object(d, i->value, fields, &names[many]) != 0)
			return -1;
		for (size_t j = 0; j < many; j++) {
			const char *a = names[j] ? names[j] : "";
			const char *b = names[many] ? names[many] : "";

			if (strcmp(a, b) == 0)
				return fault(d, i->line,
					     "the name \"%s\" a second time",
					     a);
		}
		leave(d, before);
	}
	return 0;
}

const char *
decode_path(struct arena *a, const char *file, const char *path)
{
	const char *slash = strrchr(file, '/');
	char *out, *end, *from;
	bool absolute = file[0] == '/';

	if (path[0] == '/' || !path[0])
		return path;
	if (slash)
		path =
		    arena_format(a, "%.*s/%s", (int)(slash - file), file, path);
	out = arena_alloc(a, strlen(path) + 2);
	end = from = out + (absolute ? 1 : 0);
	if (absolute)
		*out = '/';
	while (*path) {
		size_t n = strcspn(path, "/");
		bool up = n == 2 && memcmp(path, "..", 2) == 0;

		if (n == 0 || (n == 1 && *path == '.')) {
			; /* adds nothing */
		} else if (up && end > from) {
			while (end > from && end[-1] != '/')
				end--;
			if (end > from)
				end--;
		} else if (!up || !absolute) {
			if (end > out && end[-1] != '/')
				*end++ = '/';
			memcpy(end, path, n);
			end += n;
			if (up) /* nothing can take this one back */
				from = end;
		}
		path += n + (path[n] == '/');
	}
	*end = '\0';
	return *out ? out : ".";
}

static int
get_path(struct decoder *d, const struct node *n, bool command,
	 const char **out)
{
	if (get_string(d, n, out) != 0)
		return -1;
	if (!command || strchr(*out, '/'))
		*out = decode_path(d->arena, d->file, *out);
	return 0;
}

static int
get_field(struct decoder *d, const struct node *n, const struct field *f,
	  void *out)
{
	void *p = (char *)out + f->at;

	switch (f->type) {
	case T_STRING:
		return get_string(d, n, p);
	case T_PATH:
	case T_COMMAND:
		return get_path(d, n, f->type == T_COMMAND, p);
	case T_BOOL:
		if (n->kind != NODE_BOOL && n->kind != NODE_NULL)
			return wrong_type(d, n, "true or false");
		*(bool *)p = n->truth;
		return 0;
	case T_DATA:
		return get_data(d, n, p);
	case T_STRINGS:
		return get_strings(d, n, p);
	case T_EXTRA:
	case T_SETTINGS:
		return get_pairs(d, n, f->type == T_EXTRA, p);
	case T_ENV:
		return get_env(d, n, p);
	case T_OBJECT:
		return get_object(d, n, f->below, p);
	case T_NEW:
		if (n->kind == NODE_NULL)
			return 0;
		*(void **)p = arena_alloc(d->arena, f->size);
		return get_object(d, n, f->below, *(void **)p);
	case T_EXTENSIONS:
		return get_extensions(d, n);
	}
	return 0;
}

/* Remembers the first key that only its case keeps from being a field. */
static void
note_slip(struct decoder *d, const struct node_item *i,
	  const struct field *table)
{
	for (; d->slip && !d->slip->key && table->key; table++) {
		if (strcasecmp(i->key, table->key) != 0)
			continue;
		d->slip->key = i->key;
		d->slip->right = table->key;
		d->slip->line = i->line;
	}
}

static int
get_object(struct decoder *d, const struct node *n, const struct field *table,
	   void *out)
{
	if (n->kind == NODE_NULL)
		return 0;
	if (n->kind != NODE_MAP)
		return wrong_type(d, n, "a mapping");
	for (const struct node_item *i = n->first; i; i = i->next) {
		const struct field *f = table;
		size_t before;

		while (f->key && strcmp(f->key, i->key) != 0)
			f++;
		if (!f->key)
			note_slip(d, i, table);
		if (!f->key || !is_last(i))
			continue;
		before = enter(d, i->key, 0);
		if (get_field(d, i->value, f, out) != 0)
			return -1;
		leave(d, before);
	}
	return 0;
}

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

	if (n->kind == NODE_NULL)
		return 0;
	if (n->kind != NODE_LIST)
		return wrong_type(d, n, "a list");
	for (const struct node_item *i = n->first; i; i = i->next, index++) {
		const struct field fields[] = {
		    {"name", T_STRING, AT(entry, name), 0, NULL},
		    {l->kind, T_OBJECT, 0, 0, l->fields},
		    {NULL, T_STRING, 0, 0, NULL},
		};
		struct entry *e = arena_alloc(d->arena, l->size);
		size_t before = enter(d, NULL, index);

		e->name = "";
		e->file = d->file;
		e->line = i->line;
		d->slip = &e->slip;
		if (get_object(d, i->value, fields, e) != 0)
			return -1;
		d->slip = NULL;
		if (entries_add(out, e) != 0)
			return fault(d, e->line,
				     "the name \"%s\" a second time", e->name);
		leave(d, before);
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
	if (get_string(d, i->value, &s) != 0)
		return -1;
	if (*s && strcmp(s, want) != 0)
		return fault(d, i->value->line, "\"%s\" is not \"%s\"", s,
			     want);
	return 0;
}

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
		return get_extensions(d, i->value);
	if (strcmp(i->key, "preferences") == 0)
		return get_object(d, i->value, preferences, &colors);
	if (strcmp(i->key, "current-context") == 0) {
		if (get_string(d, i->value, &s) != 0)
			return -1;
		if (!is_set(k->current_context))
			k->current_context = s;
		return 0;
	}
	return check_kind(d, i);
}

int
decode_config(struct kubeconfig *k, struct arena *a, const struct node *root,
	      const char *file, char *why, size_t cap)
{
	struct decoder d = {.arena = a, .file = file, .why = why, .cap = cap};

	if (root->kind == NODE_NULL)
		return 0;
	if (root->kind != NODE_MAP)
		return fault(&d, root->line, "%s where a kubeconfig belongs",
			     node_kind_name(root->kind));
	for (const struct node_item *i = root->first; i; i = i->next) {
		size_t before = enter(&d, i->key, 0);

		if (is_last(i) && get_member(&d, i, k) != 0)
			return -1;
		leave(&d, before);
	}
	return 0;
}
