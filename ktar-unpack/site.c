/*
 * What files, links and directories share: finding the place beneath the
 * destination, clearing it, and saying what went wrong.
 */
#include "site.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/err.h"

#include "temporary.h"

/* Most lines about members; a stream has room for millions. */
enum { SAY_MAX = 1000 };

void
site_open(struct site *s, int root)
{
	s->tree = tree_new(root);
	s->made = inodes_new();
	s->later = later_new(root);
	s->unseen.dir = -1;
}

void
site_close(struct site *s)
{
	fresh_show(s);
	free(s->unseen.path);
	later_free(s->later);
	inodes_free(s->made);
	tree_free(s->tree);
}

enum outcome
site_refuse(struct site *s, const char *path, const char *why)
{
	if (s->quiet)
		return OUTCOME_REFUSED;
	if (s->said == SAY_MAX) {
		s->refused_unsaid++;
	} else {
		s->said++;
		warn(0, "%s: %s", path, why);
	}
	return OUTCOME_REFUSED;
}

void
site_sum_up(const struct site *s)
{
	if (s->refused_unsaid > 0)
		warn(0, "%zu more members were refused or kept",
		     s->refused_unsaid);
	if (s->failed_unsaid > 0)
		warn(0, "%zu more errors", s->failed_unsaid);
}

enum outcome
site_failed(struct site *s, const char *path, int errnum)
{
	if (s->said == SAY_MAX) {
		s->failed_unsaid++;
	} else {
		s->said++;
		warn(errnum, "%s", path);
	}
	return OUTCOME_FAILED;
}

enum outcome
site_error(struct site *s, const char *path, int errnum)
{
	switch (errnum) {
	case ELOOP:
	case ENOTDIR:
		return site_refuse(s, path,
				   "refused: a link or a file is in the way");
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
	case EIO:
	case EROFS:
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case ESTALE:
		warn(errnum, "%s", path);
		return OUTCOME_FATAL;
	default:
		return site_failed(s, path, errnum);
	}
}

int
site_dir(struct site *s, const char *path, size_t len, bool make)
{
	if (fresh_is(&s->unseen, path, len))
		return s->unseen.dir;
	fresh_show(s);
	return tree_dir(s->tree, path, len, make);
}

/* The spot that path leads to; spot->dir is -1 with errno when it is nowhere.
 */
static void
lead(struct site *s, const char *path, size_t len, bool make, struct spot *spot)
{
	const char *slash = memrchr(path, '/', len);

	spot->path = path;
	spot->name = slash ? slash + 1 : path;
	spot->dir = site_dir(s, path, slash ? (size_t)(slash - path) : 0, make);
}

enum outcome
site_find(struct site *s, const char *path, size_t len, struct spot *spot)
{
	lead(s, path, len, true, spot);
	return spot->dir < 0 ? site_error(s, path, errno) : OUTCOME_DONE;
}

int
site_look(struct site *s, const char *path, size_t len, struct spot *spot,
	  struct stat *st)
{
	lead(s, path, len, false, spot);
	if (spot->dir < 0)
		return -1;
	return fstatat(spot->dir, spot->name, st, AT_SYMLINK_NOFOLLOW);
}

enum outcome
site_clear(struct site *s, const struct spot *spot)
{
	struct stat st;

	if (fstatat(spot->dir, spot->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? OUTCOME_DONE
				       : site_error(s, spot->path, errno);
	if (s->keep)
		return site_refuse(s, spot->path, "exists, kept");
	if (!S_ISDIR(st.st_mode)) {
		if (unlinkat(spot->dir, spot->name, 0) != 0 && errno != ENOENT)
			return site_error(s, spot->path, errno);
		return OUTCOME_DONE;
	}
	if (unlinkat(spot->dir, spot->name, AT_REMOVEDIR) != 0) {
		if (errno == ENOTEMPTY || errno == EEXIST)
			return site_refuse(
			    s, spot->path,
			    "refused: a directory that is not empty is in "
			    "the way");
		return site_error(s, spot->path, errno);
	}
	tree_forget(s->tree, spot->path, strlen(spot->path));
	return OUTCOME_DONE;
}

bool
site_made(const struct site *s, int dir, const struct stat *st)
{
	struct stat in;

	/* in a directory of ours in which nobody else can make anything all is
	 * ours, and is not noted one by one */
	return inodes_has(s->made, st->st_dev, st->st_ino) ||
	       (fstat(dir, &in) == 0 && fresh_is_secluded(&in) &&
		inodes_has(s->made, in.st_dev, in.st_ino));
}

int
site_choose_name(struct site *s)
{
	return temporary_name(s->temporary, sizeof s->temporary,
			      ".ktar-unpack-");
}

enum outcome
site_take(struct site *s, int dir, const char *name, const struct spot *to)
{
	enum outcome rc;
	int done;

	if (s->keep)
		done =
		    renameat2(dir, name, to->dir, to->name, RENAME_NOREPLACE);
	else
		done = renameat(dir, name, to->dir, to->name);
	if (done == 0)
		return OUTCOME_DONE;
	if (s->keep && errno == EEXIST)
		return site_refuse(s, to->path, "exists, kept");
	if (errno != EISDIR && errno != ENOTEMPTY && errno != EEXIST)
		return site_error(s, to->path, errno);
	if ((rc = site_clear(s, to)) != OUTCOME_DONE)
		return rc;
	if (renameat(dir, name, to->dir, to->name) != 0)
		return site_error(s, to->path, errno);
	return OUTCOME_DONE;
}

void
site_times(struct timespec out[2], int64_t mtime, long mtime_ns)
{
	out[0] = (struct timespec){0, UTIME_OMIT};
	out[1] = (struct timespec){(time_t)mtime, mtime_ns};
}

bool
site_time_fits(int64_t mtime)
{
	return mtime >= INT32_MIN && mtime <= INT32_MAX;
}

void
site_check_time(struct site *s, const char *path, const struct stat *st,
		int64_t mtime)
{
	if (st->st_mtim.tv_sec == mtime)
		return;
	/* some count in pairs of seconds, and that is no other time */
	if (site_time_fits(mtime))
		return;
	(void)site_refuse(s, path,
			  "its time is beyond what the file system holds");
	outcome_add(&s->attrs, OUTCOME_REFUSED);
}
