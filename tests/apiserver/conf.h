#ifndef TESTS_APISERVER_CONF_H
#define TESTS_APISERVER_CONF_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A description of something in the tree: a file with a key and its words a
 * line, blanks between.
 */
struct conf_line {
	char *key;
	char **words; /* n */
	size_t n;
};

struct conf {
	struct conf_line *lines; /* n */
	size_t n;
};

/* Reads the file name into c; without one c is empty, and -1 is returned. */
int conf_load(struct conf *c, const char *name);

/* The first word of the last line with key, or NULL. */
const char *conf_word(const struct conf *c, const char *key);

void conf_free(struct conf *c);

/* Words, each for free, as is the list. */
struct words {
	char **list;
	size_t n;
};

/* Appends a copy of word. */
void words_add(struct words *w, const char *word);

/* Appends copies of the words of all lines with key. */
void words_take(struct words *w, const struct conf *c, const char *key);

/* Whether word is one of them. */
bool words_have(const struct words *w, const char *word);

/* What follows "key=" in the last of them that begins so; an empty text when
 * it is key alone; NULL when there is none. */
const char *words_value(const struct words *w, const char *key);

void words_free(struct words *w);

#endif
