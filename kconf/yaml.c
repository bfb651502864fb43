/*
 * The only includer of libyaml: its events become nodes.  The rules are those
 * of kubectl's reader: YAML 1.1 only, merge keys take effect where they
 * stand, the last of two equal keys wins, a key is a scalar and not null.
 * libyaml takes no allocator, but calls its own by name: those here, so that
 * its copies of the text are wiped, too.
 */
#include "yaml.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <yaml.h>

#include "lib/base64.h"
#include "lib/mem.h"

#include "arena.h"
#include "fold.h"
#include "node.h"

enum {
	MAX_DEPTH = 100,
	MAX_NODES = 1000000,
	/* what exists only because an alias or a merge repeats it */
	MAX_ALIASED = 100000,
	/* anchors that aliases have looked at */
	MAX_LOOKS = 10000000
};

void *yaml_malloc(size_t n);
void *yaml_realloc(void *p, size_t n);
void yaml_free(void *p);
yaml_char_t *yaml_strdup(const yaml_char_t *s);

void *
yaml_malloc(size_t n)
{
	return wiping_malloc(n);
}

void *
yaml_realloc(void *p, size_t n)
{
	return wiping_realloc(p, n);
}

void
yaml_free(void *p)
{
	wiping_free(p);
}

yaml_char_t *
yaml_strdup(const yaml_char_t *s)
{
	return s ? (yaml_char_t *)wiping_strdup((const char *)s) : NULL;
}

struct anchor {
	const char *name;
	struct node *node;
	struct anchor *before;
};

struct reader {
	yaml_parser_t parser;
	struct arena *arena;
	const struct fold *fold;
	struct anchor *anchors;
	size_t aliased, nodes, looks;
	int depth;
	bool extents, all;
	char *why;
	size_t cap;
};

static struct node *
fault(struct reader *r, size_t line, const char *what)
{
	snprintf(r->why, r->cap, "line %zu: %s", line, what);
	return NULL;
}

static bool
next_event(struct reader *r, yaml_event_t *e)
{
	const yaml_parser_t *p = &r->parser;

	if (yaml_parser_parse(&r->parser, e))
		return true;
	if (p->error == YAML_READER_ERROR)
		snprintf(r->why, r->cap, "byte %zu: %s",
			 fold_offset(r->fold, p->problem_offset), p->problem);
	else
		fault(r, p->problem_mark.line + 1,
		      p->problem ? p->problem : "not YAML");
	return false;
}

static struct node *
new_node(struct reader *r, const yaml_event_t *e, enum node_kind kind,
	 const yaml_char_t *anchor)
{
	struct node *n = arena_alloc(r->arena, sizeof *n);

	n->kind = kind;
	n->line = e->start_mark.line + 1;
	n->weight = 1;
	n->last = &n->first;
	if (r->extents) {
		n->extent = arena_alloc(r->arena, sizeof *n->extent);
		n->extent->start = e->start_mark.index;
		n->extent->end = e->end_mark.index;
	}
	if (anchor) {
		struct anchor *a = arena_alloc(r->arena, sizeof *a);
		const char *name = (const char *)anchor;

		a->name = arena_copy(r->arena, name, strlen(name));
		a->node = n;
		a->before = r->anchors;
		r->anchors = a;
	}
	return n;
}

/* n was read to its end: an alias of it may follow. */
static struct node *
completed(struct node *n, size_t end)
{
	n->whole = true;
	if (n->extent)
		n->extent->end = end;
	return n;
}

static bool
decode_binary(struct reader *r, struct node *n)
{
	unsigned char *raw = arena_alloc(r->arena, n->len + 1);
	size_t len;

	if (base64_decode(raw, &len, n->text, n->len) != 0)
		return false;
	raw[len] = '\0';
	n->text = (const char *)raw;
	n->len = len;
	return true;
}

static struct node *
read_scalar(struct reader *r, const yaml_event_t *e)
{
	static const struct {
		const char *tag;
		enum node_kind kind;
	} typed[] = {
	    {YAML_BOOL_TAG, NODE_BOOL},
	    {YAML_INT_TAG, NODE_NUMBER},
	    {YAML_FLOAT_TAG, NODE_NUMBER},
	    {YAML_NULL_TAG, NODE_NULL},
	};
	const char *tag = (const char *)e->data.scalar.tag;
	const char *value = (const char *)e->data.scalar.value;
	struct node *n = new_node(r, e, NODE_STRING, e->data.scalar.anchor);
	bool finite = true;

	n->len = e->data.scalar.length;
	n->text = fold_undo(r->fold, r->arena, value, &n->len);
	if (n->text == value)
		n->text = arena_copy(r->arena, value, n->len);
	if (!tag && e->data.scalar.plain_implicit)
		n->kind = node_resolve(n->text, n->len, &n->truth, &finite);
	else if (tag && strcmp(tag, "tag:yaml.org,2002:binary") == 0) {
		if (!decode_binary(r, n))
			return fault(r, n->line, "!!binary: not base64");
	} else if (tag) {
		for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
			if (strcmp(tag, typed[i].tag) != 0)
				continue;
			n->kind =
			    node_resolve(n->text, n->len, &n->truth, &finite);
			if (n->kind != typed[i].kind)
				return fault(r, n->line,
					     "the value does not fit its tag");
		}
	}
	if (!finite)
		return fault(r, n->line, "an infinite number, or none");
	return completed(n, e->end_mark.index);
}

static struct node *
read_alias(struct reader *r, const yaml_event_t *e)
{
	const char *name = (const char *)e->data.alias.anchor;
	const struct anchor *a;

	for (a = r->anchors; a && strcmp(a->name, name) != 0; a = a->before) {
		if (++r->looks > MAX_LOOKS)
			return fault(r, e->start_mark.line + 1,
				     "too many anchors and aliases");
	}
	if (!a)
		return fault(r, e->start_mark.line + 1,
			     "an alias without its anchor");
	if (!a->node->whole)
		return fault(r, e->start_mark.line + 1,
			     "an anchor that holds itself");
	if (a->node->extent)
		a->node->extent->aliased = true;
	r->aliased += a->node->weight;
	if (r->aliased > MAX_ALIASED)
		return fault(r, e->start_mark.line + 1,
			     "aliases make it too large");
	return a->node;
}

/* The key stands from start to end, if value is written behind it. */
static void
note_key(const struct node *map, struct node *value, size_t start, size_t end)
{
	struct extent *x = value->extent;

	if (!x || x->in != map || x->start < start)
		return;
	x->key = start;
	x->key_end = end;
}

static struct node *read_node(struct reader *r, const yaml_event_t *e);

static struct node *
read_list(struct reader *r, const yaml_event_t *start)
{
	struct node *list =
	    new_node(r, start, NODE_LIST, start->data.sequence_start.anchor);
	yaml_event_t e;

	for (;;) {
		struct node *item = NULL;
		size_t stop;
		bool end;

		if (!next_event(r, &e))
			return NULL;
		end = e.type == YAML_SEQUENCE_END_EVENT;
		stop = e.end_mark.index;
		if (!end)
			item = read_node(r, &e);
		yaml_event_delete(&e);
		if (end)
			return completed(list, stop);
		if (!item)
			return NULL;
		node_append(r->arena, list, NULL, item->line, item);
	}
}

/* The members of from go into map; line is that of the merge key. */
static bool
merge_map(struct reader *r, size_t line, struct node *map,
	  const struct node *from)
{
	if (from->kind != NODE_MAP) {
		fault(r, line, "<<: not a mapping");
		return false;
	}
	for (const struct node_item *i = from->first; i; i = i->next) {
		if (++r->aliased > MAX_ALIASED) {
			fault(r, line, "merge keys make it too large");
			return false;
		}
		node_append(r->arena, map, i->key, i->line, i->value);
	}
	return true;
}

/* The value of "<<": a map or a list of maps, of which the first counts. */
static bool
merge(struct reader *r, size_t line, struct node *map, const struct node *from)
{
	const struct node_item *i;
	const struct node **each;
	size_t n = 0;

	if (from->kind != NODE_LIST)
		return merge_map(r, line, map, from);
	for (i = from->first; i; i = i->next)
		n++;
	each = arena_alloc(r->arena, n * sizeof *each);
	for (i = from->first; i; i = i->next)
		each[--n] = i->value;
	/* the last first, since what comes later in the map wins */
	for (i = from->first; i; i = i->next) {
		if (!merge_map(r, line, map, each[n++]))
			return false;
	}
	return true;
}

static bool
is_merge(const yaml_event_t *e)
{
	const char *tag = (const char *)e->data.scalar.tag;

	return e->type == YAML_SCALAR_EVENT && e->data.scalar.length == 2 &&
	       memcmp(e->data.scalar.value, "<<", 2) == 0 &&
	       (e->data.scalar.plain_implicit ||
		(tag && strcmp(tag, "tag:yaml.org,2002:merge") == 0));
}

/* One event as a node, and the event ended. */
static struct node *
next_node(struct reader *r)
{
	struct node *n;
	yaml_event_t e;

	if (!next_event(r, &e))
		return NULL;
	n = read_node(r, &e);
	yaml_event_delete(&e);
	return n;
}

static struct node *
read_map(struct reader *r, const yaml_event_t *start)
{
	struct node *map =
	    new_node(r, start, NODE_MAP, start->data.mapping_start.anchor);
	yaml_event_t e;

	for (;;) {
		struct node *key = NULL, *value;
		size_t from, stop;
		bool end, merges;

		if (!next_event(r, &e))
			return NULL;
		end = e.type == YAML_MAPPING_END_EVENT;
		merges = !end && is_merge(&e);
		from = e.start_mark.index;
		stop = e.end_mark.index;
		if (!end)
			key = read_node(r, &e);
		yaml_event_delete(&e);
		if (end) {
			if (!r->all)
				node_keep_last(map, r->arena);
			return completed(map, stop);
		}
		if (!key)
			return NULL;
		if (!node_key_text(key))
			return fault(r, key->line, "a key that is no scalar");
		value = next_node(r);
		if (!value)
			return NULL;
		if (merges && !merge(r, key->line, map, value))
			return NULL;
		if (merges)
			continue;
		node_append(r->arena, map, node_key_text(key), key->line,
			    value);
		note_key(map, value, from, stop);
	}
}

static struct node *
read_node(struct reader *r, const yaml_event_t *e)
{
	struct node *n;

	if (++r->nodes > MAX_NODES)
		return fault(r, e->start_mark.line + 1, "too many values");
	if (e->type == YAML_SCALAR_EVENT)
		return read_scalar(r, e);
	if (e->type == YAML_ALIAS_EVENT)
		return read_alias(r, e);
	if (r->depth == MAX_DEPTH)
		return fault(r, e->start_mark.line + 1, "nested too deeply");
	r->depth++;
	n = e->type == YAML_MAPPING_START_EVENT ? read_map(r, e)
						: read_list(r, e);
	r->depth--;
	return n;
}

/* The next document and the events around it; or null behind the last one. */
static struct node *
read_document(struct reader *r, bool *end)
{
	struct node *root;
	yaml_event_t e;
	bool newer;

	r->anchors = NULL;
	if (!next_event(r, &e))
		return NULL;
	*end = e.type == YAML_STREAM_END_EVENT;
	newer = !*end && e.data.document_start.version_directive &&
		(e.data.document_start.version_directive->major != 1 ||
		 e.data.document_start.version_directive->minor != 1);
	if (*end)
		root = new_node(r, &e, NODE_NULL, NULL);
	else if (newer)
		root = fault(r, e.start_mark.line + 1, "not YAML 1.1");
	yaml_event_delete(&e);
	if (*end || newer)
		return root;
	root = next_node(r);
	if (!root || !next_event(r, &e))
		return NULL;
	yaml_event_delete(&e);
	return root;
}

/* What the stream holds: its first document, or a list of all. */
static struct node *
read_stream(struct reader *r)
{
	struct node *list, *root;
	yaml_event_t e;
	bool end;

	if (!next_event(r, &e)) /* its start */
		return NULL;
	list = new_node(r, &e, NODE_LIST, NULL);
	yaml_event_delete(&e);
	for (;;) {
		root = read_document(r, &end);
		if (!root || !r->all)
			return root;
		if (end)
			return list;
		node_append(r->arena, list, NULL, root->line, root);
	}
}

static struct node *
read_text(struct reader *r, const struct fold *f)
{
	yaml_parser_t *p = &r->parser;
	struct node *root;

	if (!yaml_parser_initialize(p))
		return fault(r, 1, "memory");
	r->fold = f;
	yaml_parser_set_input_string(p, (const unsigned char *)f->text, f->len);
	root = read_stream(r);
	yaml_parser_delete(p);
	return root;
}

struct node *
yaml_read(struct arena *a, const char *buf, size_t len, char *why, size_t cap)
{
	const struct fold whole = {.text = buf, .len = len};

	return yaml_read_folded(a, &whole, why, cap);
}

struct node *
yaml_read_folded(struct arena *a, const struct fold *f, char *why, size_t cap)
{
	struct reader r = {.arena = a, .why = why, .cap = cap};

	return read_text(&r, f);
}

struct node *
yaml_read_extents(struct arena *a, const char *buf, size_t len, char *why,
		  size_t cap)
{
	struct reader r = {.arena = a, .why = why, .cap = cap, .extents = true};
	const struct fold whole = {.text = buf, .len = len};

	return read_text(&r, &whole);
}

struct node *
yaml_read_all(struct arena *a, const char *buf, size_t len, char *why,
	      size_t cap)
{
	struct reader r = {.arena = a, .why = why, .cap = cap, .all = true};
	const struct fold whole = {.text = buf, .len = len};

	return read_text(&r, &whole);
}
