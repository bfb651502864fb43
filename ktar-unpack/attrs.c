/*
 * Records behind each other, each with its two lengths in front.
 */
#include "attrs.h"

#include <linux/limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base64.h"
#include "lib/mem.h"
#include "lib/posixacl.h"

static const char schily[] = "SCHILY.xattr.", encoded[] = "LIBARCHIVE.xattr.",
		  acl[] = "SCHILY.acl.", lists[] = "system.posix_acl_";

struct record {
	const char *keyword, *value;
	size_t keyword_len, value_len;
};

static bool
starts(const char *text, size_t len, const char *word)
{
	return len >= strlen(word) && memcmp(text, word, strlen(word)) == 0;
}

bool
attrs_knows(const char *keyword, size_t len)
{
	return starts(keyword, len, schily) || starts(keyword, len, encoded) ||
	       starts(keyword, len, acl);
}

const char *
attrs_keep(struct attrs *a, const char *keyword, size_t keyword_len,
	   const char *value, size_t value_len)
{
	const size_t size[2] = {keyword_len, value_len};
	char *at;

	if (a->n == ATTRS_MAX)
		return "pax header: too many extended attributes";
	a->buf =
	    xrealloc(a->buf, a->len + sizeof size + keyword_len + value_len);
	at = a->buf + a->len;
	memcpy(at, size, sizeof size);
	memcpy(at + sizeof size, keyword, keyword_len);
	memcpy(at + sizeof size + keyword_len, value, value_len);
	a->len += sizeof size + keyword_len + value_len;
	a->n++;
	return NULL;
}

void
attrs_clear(struct attrs *a)
{
	free(a->buf);
	*a = (struct attrs){0};
}

/* The record at offset at; returns the offset of the next. */
static size_t
read_record(const struct attrs *a, size_t at, struct record *r)
{
	size_t size[2];

	memcpy(size, a->buf + at, sizeof size);
	at += sizeof size;
	*r = (struct record){a->buf + at, a->buf + at + size[0], size[0],
			     size[1]};
	return at + size[0] + size[1];
}

static int
digit(char c)
{
	static const char digits[] = "0123456789ABCDEF0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) & 15 : -1;
}

/*
 * The name of an attribute, without the escapes: GNU tar writes %3D for = and
 * %25 for %, and leaves anything else as it is; with all, libarchive writes
 * more of the kind.  NULL: it holds a NUL.
 */
static char *
name_of(const char *text, size_t len, bool all)
{
	char *name = xmalloc(len + 1), *to = name;

	for (size_t i = 0; i < len; i++) {
		int high = i + 2 < len ? digit(text[i + 1]) : -1;
		int low = i + 2 < len ? digit(text[i + 2]) : -1;
		char c = (char)(high * 16 + low);

		if (text[i] == '%' && high >= 0 && low >= 0 &&
		    (all || c == '=' || c == '%')) {
			*to++ = c;
			i += 2;
		} else {
			*to++ = text[i];
		}
	}
	*to = '\0';
	if (strlen(name) == (size_t)(to - name))
		return name;
	free(name);
	return NULL;
}

/* Base64 with or without its padding, which libarchive leaves out. */
static unsigned char *
decode(const char *text, size_t len, size_t *size)
{
	unsigned char *out;
	char *url;
	bool good = true;

	while (len > 0 && text[len - 1] == '=')
		len--;
	out = xmalloc(len / 4 * 3 + 2);
	url = xmalloc(len + 1);
	for (size_t i = 0; i < len; i++) {
		good &= text[i] != '-' && text[i] != '_';
		url[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
	}
	if (!good || base64_decode_url(out, size, url, len) != 0) {
		free(out);
		out = NULL;
	}
	free(url);
	return out;
}

static unsigned char *
copy(const char *value, size_t len)
{
	unsigned char *out = xmalloc(len + 1);

	memcpy(out, value, len);
	return out;
}

static void
interpret_acl(const struct record *r, const char *which, size_t len,
	      struct attr *out)
{
	out->acl = true;
	out->for_dir = starts(which, len, "default");
	out->name = xstrdup(out->for_dir ? "system.posix_acl_default"
					 : "system.posix_acl_access");
	if ((out->for_dir ? 7 : 6) != len ||
	    (!out->for_dir && !starts(which, len, "access")))
		out->why = "an unknown kind of access control list";
	else
		out->value = posixacl_from_text(r->value, r->value_len,
						&out->len, &out->why);
}

/* A list as the kernel has it, which GNU tar writes when told to. */
static void
interpret_value(const struct record *r, struct attr *out)
{
	unsigned char *value = copy(r->value, r->value_len);
	char *text = posixacl_to_text(value, r->value_len, &out->why);

	out->acl = true;
	out->for_dir = strcmp(out->name + strlen(lists), "default") == 0;
	if (!out->for_dir && strcmp(out->name + strlen(lists), "access") != 0)
		out->why = "an unknown kind of access control list";
	out->value = value;
	out->len = r->value_len;
	free(text);
}

static void
interpret(const struct record *r, struct attr *out)
{
	bool in_base64 = starts(r->keyword, r->keyword_len, encoded);
	size_t n = strlen(in_base64 ? encoded : schily);

	*out = (struct attr){0};
	if (starts(r->keyword, r->keyword_len, acl)) {
		interpret_acl(r, r->keyword + strlen(acl),
			      r->keyword_len - strlen(acl), out);
		return;
	}
	out->name = name_of(r->keyword + n, r->keyword_len - n, in_base64);
	if (!out->name) {
		out->name = xstrdup("");
		out->why = "its name holds a NUL";
	} else if (!in_base64 && starts(out->name, strlen(out->name), lists)) {
		interpret_value(r, out);
	} else if (strncmp(out->name, "user.", 5) != 0 ||
		   out->name[5] == '\0') {
		out->why = "not one of the user's";
	} else if (strlen(out->name) > XATTR_NAME_MAX) {
		out->why = "its name is too long";
	} else if (in_base64) {
		out->value = decode(r->value, r->value_len, &out->len);
		out->why = out->value ? NULL : "not in base64";
	} else {
		out->value = copy(r->value, r->value_len);
		out->len = r->value_len;
	}
	if (!out->why && out->len > XATTR_SIZE_MAX)
		out->why = "too large";
}

/* What the records in front of end say of the attribute: nothing, the same, or
 * something else. */
enum said { SAID_NOT, SAID_SAME, SAID_OTHER };

static enum said
said_before(const struct attrs *a, size_t end, const struct attr *attr)
{
	enum said said = SAID_NOT;
	struct attr other;
	struct record r;

	for (size_t at = 0; at < end && said == SAID_NOT;) {
		at = read_record(a, at, &r);
		interpret(&r, &other);
		if (strcmp(other.name, attr->name) == 0)
			said = (other.why && attr->why) ||
				       (!other.why && !attr->why &&
					other.len == attr->len &&
					memcmp(other.value, attr->value,
					       attr->len) == 0)
				   ? SAID_SAME
				   : SAID_OTHER;
		attr_clear(&other);
	}
	return said;
}

bool
attrs_next(const struct attrs *a, size_t *at, struct attr *out)
{
	while (*at < a->len) {
		size_t start = *at;
		enum said said;
		struct record r;

		*at = read_record(a, start, &r);
		interpret(&r, out);
		said = said_before(a, start, out);
		if (said == SAID_OTHER)
			out->why = "given twice";
		if (said != SAID_SAME)
			return true;
		/* libarchive writes each in both forms */
		attr_clear(out);
	}
	return false;
}

void
attr_clear(struct attr *attr)
{
	free(attr->name);
	free(attr->value);
	*attr = (struct attr){0};
}
