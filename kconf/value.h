#ifndef KCONF_VALUE_H
#define KCONF_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "node.h"

struct arena;
struct slip;

/* What a field holds, and so what it is decoded into. */
enum type {
	T_STRING,
	T_PATH,    /* a string, relative to the folder of the file */
	T_COMMAND, /* the same when there is a slash in it */
	T_BOOL,
	T_DATA,        /* base64, or a list of byte values */
	T_STRINGS,     /* a list */
	T_EXTRA,       /* key: [value...] */
	T_SETTINGS,    /* key: value */
	T_ENV,         /* [{name, value}...] */
	T_OBJECT,      /* by the table of below */
	T_NEW,         /* the same, behind a pointer */
	T_EXTENSIONS,  /* [{name, extension}...], of which nothing is kept */
	T_EXEC_CONFIG, /* the same, of which that for plugins is kept */
};

struct field {
	const char *key;
	enum type type;
	size_t at, size;
	const struct field *below;
};

/* users[0].user.exec.env[0].value is the deepest that there is. */
enum { VALUE_DEPTH = 8 };

/* Where decoding stands: the fields around the present one, outermost first. */
struct decoder {
	struct arena *arena;
	const char *file;
	const char *cwd;   /* the working directory, or NULL */
	struct slip *slip; /* of the entry, or NULL */
	struct {
		const char *key; /* or NULL for an index */
		size_t index;
	} place[VALUE_DEPTH];
	size_t depth;
	char *why;
	size_t cap;
};

/* Goes into the member key, or into item i where key is NULL, and back. */
void value_enter(struct decoder *d, const char *key, size_t i);
void value_leave(struct decoder *d);

/* Writes line, place and the formatted fault into why; returns -1. */
int value_fault(struct decoder *d, size_t line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Returns 0 when n is null or of the kind, else -1 after value_fault. */
int value_expect(struct decoder *d, const struct node *n, enum node_kind kind);

/*
 * Remembers the first key that only its case keeps from being in the table,
 * in d->slip if that is not NULL.
 */
void value_note_slip(struct decoder *d, const struct node_item *i,
		     const struct field *table);

/*
 * Each of these reads n into *out and returns 0, or -1 after value_fault.
 * null is the empty value of every type.
 */
int value_string(struct decoder *d, const struct node *n, const char **out);

/* Extensions are looked at; the one called name, if that is not NULL, is kept
 * in *out. */
int value_extensions(struct decoder *d, const struct node *n, const char *name,
		     const struct node **out);

/* A mapping, by the table; out is where its offsets start. */
int value_object(struct decoder *d, const struct node *n,
		 const struct field *table, void *out);

#endif
