/*
 * Changes single settings in the text of a kubeconfig.  Every setting is an
 * edit of its own on the text that the one before has left; the comparison at
 * the end is between the first text and the last, and is what makes it safe:
 * all else here may only be too timid.  Pure.
 */
#include "edit.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/mem.h"

#include "arena.h"
#include "node.h"
#include "scalar.h"
#include "settings.h"
#include "yaml.h"

struct edit {
	struct arena arena;
	const char *buf;
	size_t len;
	const char *user;
	char *why;
	size_t cap;
};

static int
refuse(struct edit *e, size_t line, const char *what, const char *cause)
{
	snprintf(e->why, e->cap, "line %zu: %s: %s", line, what, cause);
	return -1;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_break(char c)
{
	return c == '\n' || c == '\r';
}

/* The offset of a character, which extents count in. */
static size_t
byte_of(const struct edit *e, size_t chars)
{
	size_t i = 0;

	if (e->len >= 3 && memcmp(e->buf, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	for (; i < e->len; i++) {
		if (((unsigned char)e->buf[i] & 0xc0) == 0x80)
			continue;
		if (chars-- == 0)
			break;
	}
	return i;
}

/* Puts text in the place of the bytes from start to end. */
static void
splice(struct edit *e, size_t start, size_t end, const char *text)
{
	size_t n = strlen(text), rest = e->len - end;
	char *p = arena_alloc(&e->arena, start + n + rest + 1);

	memcpy(p, e->buf, start);
	memcpy(p + start, text, n);
	memcpy(p + start + n, e->buf + end, rest);
	e->buf = p;
	e->len = start + n + rest;
}

/* n must be written in the node in, and be used there only. */
static int
check_place(struct edit *e, const struct node *n, const struct node *in,
	    const char *what)
{
	if (n->extent->in != in)
		return refuse(e, n->line, what,
			      "comes from an alias or a merge key");
	if (n->extent->aliased)
		return refuse(e, n->line, what, "an alias refers to it");
	return 0;
}

static int
find_config(struct edit *e, const struct node *root, struct node **config)
{
	static const char *const what[SETTINGS_PATH] = {"users", "the user",
							"user", "auth-provider",
							"config"};
	struct node *path[SETTINGS_PATH];
	size_t n = settings_path(root, e->user, path);

	if (n < SETTINGS_PATH || path[n - 1]->kind != NODE_MAP) {
		snprintf(e->why, e->cap,
			 "user \"%s\": no auth-provider with a config",
			 e->user);
		return -1;
	}
	for (size_t i = 0; i < n; i++) {
		if (check_place(e, path[i], i > 0 ? path[i - 1] : root,
				what[i]) != 0)
			return -1;
	}
	*config = path[n - 1];
	return 0;
}

static enum scalar_style
style_at(const struct edit *e, size_t at)
{
	switch (at < e->len ? e->buf[at] : '\0') {
	case '\'':
		return SCALAR_SINGLE;
	case '"':
	case '|':
	case '>':
		return SCALAR_DOUBLE;
	default:
		return SCALAR_PLAIN;
	}
}

static bool
is_block(const struct edit *e, size_t start, size_t end)
{
	return start < end && (e->buf[start] == '|' || e->buf[start] == '>');
}

/*
 * Moves *start behind an anchor and a tag.  Of tags only the one that says
 * what holds anyway is taken.
 */
static int
skip_properties(struct edit *e, const struct node *n, size_t *start, size_t end,
		const char *what)
{
	size_t i = *start;

	while (i < end && (e->buf[i] == '&' || e->buf[i] == '!')) {
		size_t from = i;

		while (i < end && !is_blank(e->buf[i]) && !is_break(e->buf[i]))
			i++;
		if (e->buf[from] == '!' &&
		    (i - from != 5 || memcmp(e->buf + from, "!!str", 5) != 0))
			return refuse(e, n->line, what, "has a tag");
		while (i < end && is_blank(e->buf[i]))
			i++;
		if (i < end && is_break(e->buf[i]))
			return refuse(e, n->line, what,
				      "is on another line than its tag");
	}
	*start = i;
	return 0;
}

/* The end of a block without the empty lines behind it, which are layout. */
static size_t
block_end(const struct edit *e, size_t start, size_t end)
{
	size_t i = end;

	while (i > start) {
		size_t last = i;

		if (is_break(e->buf[i - 1]))
			i -= i > start + 1 && e->buf[i - 1] == '\n' &&
				     e->buf[i - 2] == '\r'
				 ? 2
				 : 1;
		while (i > start && is_blank(e->buf[i - 1]))
			i--;
		if (i == start || !is_break(e->buf[i - 1]))
			return last;
	}
	return end;
}

static size_t
line_end(const struct edit *e, size_t at)
{
	while (at < e->len && !is_break(e->buf[at]))
		at++;
	return at;
}

/* The length of the line break at that place, 0 at the end of the text. */
static size_t
break_length(const struct edit *e, size_t at)
{
	if (at == e->len)
		return 0;
	return e->buf[at] == '\r' && at + 1 < e->len && e->buf[at + 1] == '\n'
		   ? 2
		   : 1;
}

/* What is written instead of a block: the value, and behind it what is behind
 * the header, a comment say, and ends the last line. */
static const char *
unblocked(struct edit *e, size_t start, size_t end, const char *value)
{
	size_t head = start + 1, stop = line_end(e, start);

	while (head < stop && strchr("0123456789+-", e->buf[head]))
		head++;
	if (end > stop && is_break(e->buf[end - 1]))
		stop += break_length(e, stop);
	return arena_format(&e->arena, "%s%.*s", value, (int)(stop - head),
			    e->buf + head);
}

static int
replace(struct edit *e, const struct node *n, const struct node *config,
	const struct setting *s)
{
	size_t start = byte_of(e, n->extent->start);
	size_t end = byte_of(e, n->extent->end);
	const char *text;

	if (check_place(e, n, config, s->key) != 0)
		return -1;
	if (n->kind != NODE_STRING && n->kind != NODE_NULL)
		return refuse(e, n->line, s->key, "is no string");
	if (skip_properties(e, n, &start, end, s->key) != 0)
		return -1;
	text = scalar_write(&e->arena, s->value,
			    start < end ? style_at(e, start) : SCALAR_PLAIN);
	if (start == end && !(start > 0 && is_blank(e->buf[start - 1])))
		text = arena_format(&e->arena, " %s", text);
	if (is_block(e, start, end)) {
		end = block_end(e, start, end);
		text = unblocked(e, start, end, text);
	}
	splice(e, start, end, text);
	return 0;
}

/* The setting behind which a new one goes: the last that is written there. */
static const struct extent *
last_setting(const struct node *config)
{
	const struct extent *last = NULL;

	for (const struct node_item *i = config->first; i; i = i->next) {
		const struct extent *x = i->value->extent;

		if (x->in == config && (!last || x->start > last->start))
			last = x;
	}
	return last;
}

/* What ends the line of the byte at; where nothing does, the first line of
 * the text; else a newline. */
static const char *
break_of(const struct edit *e, size_t at)
{
	size_t i = line_end(e, at);

	if (i == e->len)
		i = line_end(e, 0);
	if (i == e->len || e->buf[i] == '\n')
		return "\n";
	return break_length(e, i) == 2 ? "\r\n" : "\r";
}

/* The setting beside which another is to be written. */
struct beside {
	size_t line, key, start, end; /* where its line starts, and so on */
	const char *indent, *eol;
	bool alone; /* only blanks are before it in its line */
	enum scalar_style key_style, style;
};

static struct beside
look(struct edit *e, const struct extent *x)
{
	struct beside b = {.key = byte_of(e, x->key),
			   .start = byte_of(e, x->start),
			   .end = byte_of(e, x->end)};

	b.line = b.key;
	while (b.line > 0 && !is_break(e->buf[b.line - 1]))
		b.line--;
	b.alone = true;
	for (size_t i = b.line; i < b.key; i++)
		b.alone &= is_blank(e->buf[i]);
	b.indent = arena_copy(&e->arena, e->buf + b.line,
			      b.alone ? b.key - b.line : 0);
	b.eol = break_of(e, b.key);
	b.key_style = style_at(e, b.key);
	b.style = style_at(e, b.start);
	return b;
}

static int
add_line(struct edit *e, const struct beside *b, const char *key,
	 const char *value)
{
	size_t at = b->end;
	bool open;

	if (is_block(e, b->start, b->end))
		at = block_end(e, b->start, b->end);
	if (at == 0 || !is_break(e->buf[at - 1])) {
		at = line_end(e, at);
		at += break_length(e, at);
	}
	open = !is_break(e->buf[at - 1]);
	splice(e, at, at,
	       arena_format(&e->arena, "%s%s%s: %s%s", open ? b->eol : "",
			    b->indent, key, value, open ? "" : b->eol));
	return 0;
}

/* In braces.  A comment behind the setting stays in its line. */
static int
add_member(struct edit *e, const struct beside *b, const char *key,
	   const char *value)
{
	size_t at = b->end, stop = b->end;
	bool roomy = is_blank(e->buf[b->start - 1]) || *value != *key ||
		     b->key_style == SCALAR_PLAIN;
	const char *gap = roomy ? " " : "";

	while (stop < e->len && is_blank(e->buf[stop]))
		stop++;
	if (b->alone && stop < e->len && e->buf[stop] == '#')
		stop = line_end(e, stop);
	else
		stop = at;
	splice(e, at, stop,
	       arena_format(&e->arena, ",%.*s%s%s%s:%s%s", (int)(stop - at),
			    e->buf + at, b->alone ? b->eol : gap, b->indent,
			    key, gap, value));
	return 0;
}

static int
add(struct edit *e, const struct node *config, const struct setting *s)
{
	const struct extent *last = last_setting(config);
	size_t start = byte_of(e, config->extent->start);
	size_t end = byte_of(e, config->extent->end);
	const char *key, *value;
	struct beside b;

	if (!last)
		return refuse(e, config->line, "config",
			      "no setting in it, to add one behind");
	if (skip_properties(e, config, &start, end, "config") != 0)
		return -1;
	b = look(e, last);
	key = scalar_write(&e->arena, s->key, b.key_style);
	value = scalar_write(&e->arena, s->value, b.style);
	if (start < e->len && e->buf[start] == '{')
		return add_member(e, &b, key, value);
	if (!b.alone)
		return refuse(e, config->line, "config",
			      "its settings are not on lines of their own");
	return add_line(e, &b, key, value);
}

static int
apply(struct edit *e, const struct setting *s)
{
	struct node *root, *config, *n;

	root = yaml_read_extents(&e->arena, e->buf, e->len, e->why, e->cap);
	if (!root || find_config(e, root, &config) != 0)
		return -1;
	n = settings_member(config, s->key);
	return n ? replace(e, n, config, s) : add(e, config, s);
}

/* The reader's word on the result. */
static int
verify(struct edit *e, const char *buf, size_t len, const struct setting *s,
       size_t n)
{
	struct node *was = yaml_read(&e->arena, buf, len, e->why, e->cap), *is;

	if (!was)
		return -1;
	is = yaml_read(&e->arena, e->buf, e->len, e->why, e->cap);
	if (is && settings_differ_only(&e->arena, was, is, e->user, s, n))
		return 0;
	snprintf(e->why, e->cap, "user \"%s\": cannot be changed in place",
		 e->user);
	return -1;
}

int
edit_config(const char *buf, size_t len, const char *user,
	    const struct setting *s, size_t n, char **out, size_t *out_len,
	    char *why, size_t cap)
{
	struct edit e = {
	    .buf = buf, .len = len, .user = user, .why = why, .cap = cap};
	int rc = 0;

	if (len >= 2 && (memcmp(buf, "\xff\xfe", 2) == 0 ||
			 memcmp(buf, "\xfe\xff", 2) == 0)) {
		snprintf(why, cap, "it is UTF-16");
		return -1;
	}
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = apply(&e, &s[i]);
	if (rc == 0)
		rc = verify(&e, buf, len, s, n);
	if (rc == 0) {
		*out = xmalloc(e.len + 1);
		memcpy(*out, e.buf, e.len);
		(*out)[e.len] = '\0';
		*out_len = e.len;
	}
	arena_wipe(&e.arena);
	return rc;
}
