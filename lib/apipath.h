#ifndef LIB_APIPATH_H
#define LIB_APIPATH_H

#include <stdbool.h>
#include <stddef.h>

/* Paths and queries of the API.  Pure. */

/* A path that grows; all zeros to begin with; the caller frees text. */
struct apipath {
	char *text;
	size_t len, cap;
};

/* Appends s as it is. */
void apipath_put(struct apipath *p, const char *s);

/* Appends s percent-encoded byte by byte, but for letters, digits, "-", ".",
 * "_" and "~" (RFC 3986, 2.3). */
void apipath_encode(struct apipath *p, const char *s);

/*
 * Whether name can be one segment of a path, as Kubernetes has it: not empty,
 * not "." nor "..", no "/" and no "%" in it.
 */
bool apipath_segment(const char *name);

/*
 * Whether name is one that Kubernetes gives to an object whose name is that of
 * a host (RFC 1123): letters, digits, "-" and ".", at most 253 of them, the
 * first a letter or digit.  Names that a server sends are held to it.
 */
bool apipath_host_name(const char *name);

#endif
