/*
 * Ids to names, with a small direct-mapped cache: a tree has few owners, and
 * the system's answer can cost a question over a network.
 */
#include "owner.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>

static const char *
remember(struct owner_name *slot, unsigned id, const char *name)
{
	slot->id = id;
	slot->known = true;
	memset(slot->name, 0, sizeof slot->name);
	if (name && strlen(name) < sizeof slot->name)
		memcpy(slot->name, name, strlen(name));
	return slot->name;
}

const char *
owner_user(struct owner *o, uid_t id)
{
	struct owner_name *slot = &o->user[id % OWNER_SLOTS];
	struct passwd *pw;

	if (slot->known && slot->id == id)
		return slot->name;
	pw = getpwuid(id);
	return remember(slot, id, pw ? pw->pw_name : NULL);
}

const char *
owner_group(struct owner *o, gid_t id)
{
	struct owner_name *slot = &o->group[id % OWNER_SLOTS];
	struct group *gr;

	if (slot->known && slot->id == id)
		return slot->name;
	gr = getgrgid(id);
	return remember(slot, id, gr ? gr->gr_name : NULL);
}
