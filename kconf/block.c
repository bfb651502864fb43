/*
 * JSON written as block YAML.  A JSON string is a YAML string, so only the
 * layout is new.  Pure.
 */
#include "block.h"

#include <stdbool.h>
#include <string.h>

#include "lib/json.h"
#include "lib/mem.h"

#include "node.h"
#include "text.h"

struct writer {
	struct text text;
	int depth;
	bool inline_first; /* the next line goes on behind "- " */
};

static void
indent(struct writer *w)
{
	if (!w->inline_first)
		text_add(&w->text, "%*s", w->depth * 2, "");
	w->inline_first = false;
}

/* Whether key needs no quotes: plain letters that do not mean a bool. */
static bool
is_plain(const char *key)
{
	static const char safe[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	bool truth, finite;

	return *key && *key != '-' && strspn(key, safe) == strlen(key) &&
	       node_resolve(key, strlen(key), &truth, &finite) == NODE_STRING;
}

static void
write_key(struct writer *w, const char *key)
{
	struct json *list;
	char *quoted;

	indent(w);
	if (is_plain(key)) {
		text_add(&w->text, "%s:", key);
		return;
	}
	list = json_new_array();
	/* the key is UTF-8, since it comes from a document */
	json_add_string(list, key);
	quoted = json_print_line(list);
	text_add(&w->text, "%.*s:", (int)strlen(quoted) - 2, quoted + 1);
	wipe_str(quoted);
	json_free(list);
}

static void write_value(struct writer *w, const struct json *j, bool item);

static int
write_member(const char *key, const struct json *value, void *arg)
{
	struct writer *w = arg;

	write_key(w, key);
	write_value(w, value, false);
	return 0;
}

static void
write_list(struct writer *w, const struct json *j)
{
	for (size_t i = 0; i < json_count(j); i++) {
		indent(w);
		text_add(&w->text, "-");
		write_value(w, json_at(j, i), true);
	}
}

static void
write_value(struct writer *w, const struct json *j, bool item)
{
	char *line = json_print_line(j);
	bool map = line[0] == '{' && line[1] != '}';
	bool list = line[0] == '[' && line[1] != ']';

	if (!map && !list) {
		text_add(&w->text, " %s\n", line);
	} else if (list) {
		text_add(&w->text, "\n");
		write_list(w, j);
	} else {
		text_add(&w->text, item ? " " : "\n");
		w->inline_first = item;
		w->depth++;
		json_each(j, write_member, w);
		w->depth--;
	}
	wipe_str(line);
}

char *
block_print(const struct json *j)
{
	struct writer w = {0};

	json_each(j, write_member, &w);
	return w.text.s;
}
