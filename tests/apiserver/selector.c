/*
 * Selectors of labels and fields.  Pure.
 */
#include "selector.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

static const char blanks[] = " \t";

/* Takes a word off *s: what keys and values are made of.  NULL: none. */
static char *
take_word(const char **s)
{
	const char *start = *s + strspn(*s, blanks);
	size_t n = strcspn(start, "!=(), \t");

	*s = start + n;
	*s += strspn(*s, blanks);
	return n > 0 ? xstrndup(start, n) : NULL;
}

/* Takes text off *s if it begins with it. */
static bool
take_text(const char **s, const char *text)
{
	size_t n = strlen(text);

	*s += strspn(*s, blanks);
	if (strncmp(*s, text, n) != 0)
		return false;
	*s += n;
	*s += strspn(*s, blanks);
	return true;
}

/* A value, which may be empty. */
static void
take_value(struct requirement *r, const char **s)
{
	char *word = take_word(s);

	words_add(&r->values, word ? word : "");
	free(word);
}

static int
take_set(struct requirement *r, const char **s)
{
	if (!take_text(s, "("))
		return -1;
	do
		take_value(r, s);
	while (take_text(s, ","));
	return take_text(s, ")") ? 0 : -1;
}

static int
take_requirement(struct requirement *r, const char **s)
{
	bool negated = take_text(s, "!");
	char *word;
	int rc;

	r->key = take_word(s);
	if (!r->key)
		return -1;
	r->op = negated ? SELECTOR_LACKS : SELECTOR_EXISTS;
	if (negated || **s == '\0' || **s == ',')
		return 0;
	r->op = SELECTOR_IN;
	if (take_text(s, "!=")) {
		r->op = SELECTOR_NOT_IN;
		take_value(r, s);
		return 0;
	}
	if (take_text(s, "==") || take_text(s, "=")) {
		take_value(r, s);
		return 0;
	}
	word = take_word(s);
	if (!word)
		return -1;
	if (strcmp(word, "notin") == 0)
		r->op = SELECTOR_NOT_IN;
	rc = strcmp(word, "in") == 0 || strcmp(word, "notin") == 0
		 ? take_set(r, s)
		 : -1;
	free(word);
	return rc;
}

int
selector_parse(struct selector *s, const char *text)
{
	memset(s, 0, sizeof(*s));
	if (!text || !*text)
		return 0;
	do {
		struct requirement *r;

		s->requirements =
		    xrealloc(s->requirements,
			     (s->n + 1) * sizeof(*s->requirements));
		r = &s->requirements[s->n++];
		memset(r, 0, sizeof(*r));
		if (take_requirement(r, &text) < 0)
			return -1;
	} while (take_text(&text, ","));
	return *text == '\0' ? 0 : -1;
}

static bool
meets(const struct requirement *r, const char *value)
{
	switch (r->op) {
	case SELECTOR_IN:
		return value && words_have(&r->values, value);
	case SELECTOR_NOT_IN:
		return !value || !words_have(&r->values, value);
	case SELECTOR_EXISTS:
		return value != NULL;
	case SELECTOR_LACKS:
		return value == NULL;
	}
	return false;
}

bool
selector_matches(const struct selector *s,
		 const char *(*find)(const char *key, const void *arg),
		 const void *arg)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!meets(&s->requirements[i],
			   find(s->requirements[i].key, arg)))
			return false;
	return true;
}

void
selector_free(struct selector *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		free(s->requirements[i].key);
		words_free(&s->requirements[i].values);
	}
	free(s->requirements);
	memset(s, 0, sizeof(*s));
}
