/*
 * Directories that are filled before they are shown.  A rename costs as much
 * as a third of all else that is done for a small file, so it is done once for
 * a directory where the stream allows it.
 */
#include "fresh.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"

#include "partial.h"
#include "site.h"

enum { TRIES = 16 };

bool
fresh_is_secluded(const struct stat *st)
{
	/* the rights of an ACL are within those of the group */
	return st->st_uid == geteuid() &&
	       (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool
fresh_is(const struct fresh *f, const char *path, size_t len)
{
	return f->dir >= 0 && len == f->len && memcmp(f->path, path, len) == 0;
}

static void
keep_path(struct fresh *f, const struct policy_take *t, const char *name)
{
	if (t->path_len + 1 > f->cap) {
		f->cap = t->path_len * 2 + 1;
		f->path = xrealloc(f->path, f->cap);
	}
	memcpy(f->path, t->path, t->path_len + 1);
	f->len = t->path_len;
	f->name = t->path_len - strlen(name);
}

int
fresh_make(struct site *s, const struct spot *spot, const struct policy_take *t,
	   struct stat *st)
{
	struct fresh *f = &s->unseen;
	int i, saved;

	for (i = 0; i < TRIES; i++) {
		if ((i > 0 || s->temporary[0] == '\0') &&
		    site_choose_name(s) != 0)
			return -1;
		if (mkdirat(spot->dir, s->temporary, 0700) == 0)
			break;
		if (errno != EEXIST || i == TRIES - 1)
			return -1;
	}
	memcpy(f->temporary, s->temporary, sizeof f->temporary);
	keep_path(f, t, spot->name);
	partial_hide(spot->dir, f->temporary, f->path + f->name);
	f->dir = openat(spot->dir, f->temporary,
			O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (f->dir < 0 || fstat(f->dir, st) != 0) {
		saved = errno;
		if (f->dir >= 0)
			close(f->dir);
		f->dir = -1;
		partial_shown();
		unlinkat(spot->dir, f->temporary, AT_REMOVEDIR);
		errno = saved;
		return -1;
	}
	f->parent = spot->dir;
	f->bytes = 0;
	f->record = -1;
	f->secluded = fresh_is_secluded(st);
	return 0;
}

/* Moves the file name from the fresh directory to to, where others may be. */
static enum outcome
move_one(struct site *s, int to, const char *name)
{
	char *path = xasprintf("%s/%s", s->unseen.path, name);
	struct spot spot = {.dir = to, .path = path};
	enum outcome rc;
	struct stat st;

	spot.name = path + s->unseen.len + 1;
	rc = site_take(s, s->unseen.dir, name, &spot);
	if (rc == OUTCOME_REFUSED)
		unlinkat(s->unseen.dir, name, 0);
	if (rc == OUTCOME_DONE &&
	    fstatat(to, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		inodes_add(s->made, st.st_dev, st.st_ino);
	free(path);
	return rc;
}

static enum outcome
move_all(struct site *s, int to)
{
	int fd = openat(s->unseen.dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	enum outcome worst = OUTCOME_DONE, rc;
	const struct dirent *e;

	if (!list) {
		rc = site_error(s, s->unseen.path, errno);
		if (fd >= 0)
			close(fd);
		return rc;
	}
	while (worst != OUTCOME_FATAL && (errno = 0, e = readdir(list))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		outcome_add(&worst, move_one(s, to, e->d_name));
	}
	if (worst != OUTCOME_FATAL && errno != 0)
		worst = site_error(s, s->unseen.path, errno);
	closedir(list);
	return worst;
}

/* Puts all that is in the fresh directory into another one of its name. */
static enum outcome
merge(struct site *s)
{
	struct fresh *f = &s->unseen;
	const char *name = f->path + f->name;
	enum outcome rc;
	struct stat st;
	int to;

	if (mkdirat(f->parent, name, 0700) != 0 && errno != EEXIST)
		return site_error(s, f->path, errno);
	to = openat(f->parent, name,
		    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (to < 0 || fstat(to, &st) != 0) {
		rc = site_error(s, f->path, errno);
	} else {
		if (f->record >= 0 &&
		    later_is(s->later, f->record, st.st_dev, st.st_ino) != 0)
			rc = site_error(s, f->path, errno);
		else
			rc = move_all(s, to);
	}
	if (to >= 0)
		close(to);
	if (unlinkat(f->parent, f->temporary, AT_REMOVEDIR) != 0 &&
	    rc == OUTCOME_DONE)
		rc = site_error(s, f->path, errno);
	return rc;
}

/* What a kernel or a file system says that cannot rename a directory without
 * replacing another. */
static bool
is_unable(int errnum)
{
	return errnum == EINVAL || errnum == EXDEV || errnum == ENOSYS ||
	       errnum == EPERM || errnum == EOPNOTSUPP;
}

void
fresh_show(struct site *s)
{
	struct fresh *f = &s->unseen;
	enum outcome rc = OUTCOME_DONE;

	if (f->dir < 0)
		return;
	if (renameat2(f->parent, f->temporary, f->parent, f->path + f->name,
		      RENAME_NOREPLACE) != 0) {
		/* never again */
		if (is_unable(errno))
			s->at_once = true;
		rc = errno == EEXIST || s->at_once
			 ? merge(s)
			 : site_error(s, f->path, errno);
	}
	partial_shown();
	close(f->dir);
	f->dir = -1;
	outcome_add(&s->shown, rc);
}
