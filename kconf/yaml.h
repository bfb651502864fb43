#ifndef KCONF_YAML_H
#define KCONF_YAML_H

#include <stddef.h>

struct arena;
struct fold;
struct node;

/*
 * Reads the first YAML document of the len bytes at buf; JSON is YAML.  What
 * follows the document is not looked at.  Returns the value, which lives in a
 * (a null node for an empty document); or NULL and in why (cap bytes) the
 * line and the fault.  Depth, the number of values and what aliases add to it
 * are bounded.
 */
struct node *yaml_read(struct arena *a, const char *buf, size_t len, char *why,
		       size_t cap);

/* The same of what f was made of, which must live as long as the value. */
struct node *yaml_read_folded(struct arena *a, const struct fold *f, char *why,
			      size_t cap);

/* The same with an extent for every node. */
struct node *yaml_read_extents(struct arena *a, const char *buf, size_t len,
			       char *why, size_t cap);

/*
 * The same for a list of all documents, in which no key has been taken out:
 * of equal ones there may be several in a map.
 */
struct node *yaml_read_all(struct arena *a, const char *buf, size_t len,
			   char *why, size_t cap);

#endif
