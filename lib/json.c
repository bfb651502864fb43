/*
 * The only includer of jansson.
 */
#include "json.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "err.h"
#include "mem.h"

/* Integers up to here are the same as real numbers (2^53). */
#define EXACT_MAX 9007199254740992.0

/* Every way in that creates a value passes here; the call is idempotent. */
static void
use_wiping_memory(void)
{
	json_set_alloc_funcs(wiping_malloc, wiping_free);
}

static const json_t *
in(const struct json *j)
{
	return (const json_t *)j;
}

static json_t *
mine(struct json *j)
{
	return (json_t *)j;
}

static struct json *
made(json_t *j)
{
	if (!j)
		die(err_failure(), ENOMEM, "memory");
	return (struct json *)j;
}

struct json *
json_parse(const char *buf, size_t len, char *why, size_t cap)
{
	json_error_t e;
	json_t *j;

	use_wiping_memory();
	j = json_loadb(buf, len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &e);
	if (!j) {
		/* the library quotes the document, which may be a secret */
		char *quote = strstr(e.text, " near '");

		if (quote)
			*quote = '\0';
		snprintf(why, cap, "line %d: %s", e.line, e.text);
	}
	return (struct json *)j;
}

void
json_free(struct json *j)
{
	json_decref(mine(j));
}

const struct json *
json_get(const struct json *obj, const char *key)
{
	const json_t *v = json_object_get(in(obj), key);

	return json_is_null(v) ? NULL : (const struct json *)v;
}

size_t
json_count(const struct json *array)
{
	return json_array_size(in(array));
}

const struct json *
json_at(const struct json *array, size_t i)
{
	return (const struct json *)json_array_get(in(array), i);
}

const char *
json_text(const struct json *j)
{
	const char *s = json_string_value(in(j));

	return s && strlen(s) == json_string_length(in(j)) ? s : NULL;
}

int
json_number(const struct json *j, double *out)
{
	if (!json_is_number(in(j)))
		return -1;
	*out = json_number_value(in(j));
	return 0;
}

int
json_get_string(const struct json *obj, const char *key, const char **out)
{
	const struct json *v = json_get(obj, key);
	const char *s = json_text(v);

	if (!v)
		return 0;
	if (!s)
		return -1;
	*out = s;
	return 1;
}

int
json_get_bool(const struct json *obj, const char *key, bool *out)
{
	const struct json *v = json_get(obj, key);

	if (!v)
		return 0;
	if (!json_is_boolean(in(v)))
		return -1;
	*out = json_is_true(in(v));
	return 1;
}

int
json_get_object(const struct json *obj, const char *key,
		const struct json **out)
{
	const struct json *v = json_get(obj, key);

	if (!v)
		return 0;
	if (!json_is_object(in(v)))
		return -1;
	*out = v;
	return 1;
}

int
json_get_array(const struct json *obj, const char *key, const struct json **out)
{
	const struct json *v = json_get(obj, key);

	if (!v)
		return 0;
	if (!json_is_array(in(v)))
		return -1;
	*out = v;
	return 1;
}

int
json_each(const struct json *obj,
	  int (*each)(const char *key, const struct json *value, void *arg),
	  void *arg)
{
	/* the library's iterators take no const, and change nothing */
	json_t *o = (json_t *)(uintptr_t)obj;
	void *it;
	int rc = 0;

	for (it = json_object_iter(o); it && rc == 0;
	     it = json_object_iter_next(o, it))
		rc = each(json_object_iter_key(it),
			  (const struct json *)json_object_iter_value(it), arg);
	return rc;
}

struct json *
json_new_object(void)
{
	use_wiping_memory();
	return made(json_object());
}

struct json *
json_new_array(void)
{
	use_wiping_memory();
	return made(json_array());
}

struct json *
json_new_string(const char *text)
{
	use_wiping_memory();
	return (struct json *)json_string(text);
}

struct json *
json_new_scalar(const char *text)
{
	use_wiping_memory();
	return (struct json *)json_loads(text, JSON_DECODE_ANY, NULL);
}

static json_t *
clone(const json_t *j)
{
	json_t *o = (json_t *)(uintptr_t)j, *copy;
	double n = json_real_value(j);

	switch (json_typeof(j)) {
	case JSON_OBJECT:
		copy = mine(made(json_object()));
		for (void *it = json_object_iter(o); it;
		     it = json_object_iter_next(o, it))
			json_put((struct json *)copy, json_object_iter_key(it),
				 (struct json *)clone(
				     json_object_iter_value(it)));
		return copy;
	case JSON_ARRAY:
		copy = mine(made(json_array()));
		for (size_t i = 0; i < json_array_size(j); i++)
			json_add((struct json *)copy,
				 (struct json *)clone(json_array_get(j, i)));
		return copy;
	case JSON_REAL:
		/* json_parse has made it of what may have been an integer */
		if (n > -EXACT_MAX && n < EXACT_MAX && n == (double)(int64_t)n)
			return mine(made(json_integer((int64_t)n)));
		return mine(made(json_real(n)));
	case JSON_STRING:
	case JSON_INTEGER:
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		break;
	}
	return mine(made(json_deep_copy(j)));
}

struct json *
json_clone(const struct json *j)
{
	use_wiping_memory();
	return (struct json *)clone(in(j));
}

void
json_put(struct json *obj, const char *key, struct json *value)
{
	if (json_object_set_new(mine(obj), key, mine(value)) != 0)
		(void)made(NULL);
}

int
json_put_string(struct json *obj, const char *key, const char *text)
{
	json_t *v;

	if (!text)
		return 0;
	v = json_string(text);
	if (!v)
		return -1;
	json_put(obj, key, (struct json *)v);
	return 0;
}

void
json_put_bool(struct json *obj, const char *key, bool value)
{
	json_put(obj, key, (struct json *)json_boolean(value));
}

void
json_add(struct json *array, struct json *value)
{
	if (json_array_append_new(mine(array), mine(value)) != 0)
		(void)made(NULL);
}

int
json_add_string(struct json *array, const char *text)
{
	json_t *v = json_string(text);

	if (!v)
		return -1;
	json_add(array, (struct json *)v);
	return 0;
}

/*
 * How many bytes at s are a character that JSON takes as it is and YAML does
 * not: DEL, C1 controls, the byte order mark and non-characters are no YAML,
 * and NEL, LS and PS break a line there.  0 for any other; *code is set.
 */
static size_t
foreign_to_yaml(const unsigned char *s, unsigned *code)
{
	*code = s[0];
	if (s[0] == 0x7f)
		return 1;
	if (s[0] == 0xc2) {
		*code = s[1];
		return s[1] < 0xa0 ? 2 : 0;
	}
	if (s[0] != 0xe2 && s[0] != 0xef)
		return 0;
	*code = (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
	return *code == 0x2028 || *code == 0x2029 || *code == 0xfeff ||
		       *code >= 0xfffe
		   ? 3
		   : 0;
}

/* A copy of s, wiped and freed, in which such characters are escapes. */
static char *
escape_for_yaml(char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t many = 0, used = 0, n;
	unsigned code;
	char *out;

	for (; *p; p++)
		many += foreign_to_yaml(p, &code) > 0;
	if (many == 0)
		return s;
	out = xmalloc(strlen(s) + many * 6 + 1);
	for (p = (const unsigned char *)s; *p; p += n ? n : 1) {
		n = foreign_to_yaml(p, &code);
		if (n > 0)
			used +=
			    (size_t)snprintf(out + used, 7, "\\u%04x", code);
		else
			out[used++] = (char)*p;
	}
	out[used] = '\0';
	wipe_str(s);
	return out;
}

static char *
print(const struct json *j, size_t flags, const char *end)
{
	/* with a NULL buffer the library only counts */
	size_t n = json_dumpb(in(j), NULL, 0, flags);
	char *s = xmalloc(n + strlen(end) + 1);

	json_dumpb(in(j), s, n, flags);
	memcpy(s + n, end, strlen(end) + 1);
	return escape_for_yaml(s);
}

char *
json_print(const struct json *j)
{
	return print(j, JSON_INDENT(2), "\n");
}

char *
json_print_line(const struct json *j)
{
	return print(j, JSON_COMPACT | JSON_ENCODE_ANY, "");
}
