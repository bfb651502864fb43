#ifndef LIB_JSON_H
#define LIB_JSON_H

#include <stdbool.h>
#include <stddef.h>

/*
 * JSON documents, read with strict types and written in the order in which
 * they were put together.  Blocks that the library frees are wiped, since
 * documents hold credentials.  Depth and size are bounded by the library and
 * by the caller's len.
 */
struct json;

/*
 * Reads one document from the len bytes at buf; nothing but white space may
 * follow it.  Returns it, for json_free; or NULL and in why (cap bytes) where
 * and what the fault is.
 */
struct json *json_parse(const char *buf, size_t len, char *why, size_t cap);

/* Frees a document; j may be NULL. */
void json_free(struct json *j);

/*
 * The member of the object obj, borrowed; NULL when obj is NULL or no object,
 * or the member is absent or null.
 */
const struct json *json_get(const struct json *obj, const char *key);

/* The number of items of an array; 0 for anything else and for NULL. */
size_t json_count(const struct json *array);

/* The item at index i, borrowed, or NULL. */
const struct json *json_at(const struct json *array, size_t i);

/*
 * Typed members of obj.  Each returns 1 and stores the value when the member
 * is there, 0 when it is absent or null, -1 when it has another type.
 * Strings are borrowed; one with a NUL inside counts as another type.
 */
int json_get_string(const struct json *obj, const char *key, const char **out);
int json_get_bool(const struct json *obj, const char *key, bool *out);
int json_get_object(const struct json *obj, const char *key,
		    const struct json **out);
int json_get_array(const struct json *obj, const char *key,
		   const struct json **out);

/* The text of a string value, borrowed; NULL for any other type. */
const char *json_text(const struct json *j);

/* A number into *out, the nearest there is: 0; -1 for any other type. */
int json_number(const struct json *j, double *out);

/*
 * Calls each(key, value, arg) for every member of obj, in order, until it
 * returns non-zero; returns what the last call returned, 0 for none.
 */
int json_each(const struct json *obj,
	      int (*each)(const char *key, const struct json *value, void *arg),
	      void *arg);

struct json *json_new_object(void);
struct json *json_new_array(void);

/* A text; NULL when it is not UTF-8. */
struct json *json_new_string(const char *text);

/* null, true, false or a number, spelled as JSON spells it; NULL when it is
 * none, or too large for one. */
struct json *json_new_scalar(const char *text);

/* A copy of a value; a number that is whole is an integer in it. */
struct json *json_clone(const struct json *j);

/*
 * Put a value into an object; they return 0, or -1 when text is not UTF-8.
 * A NULL text puts nothing.  json_put takes ownership of value.
 */
int json_put_string(struct json *obj, const char *key, const char *text);
void json_put_bool(struct json *obj, const char *key, bool value);
void json_put(struct json *obj, const char *key, struct json *value);

/* Appends to an array: a text (0, or -1 when not UTF-8), or a value. */
int json_add_string(struct json *array, const char *text);
void json_add(struct json *array, struct json *value);

/*
 * The document as text, indented by two blanks, with a newline at its end.
 * It is YAML, too: characters beyond ASCII stay as they are, since surrogate
 * escapes are no YAML, but those that YAML does not allow or takes for line
 * breaks are escaped.  The caller frees it with wipe_str.
 */
char *json_print(const struct json *j);

/* As json_print of any value, on one line and without the newline. */
char *json_print_line(const struct json *j);

#endif
