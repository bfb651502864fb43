/*
 * Descriptions, and lists of words.
 */
#include "conf.h"

#include <stdlib.h>
#include <string.h>

#include "lib/io.h"
#include "lib/mem.h"

enum { CONF_MAX = 65536 };

void
words_add(struct words *w, const char *word)
{
	w->list = xrealloc(w->list, (w->n + 1) * sizeof(*w->list));
	w->list[w->n++] = xstrdup(word);
}

void
words_take(struct words *w, const struct conf *c, const char *key)
{
	size_t i, k;

	for (i = 0; i < c->n; i++)
		if (strcmp(c->lines[i].key, key) == 0)
			for (k = 0; k < c->lines[i].n; k++)
				words_add(w, c->lines[i].words[k]);
}

bool
words_have(const struct words *w, const char *word)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (strcmp(w->list[i], word) == 0)
			return true;
	return false;
}

const char *
words_value(const struct words *w, const char *key)
{
	size_t i, len = strlen(key);

	for (i = w->n; i-- > 0;) {
		const char *rest = w->list[i] + len;

		if (strncmp(w->list[i], key, len) != 0)
			continue;
		if (*rest == '=' || *rest == '\0')
			return rest + (*rest == '=');
	}
	return NULL;
}

void
words_free(struct words *w)
{
	while (w->n > 0)
		free(w->list[--w->n]);
	free(w->list);
	w->list = NULL;
}

static void
take_line(struct conf *c, char *line)
{
	char *save = NULL, *key = strtok_r(line, " \t", &save), *word;
	struct words words = {0};
	struct conf_line *l;

	if (!key)
		return;
	c->lines = xrealloc(c->lines, (c->n + 1) * sizeof(*c->lines));
	l = &c->lines[c->n++];
	l->key = xstrdup(key);
	while ((word = strtok_r(NULL, " \t", &save)))
		words_add(&words, word);
	l->words = words.list;
	l->n = words.n;
}

int
conf_load(struct conf *c, const char *name)
{
	char *text, *save = NULL, *line;
	size_t len;

	memset(c, 0, sizeof(*c));
	if (io_slurp_path(name, CONF_MAX, &text, &len) != 0)
		return -1;
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		take_line(c, line);
	free(text);
	return 0;
}

const char *
conf_word(const struct conf *c, const char *key)
{
	size_t i;

	for (i = c->n; i-- > 0;)
		if (strcmp(c->lines[i].key, key) == 0 && c->lines[i].n > 0)
			return c->lines[i].words[0];
	return NULL;
}

void
conf_free(struct conf *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		struct words words = {c->lines[i].words, c->lines[i].n};

		words_free(&words);
		free(c->lines[i].key);
	}
	free(c->lines);
	memset(c, 0, sizeof(*c));
}
