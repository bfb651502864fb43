/*
 * Regular files: whole or absent.  The final name is only ever given by
 * rename(2), of the file or of the fresh directory that it is in, so a name
 * that exists is replaced and never written through, and a process that is
 * killed leaves no half file under it.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/io.h"

#include "partial.h"
#include "xattrs.h"

/* What a fresh directory may hold back; kill -9 leaves it hidden. */
enum { FRESH_BYTES = 1 << 28 };

static const int creating =
    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

static int
create(struct site *s, int dir, mode_t mode)
{
	int fd;

	if (s->temporary[0] == '\0' && site_choose_name(s) != 0)
		return -1;
	for (int i = 0; i < 16; i++) {
		partial_set(dir, s->temporary);
		fd = openat(dir, s->temporary, creating, mode);
		if (fd >= 0)
			return fd;
		partial_clear();
		if (errno != EEXIST || site_choose_name(s) != 0)
			break;
	}
	return -1;
}

/* Where nobody sees it: under its own name, if that is free there.  Whether it
 * was. */
static bool
create_unseen(struct site *s, struct file *f, const struct scan_member *m)
{
	/* never the special bits here: the owner may still change */
	partial_set(f->spot.dir, f->spot.name);
	f->fd = openat(f->spot.dir, f->spot.name, creating, m->mode & 0777);
	if (f->fd < 0)
		partial_clear();
	else
		s->unseen.bytes += m->size;
	f->name = f->spot.name;
	return f->fd >= 0;
}

enum outcome
file_start(struct site *s, struct file *f, const struct scan_member *m,
	   const struct policy_take *t)
{
	enum outcome rc = site_find(s, t->path, t->path_len, &f->spot);
	struct stat st;

	if (rc != OUTCOME_DONE)
		return rc;
	f->end = 0;
	if (f->spot.dir == s->unseen.dir &&
	    m->size > FRESH_BYTES - s->unseen.bytes) {
		fresh_show(s);
		return file_start(s, f, m, t);
	}
	if ((s->apart || f->spot.dir == s->unseen.dir) &&
	    create_unseen(s, f, m))
		return OUTCOME_DONE;
	if (s->keep &&
	    fstatat(f->spot.dir, f->spot.name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return site_refuse(s, t->path, "exists, kept");
	f->fd = create(s, f->spot.dir, m->mode & 0777);
	f->name = s->temporary;
	return f->fd < 0 ? site_error(s, t->path, errno) : OUTCOME_DONE;
}

enum outcome
file_write(struct site *s, struct file *f, const void *p, size_t n,
	   int64_t offset)
{
	if (io_pwrite_full(f->fd, p, n, offset) != 0)
		return site_error(s, f->spot.path, errno);
	if (offset + (int64_t)n > f->end)
		f->end = offset + (int64_t)n;
	return OUTCOME_DONE;
}

void
file_abort(struct file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	unlinkat(f->spot.dir, f->name, 0);
	partial_clear();
}

/* Moves f beneath the tree aside.  Whether it is there. */
static bool
move_aside(struct tree *aside, const struct file *f)
{
	const char *path = f->spot.path;
	int dir =
	    tree_dir(aside, path,
		     f->spot.name > path ? (size_t)(f->spot.name - path) - 1
					 : 0,
		     true);

	return dir >= 0 && fchmod(f->fd, 0600) == 0 &&
	       renameat(f->spot.dir, f->name, dir, f->spot.name) == 0;
}

void
file_leave(struct site *s, struct file *f)
{
	if (s->partial && move_aside(s->partial, f)) {
		close(f->fd);
		f->fd = -1;
		partial_clear();
	} else {
		file_abort(f);
	}
}

/* Whether all in the directory of f is known to be of this run. */
static bool
is_secluded(const struct site *s, const struct file *f)
{
	return f->spot.dir == s->unseen.dir && s->unseen.secluded;
}

/* All that goes through the descriptor.  0, or -1 with errno. */
static int
dress(struct site *s, struct file *f, const struct scan_member *m)
{
	struct timespec times[2];
	struct stat st;

	if (f->end < m->size && ftruncate(f->fd, (off_t)m->size) != 0)
		return -1;
	if (s->owner && fchown(f->fd, (uid_t)m->uid, (gid_t)m->gid) != 0)
		return -1;
	if (s->preserve && fchmod(f->fd, m->mode) != 0)
		return -1;
	if (m->attrs)
		outcome_add(&s->attrs, xattrs_put(s, f->fd, false, f->spot.path,
						  m->attrs));
	site_times(times, m->mtime, m->mtime_ns);
	if (futimens(f->fd, times) != 0)
		return -1;
	if (is_secluded(s, f) && site_time_fits(m->mtime))
		return 0;
	if (fstat(f->fd, &st) != 0)
		return -1;
	site_check_time(s, f->spot.path, &st, m->mtime);
	inodes_add(s->made, st.st_dev, st.st_ino);
	return 0;
}

enum outcome
file_finish(struct site *s, struct file *f, const struct scan_member *m)
{
	enum outcome rc;
	int fd;

	if (dress(s, f, m) != 0) {
		rc = site_error(s, f->spot.path, errno);
		file_abort(f);
		return rc;
	}
	fd = f->fd;
	f->fd = -1;
	/* some file systems say only now that the disk is full */
	rc = close(fd) != 0 ? site_error(s, f->spot.path, errno) : OUTCOME_DONE;
	if (rc == OUTCOME_DONE && f->name != f->spot.name)
		rc = site_take(s, f->spot.dir, f->name, &f->spot);
	if (rc != OUTCOME_DONE) {
		file_abort(f);
		return rc;
	}
	partial_clear();
	return OUTCOME_DONE;
}
