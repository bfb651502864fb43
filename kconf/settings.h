#ifndef KCONF_SETTINGS_H
#define KCONF_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct node;
struct setting;

/* The member of a mapping that is called key; NULL where there is none, or no
 * mapping. */
struct node *settings_member(const struct node *map, const char *key);

/*
 * The nodes that lead to the settings of the auth-provider of a user: the list
 * of users, the entry, its user, auth-provider, config.  Returns how many of
 * them there are; the last may be of any kind.
 */
enum { SETTINGS_PATH = 5 };
size_t settings_path(const struct node *root, const char *user,
		     struct node *path[SETTINGS_PATH]);

/*
 * Whether the document is says what the document was says but for the n
 * settings s of that user, and the model made of it has those.  a has room.
 */
bool settings_differ_only(struct arena *a, const struct node *was,
			  const struct node *is, const char *user,
			  const struct setting *s, size_t n);

#endif
