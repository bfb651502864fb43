/*
 * YAML values as JSON values, the way kubectl converts them.  Pure.
 */
#include "convert.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"

#include "node.h"

/* No number is longer (node_resolve). */
enum { NUMBER_BYTES = 512 };

/* Whole numbers up to here are written without an exponent. */
static const double plain_limit = 1e15;

/* The base that the digits at *s have; a prefix is passed over. */
static int
base_of(const char **s)
{
	const char *p = *s;

	if (p[0] != '0' || !p[1] || p[1] == '.')
		return 10;
	if (p[1] >= '0' && p[1] <= '9')
		return 8;
	if (!strchr("xXoObB", p[1]))
		return 10;
	*s += 2;
	return p[1] == 'x' || p[1] == 'X'   ? 16
	       : p[1] == 'o' || p[1] == 'O' ? 8
					    : 2;
}

static struct json *
number(const struct node *n)
{
	char plain[NUMBER_BYTES], text[64], *end;
	size_t used = 0;
	const char *s = plain;
	unsigned long long v;
	bool minus, whole;
	double d;
	int base;

	for (size_t i = 0; i < n->len && used + 1 < sizeof plain; i++) {
		if (n->text[i] != '_')
			plain[used++] = n->text[i];
	}
	plain[used] = '\0';
	minus = *s == '-';
	s += *s == '-' || *s == '+';
	base = base_of(&s);
	errno = 0;
	v = strtoull(s, &end, base);
	if (end > s && !*end && errno == 0 && v <= INT64_MAX) {
		snprintf(text, sizeof text, "%s%llu", minus ? "-" : "", v);
		return json_new_scalar(text);
	}
	/* 089 is no octal number, but a decimal one */
	d = *end || base == 10 ? strtod(plain, NULL)
			       : (double)v * (minus ? -1 : 1);
	whole = fabs(d) < plain_limit && (double)(long long)d == d;
	snprintf(text, sizeof text, whole ? "%.0f" : "%.17g", d);
	return json_new_scalar(text);
}

static struct json *
text(const struct node *n)
{
	return memchr(n->text, '\0', n->len) ? NULL : json_new_string(n->text);
}

static struct json *
list(const struct node *n)
{
	struct json *out = json_new_array(), *value;

	for (const struct node_item *i = n->first; i; i = i->next) {
		value = convert_node(i->value);
		if (!value) {
			json_free(out);
			return NULL;
		}
		json_add(out, value);
	}
	return out;
}

static struct json *
map(const struct node *n)
{
	struct json *out = json_new_object(), *value, *key;

	for (const struct node_item *i = n->first; i; i = i->next) {
		key = json_new_string(i->key);
		value = key ? convert_node(i->value) : NULL;
		json_free(key);
		if (!value) {
			json_free(out);
			return NULL;
		}
		json_put(out, i->key, value);
	}
	return out;
}

struct json *
convert_node(const struct node *n)
{
	switch (n->kind) {
	case NODE_NULL:
		return json_new_scalar("null");
	case NODE_BOOL:
		return json_new_scalar(n->truth ? "true" : "false");
	case NODE_NUMBER:
		return number(n);
	case NODE_STRING:
		return text(n);
	case NODE_LIST:
		return list(n);
	case NODE_MAP:
		return map(n);
	}
	return NULL;
}
