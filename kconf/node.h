#ifndef KCONF_NODE_H
#define KCONF_NODE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A YAML document as kubectl sees it: the JSON value that it stands for, with
 * aliases and merge keys resolved.  Nodes may be shared (an alias is the node
 * it names), never circular, and live in the arena of the reader.
 */
enum node_kind {
	NODE_NULL,
	NODE_BOOL,
	NODE_NUMBER,
	NODE_STRING,
	NODE_LIST,
	NODE_MAP
};

/* An item of a list, or a member of a map: then key is not NULL. */
struct node_item {
	const char *key;
	size_t line;
	struct node *value;
	struct node_item *next;
};

struct arena;
struct node;

/*
 * Where a value stands in the text, counted in characters, the byte order
 * mark not among them; its anchor and tag are part of it.  An alias is where
 * its anchor is.
 */
struct extent {
	const struct node *in; /* the list or map that it is written in */
	size_t key, key_end;   /* of a member of a map */
	size_t start, end;
	bool aliased; /* an alias names it */
};

struct node {
	enum node_kind kind;
	bool whole;       /* read to its end */
	bool truth;       /* of a bool */
	size_t line;      /* from 1 */
	size_t weight;    /* nodes in it, aliases counted at full size */
	const char *text; /* of a scalar; a NUL is behind it */
	size_t len;
	struct node_item *first, **last; /* of a list or a map */
	struct extent *extent;           /* or NULL, see yaml_read_extents */
};

/*
 * Leaves one member of each key in the map, the last, as kubectl's reader
 * does.  Takes n log n steps; a has room for it.
 */
void node_keep_last(struct node *map, struct arena *a);

/* Puts value at the end of a list, or of a map under key, which lives as long.
 * a has room for it. */
void node_append(struct arena *a, struct node *to, const char *key, size_t line,
		 struct node *value);

/* The text of a map's key, or NULL when such a node cannot be one. */
const char *node_key_text(const struct node *key);

/* What a kind is called in messages: "a number", "a list", ... */
const char *node_kind_name(enum node_kind kind);

/*
 * The type that a plain scalar of len bytes at s has in kubectl's YAML 1.1
 * dialect: null, bool (and which, in *truth), number or string.  Timestamps
 * are strings.  *finite is false for .inf and .nan, which JSON cannot hold.
 */
enum node_kind node_resolve(const char *s, size_t len, bool *truth,
			    bool *finite);

#endif
