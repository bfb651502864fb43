/*
 * Regular files: whole or absent.  The final name is only ever given by
 * rename(2), so a name that exists is replaced and never written through,
 * and a process that is killed leaves no half file under it.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "partial.h"
#include "xattrs.h"

static int
choose_name(struct site *s)
{
	uint64_t r;

	if (getrandom(&r, sizeof r, 0) != (ssize_t)sizeof r)
		return -1;
	snprintf(s->temporary, sizeof s->temporary, ".ktar-unpack-%016llx",
		 (unsigned long long)r);
	return 0;
}

static int
create(struct site *s, int dir, mode_t mode)
{
	int fd;

	if (s->temporary[0] == '\0' && choose_name(s) != 0)
		return -1;
	for (int i = 0; i < 16; i++) {
		partial_set(dir, s->temporary);
		fd =
		    openat(dir, s->temporary,
			   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			   mode);
		if (fd >= 0)
			return fd;
		partial_clear();
		if (errno != EEXIST || choose_name(s) != 0)
			break;
	}
	return -1;
}

enum outcome
file_start(struct site *s, struct file *f, const struct scan_member *m,
	   const struct policy_take *t)
{
	enum outcome rc = site_find(s, t->path, t->path_len, &f->spot);
	struct stat st;

	if (rc != OUTCOME_DONE)
		return rc;
	if (s->keep &&
	    fstatat(f->spot.dir, f->spot.name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return site_refuse(s, t->path, "exists, kept");
	/* never the special bits here: the owner may still change */
	f->fd = create(s, f->spot.dir, m->mode & 0777);
	f->end = 0;
	return f->fd < 0 ? site_error(s, t->path, errno) : OUTCOME_DONE;
}

enum outcome
file_write(struct site *s, struct file *f, const void *p, size_t n,
	   int64_t offset)
{
	const char *at = p;

	while (n > 0) {
		ssize_t put = pwrite(f->fd, at, n, (off_t)offset);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return site_error(s, f->spot.path, errno);
		at += put;
		n -= (size_t)put;
		offset += put;
	}
	if (offset > f->end)
		f->end = offset;
	return OUTCOME_DONE;
}

void
file_abort(struct site *s, struct file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	unlinkat(f->spot.dir, s->temporary, 0);
	partial_clear();
}

/* All that goes through the descriptor.  0, or -1 with errno. */
static int
dress(struct site *s, struct file *f, const struct scan_member *m,
      struct stat *st)
{
	struct timespec times[2];
	enum outcome rc;

	if (f->end < m->size && ftruncate(f->fd, (off_t)m->size) != 0)
		return -1;
	if (s->owner && fchown(f->fd, (uid_t)m->uid, (gid_t)m->gid) != 0)
		return -1;
	if (s->preserve && fchmod(f->fd, m->mode) != 0)
		return -1;
	if (m->attrs && (rc = xattrs_put(s, f->fd, false, f->spot.path,
					 m->attrs)) > s->attrs)
		s->attrs = rc;
	site_times(times, m->mtime, m->mtime_ns);
	if (futimens(f->fd, times) != 0 || fstat(f->fd, st) != 0)
		return -1;
	site_check_time(s, f->spot.path, st, m->mtime);
	return 0;
}

/* From the temporary name to the final one. */
static enum outcome
give_name(struct site *s, const struct spot *to)
{
	enum outcome rc;
	int done;

	if (s->keep)
		done = renameat2(to->dir, s->temporary, to->dir, to->name,
				 RENAME_NOREPLACE);
	else
		done = renameat(to->dir, s->temporary, to->dir, to->name);
	if (done == 0)
		return OUTCOME_DONE;
	if (s->keep && errno == EEXIST)
		return site_refuse(s, to->path, "exists, kept");
	if (errno != EISDIR && errno != ENOTEMPTY && errno != EEXIST)
		return site_error(s, to->path, errno);
	if ((rc = site_clear(s, to)) != OUTCOME_DONE)
		return rc;
	if (renameat(to->dir, s->temporary, to->dir, to->name) != 0)
		return site_error(s, to->path, errno);
	return OUTCOME_DONE;
}

enum outcome
file_finish(struct site *s, struct file *f, const struct scan_member *m)
{
	struct stat st;
	enum outcome rc;
	int fd;

	if (dress(s, f, m, &st) != 0) {
		rc = site_error(s, f->spot.path, errno);
		file_abort(s, f);
		return rc;
	}
	fd = f->fd;
	f->fd = -1;
	/* some file systems say only now that the disk is full */
	rc = close(fd) != 0 ? site_error(s, f->spot.path, errno)
			    : give_name(s, &f->spot);
	if (rc != OUTCOME_DONE) {
		file_abort(s, f);
		return rc;
	}
	partial_clear();
	inodes_add(s->made, st.st_dev, st.st_ino);
	return OUTCOME_DONE;
}
