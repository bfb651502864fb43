/*
 * Long runs of base64 out of a YAML text, and back into its scalars.  Pure.
 */
#include "fold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base64.h"

#include "arena.h"

/* The word that stands for run 7 is kpipe-folded-0000007. */
static const char mark[] = "kpipe-folded-";

enum {
	MARK = sizeof mark - 1,
	DIGITS = 7,
	WORD = MARK + DIGITS,
	/* below this a run is not worth a word */
	MIN_RUN = 64,
	MAX_RUNS = 1000000
};

struct fold_run {
	char *s;
	size_t len;
	size_t at; /* of its word in the text */
};

/* The run that the line from s to end, without its line break, ends with, if
 * it can be taken out. */
static bool
find_run(char *s, char *end, struct fold_run *r)
{
	char *from;
	bool quoted;

	if (end - s < MIN_RUN)
		return false;
	if (end[-1] == '\r')
		end--;
	if (end[-1] == ',')
		end--;
	quoted = end[-1] == '"';
	if (quoted)
		end--;
	from = end;
	from = end - base64_tail(s, (size_t)(end - s));
	r->s = from;
	r->len = (size_t)(end - from);
	if (r->len < MIN_RUN)
		return false;
	if (quoted && (from == s || *--from != '"'))
		return false;
	return from - s >= 2 && from[-1] == ' ' && from[-2] == ':';
}

/* Whether a word that is in the text can only be one that was put there: the
 * mark is nowhere else, and no escape can spell it. */
static bool
is_plain(const struct fold *f)
{
	const char *s = f->text, *end = s + f->len;
	size_t marks = 0;

	for (; (s = memmem(s, (size_t)(end - s), mark, MARK)); s += MARK)
		marks++;
	return marks == f->n && !memchr(f->text, '\\', f->len);
}

/* Writes the word of run i. */
static char *
put_word(char *to, size_t i)
{
	memcpy(to, mark, MARK);
	for (int at = WORD - 1; at >= MARK; at--, i /= 10)
		to[at] = (char)('0' + i % 10);
	return to + WORD;
}

static void
add_run(struct fold *f, struct arena *a, const struct fold_run *r)
{
	/* doubled at each power of two */
	if ((f->n & (f->n - 1)) == 0) {
		struct fold_run *more =
		    arena_alloc(a, (f->n ? 2 * f->n : 1) * sizeof *more);

		if (f->n > 0)
			memcpy(more, f->run, f->n * sizeof *more);
		f->run = more;
	}
	f->run[f->n++] = *r;
}

/* Finds the runs; returns how many bytes are left when they are gone. */
static size_t
find_runs(struct fold *f, struct arena *a, char *buf, size_t len)
{
	char *s = buf, *end = buf + len, *line;
	size_t left = len;

	for (; s < end && f->n < MAX_RUNS; s = line + 1) {
		struct fold_run r;

		line = memchr(s, '\n', (size_t)(end - s));
		if (!line)
			line = end;
		if (!find_run(s, line, &r))
			continue;
		r.at = (size_t)(r.s - buf) - (len - left);
		left -= r.len - WORD;
		add_run(f, a, &r);
	}
	return left;
}

/* UTF-16 is told by its mark, of which each half is no UTF-8. */
static bool
is_utf16(const char *buf, size_t len)
{
	return len >= 2 && (memcmp(buf, "\xff\xfe", 2) == 0 ||
			    memcmp(buf, "\xfe\xff", 2) == 0);
}

void
fold_make(struct fold *f, struct arena *a, char *buf, size_t len)
{
	const char *from = buf;
	char *to;

	memset(f, 0, sizeof *f);
	if (!is_utf16(buf, len))
		f->len = find_runs(f, a, buf, len);
	if (f->n == 0) {
		f->text = buf;
		f->len = len;
		return;
	}
	f->text = to = arena_raw(a, f->len);
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_run *r = &f->run[i];
		size_t kept = (size_t)(r->s - from);

		memcpy(to, from, kept);
		to = put_word(to + kept, i);
		from = r->s + r->len;
	}
	memcpy(to, from, (size_t)(buf + len - from));
	if (!is_plain(f)) {
		f->text = buf;
		f->len = len;
		f->n = 0;
		return;
	}
	for (size_t i = 0; i < f->n; i++)
		f->run[i].s[f->run[i].len] = '\0';
}

/* The run whose word is at s. */
static const struct fold_run *
run_at(const struct fold *f, const char *s)
{
	char digits[DIGITS + 1];

	memcpy(digits, s + MARK, DIGITS);
	digits[DIGITS] = '\0';
	return &f->run[strtoul(digits, NULL, 10)];
}

const char *
fold_undo(const struct fold *f, struct arena *a, const char *s, size_t *len)
{
	const char *end = s + *len, *word, *from;
	size_t total = *len;
	char *out, *to;

	if (f->n == 0 || *len < WORD)
		return s;
	if (*len == WORD && memcmp(s, mark, MARK) == 0) {
		*len = run_at(f, s)->len;
		return run_at(f, s)->s;
	}
	for (from = s; (word = memmem(from, (size_t)(end - from), mark, MARK));
	     from = word + WORD)
		total += run_at(f, word)->len - WORD;
	if (from == s)
		return s;
	out = to = arena_raw(a, total + 1);
	for (from = s; (word = memmem(from, (size_t)(end - from), mark, MARK));
	     from = word + WORD) {
		const struct fold_run *r = run_at(f, word);

		memcpy(to, from, (size_t)(word - from));
		to += word - from;
		memcpy(to, r->s, r->len);
		to += r->len;
	}
	memcpy(to, from, (size_t)(end - from));
	out[total] = '\0';
	*len = total;
	return out;
}

size_t
fold_offset(const struct fold *f, size_t offset)
{
	size_t gone = 0;

	for (size_t i = 0; i < f->n && f->run[i].at < offset; i++)
		gone += f->run[i].len - WORD;
	return offset + gone;
}
