#ifndef KTAR_PACK_OWNER_H
#define KTAR_PACK_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

/* The names of users and groups, asked once each. */

enum { OWNER_SLOTS = 64, OWNER_NAME_BYTES = 32 };

struct owner_name {
	unsigned id;
	bool known;
	char name[OWNER_NAME_BYTES];
};

struct owner {
	struct owner_name user[OWNER_SLOTS], group[OWNER_SLOTS];
};

/* The name of a user or group id, "" where there is none or where it does not
 * fit in a tar header.  o starts out as zeros; the string stays until the next
 * call. */
const char *owner_user(struct owner *o, uid_t id);
const char *owner_group(struct owner *o, gid_t id);

#endif
