/*
 * ACLs, from and to text.  libacl has functions for this, and they ask the
 * system for names (NSS): a confined process must not load the modules of that,
 * nor open their files and sockets, and what a name means here is not what it
 * meant where the stream was made.  So a name counts for nothing, and the
 * number beside it is taken.  Pure.
 */
#include "posixacl.h"

#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum {
	HEAD_BYTES = 4,
	ENTRY_BYTES = 8,
	TEXT_BYTES = 32, /* of an entry: "group:4294967294:rwx," and more */
};

/* Of an entry that is about nobody by name, and no id of anybody. */
#define NOBODY UINT32_MAX

struct entry {
	unsigned tag; /* their order as numbers is the one in a list */
	unsigned perm;
	uint32_t id; /* NOBODY but in ACL_USER and ACL_GROUP */
};

struct acl {
	struct entry *entry;
	size_t n, cap;
};

/* A piece of text that is still to be read. */
struct text {
	const char *at, *end;
};

static const char *
add(struct acl *a, struct entry e)
{
	if (a->n == POSIXACL_ENTRIES)
		return "too many entries";
	if (a->n == a->cap) {
		a->cap = a->cap ? a->cap * 2 : 16;
		a->entry = xrealloc(a->entry, a->cap * sizeof *a->entry);
	}
	a->entry[a->n++] = e;
	return NULL;
}

static int
compare(const void *one, const void *other)
{
	const struct entry *a = one, *b = other;

	if (a->tag != b->tag)
		return a->tag < b->tag ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

/* Brings the entries into their order.  Returns NULL, or what the kernel would
 * not take, as posix_acl_valid in fs/posix_acl.c has it. */
static const char *
check(struct acl *a)
{
	unsigned there = 0;

	if (a->n > 0)
		qsort(a->entry, a->n, sizeof *a->entry, compare);
	for (size_t i = 0; i < a->n; i++) {
		there |= a->entry[i].tag;
		if (i > 0 && compare(&a->entry[i - 1], &a->entry[i]) == 0)
			return "an entry twice";
	}
	if (!(there & ACL_USER_OBJ) || !(there & ACL_GROUP_OBJ) ||
	    !(there & ACL_OTHER))
		return "no entry for the owner, the group or others";
	if ((there & (ACL_USER | ACL_GROUP)) && !(there & ACL_MASK))
		return "named users or groups, and no mask";
	return NULL;
}

static bool
take(struct text *t, char c)
{
	if (t->at == t->end || *t->at != c)
		return false;
	t->at++;
	return true;
}

static void
skip_blanks(struct text *t)
{
	while (take(t, ' ') || take(t, '\t'))
		;
}

/* The bytes up to the next colon, blank, separator or comment. */
static struct text
word(struct text *t)
{
	struct text w = {t->at, t->at};

	while (t->at < t->end && !memchr(":, \t\n#", *t->at, 7))
		t->at++;
	w.end = t->at;
	return w;
}

static bool
word_is(struct text w, const char *s)
{
	size_t len = (size_t)(w.end - w.at);

	return len == strlen(s) && memcmp(w.at, s, len) == 0;
}

/* Whether w is all of digits, and none is missing. */
static bool
is_number(struct text w)
{
	for (const char *p = w.at; p < w.end; p++)
		if (*p < '0' || *p > '9')
			return false;
	return w.at < w.end;
}

/* The id that w, a number, says; NOBODY where it is none. */
static uint32_t
number(struct text w)
{
	uint64_t n = 0;

	for (; w.at < w.end && n < NOBODY; w.at++)
		n = n * 10 + (uint64_t)(*w.at - '0');
	return n < NOBODY ? (uint32_t)n : NOBODY;
}

static bool
read_perm(struct text w, unsigned *perm)
{
	static const char letter[] = "rwx";

	*perm = 0;
	if (w.end - w.at != 3)
		return false;
	for (int i = 0; i < 3; i++) {
		if (w.at[i] == letter[i])
			*perm |= 4U >> i;
		else if (w.at[i] != '-')
			return false;
	}
	return true;
}

static unsigned
read_tag(struct text w)
{
	if (word_is(w, "user") || word_is(w, "u"))
		return ACL_USER_OBJ;
	if (word_is(w, "group") || word_is(w, "g"))
		return ACL_GROUP_OBJ;
	if (word_is(w, "mask") || word_is(w, "m"))
		return ACL_MASK;
	return word_is(w, "other") || word_is(w, "o") ? ACL_OTHER : 0;
}

/* Whom the entry e is about: who, or the number that stands behind. */
static const char *
read_who(struct text *t, struct text who, struct entry *e)
{
	struct text id = who;

	if (take(t, ':'))
		id = word(t);
	if (who.at == who.end)
		return id.at == id.end ? NULL : "a number for nobody by name";
	if (e->tag == ACL_MASK || e->tag == ACL_OTHER)
		return "a mask or others by name";
	if (!is_number(id))
		return "a name and no number";
	e->id = number(id);
	if (e->id == NOBODY)
		return "an id out of range";
	if (is_number(who) && number(who) != e->id)
		return "two numbers for one entry";
	/* the tags of named entries are those of their owners, doubled */
	e->tag *= 2;
	return NULL;
}

static const char *
read_entry(struct text *t, struct entry *e)
{
	struct text who = {NULL, NULL}, perm;

	e->tag = read_tag(word(t));
	e->id = NOBODY;
	if (e->tag == 0 || !take(t, ':'))
		return "an entry of no kind that is known";
	perm = word(t);
	/* star and Solaris have mask:rwx, too */
	if (take(t, ':')) {
		who = perm;
		perm = word(t);
	} else if (e->tag != ACL_MASK && e->tag != ACL_OTHER) {
		return "an entry without permissions";
	}
	if (!read_perm(perm, &e->perm))
		return "permissions that are not of the form rwx";
	return read_who(t, who, e);
}

/* What may stand behind an entry, up to the next. */
static const char *
read_end(struct text *t)
{
	skip_blanks(t);
	if (t->at < t->end && *t->at == '#')
		while (t->at < t->end && *t->at != '\n')
			t->at++;
	if (t->at == t->end || take(t, ',') || take(t, '\n'))
		return NULL;
	return "something behind an entry";
}

static const char *
read_text(struct acl *a, struct text t)
{
	const char *why = NULL;

	for (skip_blanks(&t); !why && t.at < t.end; skip_blanks(&t)) {
		struct entry e;

		/* not an empty line, nor one that is a comment */
		if (*t.at != '\n' && *t.at != '#') {
			why = read_entry(&t, &e);
			if (!why)
				why = add(a, e);
		}
		if (!why)
			why = read_end(&t);
	}
	return why;
}

static void
put(unsigned char *at, size_t bytes, uint32_t value)
{
	for (size_t i = 0; i < bytes; i++, value >>= 8)
		at[i] = (unsigned char)(value & 0xff);
}

static uint32_t
get(const unsigned char *at, size_t bytes)
{
	uint32_t value = 0;

	for (size_t i = bytes; i-- > 0;)
		value = value << 8 | at[i];
	return value;
}

static const char *
read_value(struct acl *a, const unsigned char *value, size_t size)
{
	unsigned last = 0;

	if (size < HEAD_BYTES || (size - HEAD_BYTES) % ENTRY_BYTES != 0 ||
	    get(value, 4) != POSIX_ACL_XATTR_VERSION)
		return "not as the kernel has it";
	for (size_t i = HEAD_BYTES; i < size; i += ENTRY_BYTES) {
		struct entry e = {get(value + i, 2), get(value + i + 2, 2),
				  get(value + i + 4, 4)};
		const char *why;

		if (e.tag == 0 || (e.tag & (e.tag - 1)) || e.tag > ACL_OTHER ||
		    e.tag < last)
			return "an entry of no kind that is known";
		if (e.perm > 7)
			return "permissions that are not of the form rwx";
		if (e.tag != ACL_USER && e.tag != ACL_GROUP)
			e.id = NOBODY;
		else if (e.id == NOBODY)
			return "an id out of range";
		last = e.tag;
		why = add(a, e);
		if (why)
			return why;
	}
	return NULL;
}

unsigned char *
posixacl_from_text(const char *text, size_t len, size_t *size, const char **why)
{
	struct acl a = {NULL, 0, 0};
	struct text t = {text, text + len};
	unsigned char *value = NULL, *at;

	*why = read_text(&a, t);
	if (!*why)
		*why = check(&a);
	if (!*why) {
		*size = HEAD_BYTES + a.n * ENTRY_BYTES;
		value = at = xmalloc(*size);
		put(at, 4, POSIX_ACL_XATTR_VERSION);
		at += HEAD_BYTES;
		for (size_t i = 0; i < a.n; i++, at += ENTRY_BYTES) {
			put(at, 2, a.entry[i].tag);
			put(at + 2, 2, a.entry[i].perm);
			put(at + 4, 4, a.entry[i].id);
		}
	}
	free(a.entry);
	return value;
}

static int
write_entry(char *at, const struct entry *e)
{
	const char *kind = e->tag <= ACL_USER    ? "user"
			   : e->tag <= ACL_GROUP ? "group"
			   : e->tag == ACL_MASK  ? "mask"
						 : "other";
	char who[12] = "";

	if (e->id != NOBODY)
		(void)snprintf(who, sizeof who, "%lu", (unsigned long)e->id);
	return snprintf(at, TEXT_BYTES, "%s:%s:%c%c%c,", kind, who,
			e->perm & 4 ? 'r' : '-', e->perm & 2 ? 'w' : '-',
			e->perm & 1 ? 'x' : '-');
}

char *
posixacl_to_text(const unsigned char *value, size_t size, const char **why)
{
	struct acl a = {NULL, 0, 0};
	char *text = NULL, *at;

	*why = read_value(&a, value, size);
	if (!*why)
		*why = check(&a);
	if (!*why) {
		text = at = xmalloc(a.n * TEXT_BYTES);
		for (size_t i = 0; i < a.n; i++)
			at += write_entry(at, &a.entry[i]);
		/* the last comma */
		at[-1] = '\0';
	}
	free(a.entry);
	return text;
}
