/*
 * Lists, item by item.
 */
#include "jsonlist.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static const char too_long[] = "the list is too long between its items";
static const char item_too_long[] = "an item of the list is too long";
static const char broken[] = "the list is no JSON";

static bool
put(struct jsonlist_text *t, char c, size_t max)
{
	if (t->len == max)
		return false;
	if (t->len == t->cap) {
		t->cap = t->cap * 2 + 4096;
		t->text = xrealloc(t->text, t->cap);
	}
	t->text[t->len++] = c;
	return true;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Hands the item over that has come; last: no comma is behind it. */
static const char *
end_item(struct jsonlist *l, bool last)
{
	size_t n = l->one.len;

	l->one.len = 0;
	if (n == 0 && last && !l->comma)
		return NULL;
	if (n == 0)
		return broken;
	l->comma = !last;
	return l->item(l->arg, l->one.text, n);
}

/* One byte within the array of items, outside of strings. */
static const char *
take_item_byte(struct jsonlist *l, char c)
{
	const char *fault;

	if (l->depth == 2 && (c == ',' || c == ']' || is_space(c))) {
		if (is_space(c))
			return NULL;
		fault = end_item(l, c == ']');
		if (fault || c == ',')
			return fault;
		l->in_items = l->comma = false;
		l->depth--;
		return put(&l->rest, c, JSONLIST_REST_MAX) ? NULL : too_long;
	}
	if (c == '{' || c == '[')
		l->depth++;
	else if ((c == '}' || c == ']') && l->depth-- == 2)
		return broken;
	l->in_string = c == '"';
	return put(&l->one, c, JSONLIST_ITEM_MAX) ? NULL : item_too_long;
}

/* Whether the string in rest that has just ended is the key "items". */
static bool
is_items(const struct jsonlist *l)
{
	static const char key[] = "\"items\"";
	size_t n = sizeof key - 1;

	return l->depth == 1 && l->rest.len - l->key == n &&
	       memcmp(l->rest.text + l->key, key, n) == 0;
}

/* One byte of the rest, outside of strings. */
static const char *
take_rest_byte(struct jsonlist *l, char c)
{
	if (c == '"') {
		l->in_string = true;
		l->key = l->rest.len;
		l->before = JSONLIST_NO_KEY;
	} else if (c == ':' && l->before == JSONLIST_KEY) {
		l->before = JSONLIST_COLON;
	} else if (c == '[' && l->before == JSONLIST_COLON) {
		if (l->had_items)
			return "the list has items twice";
		l->in_items = l->had_items = true;
		l->before = JSONLIST_NO_KEY;
	} else if (!is_space(c)) {
		l->before = JSONLIST_NO_KEY;
	}
	if (c == '{' || c == '[')
		l->depth++;
	else if ((c == '}' || c == ']') && l->depth-- == 0)
		return broken;
	return put(&l->rest, c, JSONLIST_REST_MAX) ? NULL : too_long;
}

/* One byte of a string, where ever it is. */
static const char *
take_string_byte(struct jsonlist *l, char c)
{
	struct jsonlist_text *t = l->in_items ? &l->one : &l->rest;

	if (!put(t, c, l->in_items ? JSONLIST_ITEM_MAX : JSONLIST_REST_MAX))
		return l->in_items ? item_too_long : too_long;
	if (l->escaped) {
		l->escaped = false;
	} else if (c == '\\') {
		l->escaped = true;
	} else if (c == '"') {
		l->in_string = false;
		if (!l->in_items && is_items(l))
			l->before = JSONLIST_KEY;
	}
	return NULL;
}

const char *
jsonlist_take(struct jsonlist *l, const char *data, size_t n)
{
	const char *fault = NULL;

	for (size_t i = 0; i < n && !fault; i++) {
		if (l->in_string)
			fault = take_string_byte(l, data[i]);
		else if (l->in_items)
			fault = take_item_byte(l, data[i]);
		else
			fault = take_rest_byte(l, data[i]);
	}
	return fault;
}

const char *
jsonlist_rest(const struct jsonlist *l, size_t *len)
{
	if (l->depth > 0 || l->in_string || l->rest.len == 0)
		return NULL;
	*len = l->rest.len;
	return l->rest.text;
}

void
jsonlist_free(struct jsonlist *l)
{
	free(l->one.text);
	free(l->rest.text);
	memset(l, 0, sizeof *l);
}
