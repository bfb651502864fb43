/*
 * One YAML value as the type that a field has, or the fault with its line and
 * place.  Pure.
 */
#include "value.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base64.h"
#include "lib/mem.h"

#include "arena.h"
#include "kubeconfig.h"
#include "node.h"
#include "path.h"
#include "text.h"

/* What a cluster has to say to plugins. */
static const char exec_extension[] = "client.authentication.k8s.io/exec";

static const struct field name_fields[] = {
    {"name", T_STRING, offsetof(struct entry, name), 0, NULL},
    {NULL, T_STRING, 0, 0, NULL},
};

static const struct field env_fields[] = {
    {"name", T_STRING, offsetof(struct pair, key), 0, NULL},
    {NULL, T_STRING, 0, 0, NULL},
};

static const struct field value_fields[] = {
    {"value", T_STRING, 0, 0, NULL},
    {NULL, T_STRING, 0, 0, NULL},
};

void
value_enter(struct decoder *d, const char *key, size_t i)
{
	d->place[d->depth].key = key;
	d->place[d->depth].index = i;
	d->depth++;
}

void
value_leave(struct decoder *d)
{
	d->depth--;
}

int
value_fault(struct decoder *d, size_t line, const char *fmt, ...)
{
	struct text t = {0};
	va_list ap;

	text_add(&t, "line %zu: ", line);
	for (size_t i = 0; i < d->depth; i++) {
		if (d->place[i].key)
			text_add(&t, "%s%s", i > 0 ? "." : "", d->place[i].key);
		else
			text_add(&t, "[%zu]", d->place[i].index);
	}
	snprintf(d->why, d->cap, "%s%s", t.s, d->depth > 0 ? ": " : "");
	wipe_str(t.s);
	va_start(ap, fmt);
	vsnprintf(d->why + strlen(d->why), d->cap - strlen(d->why), fmt, ap);
	va_end(ap);
	return -1;
}

int
value_expect(struct decoder *d, const struct node *n, enum node_kind kind)
{
	bool quotable = kind == NODE_STRING &&
			(n->kind == NODE_BOOL || n->kind == NODE_NUMBER);

	if (n->kind == kind || n->kind == NODE_NULL)
		return 0;
	return value_fault(d, n->line, "%s where %s belongs%s",
			   node_kind_name(n->kind), node_kind_name(kind),
			   quotable ? " (quote it)" : "");
}

int
value_string(struct decoder *d, const struct node *n, const char **out)
{
	*out = "";
	if (value_expect(d, n, NODE_STRING) != 0)
		return -1;
	if (n->kind == NODE_NULL)
		return 0;
	if (memchr(n->text, '\0', n->len))
		return value_fault(d, n->line, "a NUL byte in it");
	*out = n->text;
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

/* kubectl's type for these is a list of bytes, which JSON may spell out. */
static int
get_bytes(struct decoder *d, const struct node *n, struct blob *out)
{
	char *p;

	out->len = count(n);
	out->data = p = arena_alloc(d->arena, out->len + 1);
	for (const struct node_item *i = n->first; i; i = i->next) {
		char *end = NULL;
		unsigned long v = 0;

		/* YAML has bases for what starts with 0; nobody needs them */
		if (i->value->kind == NODE_NUMBER &&
		    (i->value->text[0] > '0' || i->value->len == 1))
			v = strtoul(i->value->text, &end, 10);
		if (!end || *end || v > 255)
			return value_fault(d, i->line,
					   "not the value of a byte");
		*p++ = (char)v;
	}
	return 0;
}

static int
get_data(struct decoder *d, const struct node *n, struct blob *out)
{
	size_t len;

	if (n->kind == NODE_LIST)
		return get_bytes(d, n, out);
	if (n->kind == NODE_NULL) {
		out->len = 0;
		return 0;
	}
	if (n->kind != NODE_STRING)
		return value_fault(d, n->line, "%s where base64 belongs",
				   node_kind_name(n->kind));
	if (base64_check(&len, n->text, n->len) != 0)
		return value_fault(d, n->line, "not base64, at byte %zu of it",
				   len);
	out->base64 = n->text;
	out->len = len;
	return 0;
}

static int
get_strings(struct decoder *d, const struct node *n, struct strings *out)
{
	memset(out, 0, sizeof *out);
	if (value_expect(d, n, NODE_LIST) != 0)
		return -1;
	out->item = arena_alloc(d->arena, count(n) * sizeof *out->item);
	for (const struct node_item *i = n->first; i; i = i->next) {
		value_enter(d, NULL, out->n);
		if (value_string(d, i->value, &out->item[out->n++]) != 0)
			return -1;
		value_leave(d);
	}
	return 0;
}

/* A mapping from any key to a string, or to a list of strings. */
static int
get_pairs(struct decoder *d, const struct node *n, bool lists,
	  struct pairs *out)
{
	memset(out, 0, sizeof *out);
	if (value_expect(d, n, NODE_MAP) != 0)
		return -1;
	out->item = arena_alloc(d->arena, count(n) * sizeof *out->item);
	for (const struct node_item *i = n->first; i; i = i->next) {
		struct pair *p = &out->item[out->n];
		int rc;

		value_enter(d, i->key, 0);
		if (lists) {
			rc = get_strings(d, i->value, &p->values);
		} else {
			p->values.item =
			    arena_alloc(d->arena, sizeof *p->values.item);
			p->values.n = 1;
			rc = value_string(d, i->value, p->values.item);
		}
		if (rc != 0)
			return -1;
		p->key = i->key;
		out->n++;
		value_leave(d);
	}
	return 0;
}

static int
get_env(struct decoder *d, const struct node *n, struct pairs *out)
{
	memset(out, 0, sizeof *out);
	if (value_expect(d, n, NODE_LIST) != 0)
		return -1;
	out->item = arena_alloc(d->arena, count(n) * sizeof *out->item);
	for (const struct node_item *i = n->first; i; i = i->next) {
		struct pair *p = &out->item[out->n];

		value_enter(d, NULL, out->n++);
		p->values.item = arena_alloc(d->arena, sizeof *p->values.item);
		p->values.n = 1;
		if (value_object(d, i->value, env_fields, p) != 0 ||
		    value_object(d, i->value, value_fields, p->values.item) !=
			0)
			return -1;
		value_leave(d);
	}
	return 0;
}

/* The member called key of a map, or NULL. */
static const struct node *
member(const struct node *map, const char *key)
{
	for (const struct node_item *i = map->first; i; i = i->next) {
		if (strcmp(i->key, key) == 0)
			return i->value;
	}
	return NULL;
}

int
value_extensions(struct decoder *d, const struct node *n, const char *name,
		 const struct node **out)
{
	struct entries names = {0};
	size_t index = 0;

	if (value_expect(d, n, NODE_LIST) != 0)
		return -1;
	for (const struct node_item *i = n->first; i; i = i->next) {
		struct entry *e = arena_alloc(d->arena, sizeof *e);
		const struct node *value;

		value_enter(d, NULL, index++);
		e->name = "";
		e->file = d->file;
		if (value_object(d, i->value, name_fields, e) != 0)
			return -1;
		if (entries_find(&names, e->name))
			return value_fault(d, i->line,
					   "the name \"%s\" a second time",
					   e->name);
		value = member(i->value, "extension");
		/* kubectl does not see that there was one without a value */
		if (value && value->kind != NODE_NULL)
			(void)entries_add(&names, e);
		if (name && strcmp(e->name, name) == 0)
			*out = value;
		value_leave(d);
	}
	return 0;
}

static int
get_path(struct decoder *d, const struct node *n, bool command,
	 const char **out)
{
	if (value_string(d, n, out) != 0)
		return -1;
	if (command && !strchr(*out, '/'))
		return 0;
	*out = path_beside(d->arena, d->cwd, d->file, *out);
	/* a command without a slash would be looked for in PATH */
	if (command && **out != '/')
		*out = arena_format(d->arena, "%s/%s", d->cwd ? d->cwd : ".",
				    *out);
	return 0;
}

static int
get_field(struct decoder *d, const struct node *n, const struct field *f,
	  void *out)
{
	void *p = (char *)out + f->at;

	switch (f->type) {
	case T_STRING:
		return value_string(d, n, p);
	case T_PATH:
	case T_COMMAND:
		return get_path(d, n, f->type == T_COMMAND, p);
	case T_BOOL:
		if (value_expect(d, n, NODE_BOOL) != 0)
			return -1;
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
		return value_object(d, n, f->below, p);
	case T_NEW:
		if (n->kind == NODE_NULL)
			return 0;
		*(void **)p = arena_alloc(d->arena, f->size);
		return value_object(d, n, f->below, *(void **)p);
	case T_EXTENSIONS:
		return value_extensions(d, n, NULL, NULL);
	case T_EXEC_CONFIG:
		return value_extensions(d, n, exec_extension, p);
	}
	return 0;
}

void
value_note_slip(struct decoder *d, const struct node_item *i,
		const struct field *table)
{
	for (; d->slip && !d->slip->key && table->key; table++) {
		if (strcasecmp(i->key, table->key) != 0)
			continue;
		d->slip->key = i->key;
		d->slip->right = table->key;
		d->slip->file = d->file;
		d->slip->line = i->line;
	}
}

int
value_object(struct decoder *d, const struct node *n, const struct field *table,
	     void *out)
{
	if (value_expect(d, n, NODE_MAP) != 0)
		return -1;
	for (const struct node_item *i = n->first; i; i = i->next) {
		const struct field *f = table;

		while (f->key && strcmp(f->key, i->key) != 0)
			f++;
		if (!f->key) {
			value_note_slip(d, i, table);
			continue;
		}
		value_enter(d, i->key, 0);
		if (get_field(d, i->value, f, out) != 0)
			return -1;
		value_leave(d);
	}
	return 0;
}
