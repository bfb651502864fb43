#ifndef KTAR_PACK_ALTER_H
#define KTAR_PACK_ALTER_H

#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

#include "owner.h"

/* What is said of a member in place of what its file has. */
struct alter {
	bool has_mtime, has_latest, has_uid, has_gid;
	bool numeric; /* no names of users and groups */
	struct timespec mtime;
	struct timespec latest; /* no time is behind it */
	uid_t uid;
	gid_t gid;
	char uname[OWNER_NAME_BYTES], gname[OWNER_NAME_BYTES];
	const char *mode; /* as chmod(1) has it, checked; or NULL */
};

/*
 * Reads a time: @SECONDS, with a fraction of up to nine digits; RFC 3339; or a
 * day, YYYY-MM-DD, or a day and a time, YYYY-MM-DD HH:MM:SS, in the local zone;
 * or, with a / or . in front, the modification time of that file.  Returns
 * whether it is one; errno is 0 where the file was not to blame.
 */
bool alter_time(const char *text, struct timespec *at);

/*
 * Reads NAME, NAME:ID or ID, of a group or of a user, which is asked of the
 * system where that is needed.  Returns whether it is one.
 */
bool alter_owner(struct alter *a, const char *text, bool group);

/*
 * The mode that results where mode, in octal or as in chmod(1) (u+rwX,go-w),
 * changes the permissions of old; X is as it is for chmod.  Without who it is
 * for all, whatever the umask.  Returns -1 when it is no mode.  Pure.
 */
int alter_mode(const char *mode, mode_t old);

/* Whether a is before b.  Pure. */
bool alter_earlier(const struct timespec *a, const struct timespec *b);

/* The status that st becomes. */
struct stat alter_stat(const struct alter *a, const struct stat *st);

#endif
