#ifndef KTAR_UNPACK_POLICY_H
#define KTAR_UNPACK_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan.h"

/* What the command line asked for. */
enum policy_links { POLICY_LINKS_INSIDE, POLICY_LINKS_ALL, POLICY_LINKS_NONE };

/* Patterns of names (lib/pattern.h). */
struct policy_patterns {
	struct policy_pattern {
		const char *text; /* the caller's */
		bool used;        /* it has matched a member */
	} * item;
	size_t n;
};

struct policy {
	const char *prefix; /* NULL: all members */
	size_t strip;       /* components taken off each name */
	struct policy_patterns include, exclude; /* of names in the archive */
	enum policy_links links;
	bool special; /* devices and FIFOs are taken */
	int64_t max_bytes, max_files, max_depth; /* -1: no limit */
};

enum policy_verdict {
	POLICY_TAKE,
	POLICY_SKIP,   /* not selected, or a directory above what is */
	POLICY_REFUSE, /* this member, and the rest goes on */
	POLICY_STOP    /* the run */
};

/*
 * A member that may be made: path is relative, its components are separated
 * by single slashes, none is "." or ".."; "" is the destination itself.  link
 * is the same for a hard link's target, the archive's bytes for a symbolic
 * link's, and "" otherwise.
 */
struct policy_take {
	char *path, *link;
	size_t path_len, link_len;
	size_t path_cap, link_cap;
	int64_t bytes, files; /* of all members decided about so far */
};

/*
 * Decides about m and fills *t, which is zero at first and is used again for
 * each member; policy_free frees it.  For POLICY_REFUSE and POLICY_STOP *why
 * is the reason.
 */
enum policy_verdict policy_decide(const struct policy *p,
				  const struct scan_member *m,
				  struct policy_take *t, const char **why);

void policy_free(struct policy_take *t);

/* Adds a pattern; policy_forget frees the patterns of p. */
void policy_add(struct policy_patterns *list, const char *text);
void policy_forget(struct policy *p);

#endif
