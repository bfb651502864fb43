/*
 * What a plain YAML scalar means, and which of equal keys counts.  kubectl's
 * reader speaks a dialect of YAML 1.1: y, yes, on and their likes are bools;
 * 0123, 0x1F, 1_000 and 1e3 are numbers, and a number in a field of text is an
 * error.  Whether two programs agree on a file rests on these rules.  Pure.
 */
#include "node.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

const char *
node_kind_name(enum node_kind kind)
{
	switch (kind) {
	case NODE_NULL:
		return "null";
	case NODE_BOOL:
		return "true or false";
	case NODE_NUMBER:
		return "a number";
	case NODE_STRING:
		return "a string";
	case NODE_LIST:
		return "a list";
	case NODE_MAP:
		return "a mapping";
	}
	return "nothing known";
}

enum { WORD_NULL, WORD_TRUE, WORD_FALSE, WORD_ENDLESS };

static const struct {
	const char *text;
	int means;
} words[] = {
    {"", WORD_NULL},         {"~", WORD_NULL},        {"null", WORD_NULL},
    {"Null", WORD_NULL},     {"NULL", WORD_NULL},     {"y", WORD_TRUE},
    {"Y", WORD_TRUE},        {"yes", WORD_TRUE},      {"Yes", WORD_TRUE},
    {"YES", WORD_TRUE},      {"true", WORD_TRUE},     {"True", WORD_TRUE},
    {"TRUE", WORD_TRUE},     {"on", WORD_TRUE},       {"On", WORD_TRUE},
    {"ON", WORD_TRUE},       {"n", WORD_FALSE},       {"N", WORD_FALSE},
    {"no", WORD_FALSE},      {"No", WORD_FALSE},      {"NO", WORD_FALSE},
    {"false", WORD_FALSE},   {"False", WORD_FALSE},   {"FALSE", WORD_FALSE},
    {"off", WORD_FALSE},     {"Off", WORD_FALSE},     {"OFF", WORD_FALSE},
    {".nan", WORD_ENDLESS},  {".NaN", WORD_ENDLESS},  {".NAN", WORD_ENDLESS},
    {".inf", WORD_ENDLESS},  {".Inf", WORD_ENDLESS},  {".INF", WORD_ENDLESS},
    {"+.inf", WORD_ENDLESS}, {"+.Inf", WORD_ENDLESS}, {"+.INF", WORD_ENDLESS},
    {"-.inf", WORD_ENDLESS}, {"-.Inf", WORD_ENDLESS}, {"-.INF", WORD_ENDLESS},
};

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/*
 * Whether s is an integer with a base prefix that fits in 64 bits.  Longer
 * ones are strings: a token of many hex digits is one.
 */
static bool
is_prefixed(const char *s)
{
	uint64_t max = UINT64_MAX, v = 0;
	unsigned base;

	if (*s == '+' || *s == '-')
		max = (uint64_t)INT64_MAX + (*s++ == '-');
	if (s[0] != '0' || !s[1] || !s[2])
		return false;
	switch (s[1]) {
	case 'x':
	case 'X':
		base = 16;
		break;
	case 'o':
	case 'O':
		base = 8;
		break;
	case 'b':
	case 'B':
		base = 2;
		break;
	default:
		return false;
	}
	for (s += 2; *s; s++) {
		unsigned d = (unsigned)digit(*s);

		if (d >= base || v > (max - d) / base)
			return false;
		v = v * base + d;
	}
	return true;
}

static const char *
skip_digits(const char *s)
{
	while (*s >= '0' && *s <= '9')
		s++;
	return s;
}

/* [-+]? (. digits | digits (. digits*)?) ([eE] [-+]? digits)? */
static bool
is_decimal(const char *s)
{
	const char *whole = s, *from;

	if (*s == '+' || *s == '-')
		s++;
	from = s;
	s = skip_digits(s);
	if (*s == '.') {
		bool led = s > from;

		from = ++s;
		s = skip_digits(s);
		if (!led && s == from)
			return false;
	} else if (s == from) {
		return false;
	}
	if (*s == 'e' || *s == 'E') {
		s++;
		if (*s == '+' || *s == '-')
			s++;
		from = s;
		s = skip_digits(s);
		if (s == from)
			return false;
	}
	/* what overflows is no number, but the text it was */
	return *s == '\0' && isfinite(strtod(whole, NULL));
}

enum { NUMBER_BYTES = 512 };

static bool
is_number(const char *s, size_t len)
{
	char plain[NUMBER_BYTES];
	size_t n = 0;

	if (!strchr("+-.0123456789", s[0]) || len >= sizeof plain)
		return false;
	for (size_t i = 0; i < len; i++) {
		/* digits may be grouped, except behind a leading point */
		if (s[i] != '_' || s[0] == '.')
			plain[n++] = s[i];
	}
	plain[n] = '\0';
	return strlen(plain) == n && (is_decimal(plain) || is_prefixed(plain));
}

enum node_kind
node_resolve(const char *s, size_t len, bool *truth, bool *finite)
{
	*truth = false;
	*finite = true;
	/* most text starts like none of the words and no number */
	if (len > 0 && !strchr("~nNyYtToOfF+-.0123456789", s[0]))
		return NODE_STRING;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strlen(words[i].text) != len ||
		    memcmp(words[i].text, s, len) != 0)
			continue;
		if (words[i].means == WORD_NULL)
			return NODE_NULL;
		*truth = words[i].means == WORD_TRUE;
		*finite = words[i].means != WORD_ENDLESS;
		return *finite ? NODE_BOOL : NODE_NUMBER;
	}
	return is_number(s, len) ? NODE_NUMBER : NODE_STRING;
}

struct place {
	struct node_item *item;
	size_t at;
};

static int
by_key(const void *left, const void *right)
{
	const struct place *l = left, *r = right;
	int order = strcmp(l->item->key, r->item->key);

	return order ? order : l->at < r->at ? -1 : 1;
}

void
node_keep_last(struct node *map, struct arena *a)
{
	struct place *all;
	size_t n = 0;

	for (const struct node_item *i = map->first; i; i = i->next)
		n++;
	if (n < 2)
		return;
	all = arena_alloc(a, n * sizeof *all);
	n = 0;
	for (struct node_item *i = map->first; i; i = i->next, n++) {
		all[n].item = i;
		all[n].at = n;
	}
	qsort(all, n, sizeof *all, by_key);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(all[i - 1].item->key, all[i].item->key) == 0)
			all[i - 1].item->key = NULL;
	}
	map->last = &map->first;
	for (struct node_item *i = map->first; i; i = i->next) {
		if (!i->key)
			continue;
		*map->last = i;
		map->last = &i->next;
	}
	*map->last = NULL;
}

void
node_append(struct arena *a, struct node *to, const char *key, size_t line,
	    struct node *value)
{
	struct node_item *item = arena_alloc(a, sizeof *item);

	item->key = key;
	item->line = line;
	item->value = value;
	*to->last = item;
	to->last = &item->next;
	to->weight += value->weight;
	/* where it is written comes before any alias of it */
	if (value->extent && !value->extent->in)
		value->extent->in = to;
}

const char *
node_key_text(const struct node *key)
{
	switch (key->kind) {
	case NODE_STRING:
	case NODE_NUMBER:
		return key->text;
	case NODE_BOOL:
		return key->truth ? "true" : "false";
	case NODE_NULL:
	case NODE_LIST:
	case NODE_MAP:
		break;
	}
	return NULL;
}
