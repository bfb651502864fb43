#ifndef KTAR_PACK_NAME_H
#define KTAR_PACK_NAME_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The two names of what is being packed: the member's, and the one that
 * messages say, which begins with the operand as it was given.
 */
struct name {
	char *member; /* relative; "" for a directory that is no member */
	size_t len, cap;
	size_t root;         /* length of the operand's own member name */
	const char *operand; /* the caller's */
};

/*
 * The member name of an operand, for the caller to free: what is behind the
 * last "..", without "." components, without slashes but the single ones
 * between components.  "" when nothing is left: ".", "/", "a/..".
 */
char *name_of_operand(const char *operand);

/* Whether s can stand in a member name as it is: relative, no "..". */
bool name_is_relative(const char *s);

/* Begins at an operand whose member is called member.  n is empty or was used
 * before. */
void name_begin(struct name *n, const char *operand, const char *member);

/* Goes down to leaf; returns what name_up needs to come back. */
size_t name_down(struct name *n, const char *leaf);
void name_up(struct name *n, size_t len);

/* The name for messages, in a block that the caller frees; of a very long one
 * the end. */
char *name_shown(const struct name *n);

/* Frees what n holds. */
void name_free(struct name *n);

#endif
