#ifndef KCONF_CONVERT_H
#define KCONF_CONVERT_H

struct json;
struct node;

/*
 * The JSON value that a YAML value stands for, for json_free: numbers in any
 * of YAML's bases become decimal, and whole ones stay whole.  NULL where a
 * text in it is not UTF-8 or has a NUL.
 */
struct json *convert_node(const struct node *n);

#endif
