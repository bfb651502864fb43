#ifndef KCONF_DECODE_H
#define KCONF_DECODE_H

#include <stddef.h>

struct arena;
struct kubeconfig;
struct node;

/*
 * Adds what the document root says to k, with kubectl's types: names count by
 * case, unknown ones are passed over, and a value of another type is a fault.
 * Relative paths are taken from the folder of file, see path_beside.  file and
 * root must live as long as k; a keeps what is new.  Returns 0; or -1 and in
 * why the line, the field and the fault.
 */
int decode_config(struct kubeconfig *k, struct arena *a,
		  const struct node *root, const char *cwd, const char *file,
		  char *why, size_t cap);

#endif
