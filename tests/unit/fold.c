/*
 * Runs of base64 out of a YAML text and back: which are taken, and that the
 * text means the same.
 *
 * links: kconf/arena kconf/convert kconf/fold kconf/node kconf/yaml
 * links: lib/base64 lib/err lib/json lib/mem
 * pkgs: yaml-0.1 jansson
 */
#include "tap.h"

#include <stdlib.h>

#include "kconf/arena.h"
#include "kconf/convert.h"
#include "kconf/fold.h"
#include "kconf/node.h"
#include "kconf/yaml.h"
#include "lib/json.h"
#include "lib/mem.h"

/* 64 characters are a run, one less is none. */
#define SHORT "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+"
#define RUN   SHORT "="

static struct arena arena;

/* What f stands for as one line of JSON, or the fault. */
static char *
meaning(const struct fold *f)
{
	char why[256] = "";
	struct node *n = yaml_read_folded(&arena, f, why, sizeof why);
	struct json *j = n ? convert_node(n) : NULL;
	char *line = j ? json_print_line(j) : xstrdup(why);

	json_free(j);
	return line;
}

static void
texts(void)
{
	static const struct {
		const char *in;
		size_t runs;
	} row[] = {
	    {"a: " RUN "\n", 1},
	    {"a: " RUN, 1},
	    {"a: " RUN "\r\nb: \"" RUN "\",\r\n", 2},
	    {"a: " SHORT "\n", 0},
	    {"a: " SHORT "-\n", 0},
	    {"a: " RUN "#" RUN "\n", 0},
	    {"a: x" RUN "-" RUN "\n", 0},
	    {"a:\t" RUN "\n", 0},
	    {"- " RUN "\n", 0},
	    {"a: !!str " RUN "\n", 0},
	    {"a: &x " RUN "\nb: *x\n", 0},
	    {RUN ": " RUN "\n", 1},
	    {RUN, 0},
	    {": " RUN "\n", 1},
	    {"a: '" RUN "'\n", 0},
	    {"a: " RUN "\"\n", 0},
	    {"{\"a\": \"" RUN "\",\n\"b\": \"" RUN "\"\n}\n", 2},
	    {"{a: \"" RUN "\"}\n", 0},
	    {"{a: " RUN ",\nb: " RUN "\n}", 2},
	    {"a: |\n  b: " RUN "\n  c: " RUN "\n", 2},
	    {"a: >-\n  b: " RUN "\n  c\n", 1},
	    {"a: \"b: " RUN "\n  c\"\n", 1},
	    {"a: 'b: " RUN "\n\n  c'\n", 1},
	    {"a: " RUN "\n  more\n", 1},
	    {"# x: " RUN "\na: b\n", 1},
	    {"a: b # x: " RUN "\n", 1},
	    {"a: b: " RUN "\n", 1},
	    {"? a\n: " RUN "\n", 1},
	    {"? x: " RUN "\n: y\n", 1},
	    {"a: \"" RUN "\" x\n", 0},
	    {"a: " RUN "\n...\nb: " RUN "\n", 2},
	    {"a: !!binary x\nb: " RUN "\n", 1},
	    {"a: " RUN "\nb: \001\n", 1},
	    {"a: " RUN "\n\tb: \xff\n", 1},
	    /* texts in which a word could be mistaken */
	    {"a: " RUN "\nb: kpipe-folded-0000000\n", 0},
	    {"a: " RUN "\nb: kpipe-folded-\n", 0},
	    {"kpipe-folded-9999999: " RUN "\n", 0},
	    {"a: " RUN "\nb: \"kpipe\\x2dfolded-0000000\"\n", 0},
	    {"a: " RUN "\nb: \"kpipe\\\n  -folded-0000000\"\n", 0},
	    {"\xff\xfe"
	     "a: " RUN "\n",
	     0},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		size_t len = strlen(row[i].in);
		struct fold f, whole = {.text = row[i].in, .len = len};
		char *buf = xstrdup(row[i].in), *want, *got;

		want = meaning(&whole);
		fold_make(&f, &arena, buf, len);
		ok(f.n == row[i].runs && (f.n == 0) == (f.text == buf),
		   "row %zu: %zu runs", i, row[i].runs);
		got = meaning(&f);
		is(got, want, "row %zu: the same", i);
		wipe_str(want);
		wipe_str(got);
		free(buf);
	}
}

/* More runs than one block of places. */
static void
many(void)
{
	enum { N = 1000 };
	static const char line[] = "- a: " RUN "\n";
	size_t one = sizeof line - 1, good = 0;
	char *buf = xmalloc(N * one + 1), why[256];
	struct node *n;
	struct fold f;

	for (size_t i = 0; i < N; i++) {
		memcpy(buf + i * one, line, one);
		/* all are different */
		buf[i * one + 5] = (char)('A' + i % 26);
		buf[i * one + 6] = (char)('A' + i / 26 % 26);
		buf[i * one + 7] = (char)('A' + i / 26 / 26);
	}
	buf[N * one] = '\0';
	fold_make(&f, &arena, buf, N * one);
	ok(f.n == N && f.len < N * one / 2, "a run a line");
	n = yaml_read_folded(&arena, &f, why, sizeof why);
	for (struct node_item *i = n ? n->first : NULL; i; i = i->next)
		good += i->value->first->value->len == sizeof RUN - 1 &&
			strncmp(i->value->first->value->text,
				buf + good * one + 5, sizeof RUN - 1) == 0;
	ok(good == N, "each comes back to its place");
	free(buf);
}

int
main(void)
{
	texts();
	many();
	arena_wipe(&arena);
	return tap_end();
}
