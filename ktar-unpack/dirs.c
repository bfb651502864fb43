/*
 * Directories.  Each is recorded by device and inode when it is placed, and
 * gets its final mode and time only if it still is that one.
 */
#include "dirs.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/fchmodat2.h"

#include "xattrs.h"

/* Bytes of attributes, of all directories. */
enum { ATTRS_WAITING = 1 << 26 };

struct finishing {
	struct site *site;
	enum outcome worst;
};

/*
 * Gives the owner all rights in the directory dir, a descriptor with O_PATH.
 * Linux can do that since 6.6; should it fail, what needs the rights fails
 * next, and says so.
 */
static void
unshut(int dir)
{
	struct stat st;

	if (fstat(dir, &st) == 0 && st.st_uid == geteuid())
		(void)fchmodat2_fd(dir, (st.st_mode & 07777) | 0700);
}

/*
 * A descriptor for fchmod and futimens; the tree's own are O_PATH.  An earlier
 * member of the same name may have taken the rights that it needs; but what
 * the destination itself lacks stays so.
 */
static int
reopen(int dir, const struct later_item *item)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 || errno != EACCES || item->path_len == 0)
		return fd;
	unshut(dir);
	return openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Lets the owner fill a directory that was there before with less rights. */
static void
open_up(int parent, const char *name, const struct stat *st)
{
	const int flags = O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd;

	if ((st->st_mode & 0700) == 0700 || st->st_uid != geteuid())
		return;
	/* should it fail, making the first file in it fails and says so */
	if ((fd = openat(parent, name, flags | O_RDONLY)) >= 0)
		(void)fchmod(fd, (st->st_mode & 07777) | 0700);
	else if ((fd = openat(parent, name, flags | O_PATH)) >= 0)
		unshut(fd);
	if (fd >= 0)
		close(fd);
}

/* Makes the directory at spot, where nothing was: hidden, if that can be. */
static enum outcome
make_new(struct site *s, const struct spot *spot, const struct policy_take *t,
	 struct stat *st, bool *existed)
{
	if (!s->at_once && !s->apart)
		return fresh_make(s, spot, t, st) == 0
			   ? OUTCOME_DONE
			   : site_error(s, spot->path, errno);
	*existed = mkdirat(spot->dir, spot->name, 0700) != 0;
	if ((*existed && errno != EEXIST) ||
	    fstatat(spot->dir, spot->name, st, AT_SYMLINK_NOFOLLOW) != 0)
		return site_error(s, spot->path, errno);
	return S_ISDIR(st->st_mode) ? OUTCOME_DONE
				    : site_error(s, spot->path, ENOTDIR);
}

/* Makes or finds the directory at spot; *existed tells which. */
static enum outcome
make(struct site *s, const struct spot *spot, const struct policy_take *t,
     struct stat *st, bool *existed)
{
	enum outcome rc;

	*existed = false;
	if (fstatat(spot->dir, spot->name, st, AT_SYMLINK_NOFOLLOW) == 0) {
		*existed = S_ISDIR(st->st_mode);
		if (*existed)
			return OUTCOME_DONE;
		if ((rc = site_clear(s, spot)) != OUTCOME_DONE)
			return rc;
	} else if (errno != ENOENT) {
		return site_error(s, spot->path, errno);
	}
	return make_new(s, spot, t, st, existed);
}

/* Attributes wait with the mode: a default list would count for the files. */
static enum outcome
keep_attrs(struct site *s, struct later_item *item, const struct attrs *a)
{
	if (a->len > ATTRS_WAITING - s->waiting)
		return site_refuse(s, item->path_len ? item->path : ".",
				   "refused: too many extended attributes of "
				   "directories in all");
	s->waiting += a->len;
	item->link = a->buf;
	item->link_len = a->len;
	return OUTCOME_DONE;
}

enum outcome
dirs_place(struct site *s, const struct scan_member *m,
	   const struct policy_take *t)
{
	struct later_item item = {
	    .kind = LATER_DIR,
	    .path = t->path,
	    .path_len = t->path_len,
	    .mode = m->mode,
	    .uid = (uint32_t)m->uid,
	    .gid = (uint32_t)m->gid,
	    .mtime = m->mtime,
	    .mtime_ns = m->mtime_ns,
	};
	struct spot spot;
	struct stat st;
	enum outcome rc;
	bool existed = true;
	int64_t record;

	/* one at a time */
	fresh_show(s);
	if (t->path_len == 0) {
		if (fstat(site_dir(s, "", 0, false), &st) != 0)
			return site_error(s, ".", errno);
	} else {
		rc = site_find(s, t->path, t->path_len, &spot);
		if (rc == OUTCOME_DONE)
			rc = make(s, &spot, t, &st, &existed);
		if (rc != OUTCOME_DONE)
			return rc;
		if (existed && s->keep)
			return OUTCOME_DONE;
		/* also a new one: the umask may take the owner's rights */
		open_up(spot.dir,
			s->unseen.dir < 0 ? spot.name : s->unseen.temporary,
			&st);
		if (!existed)
			inodes_add(s->made, st.st_dev, st.st_ino);
	}
	item.dev = st.st_dev;
	item.ino = st.st_ino;
	if (m->attrs && keep_attrs(s, &item, m->attrs) != OUTCOME_DONE)
		outcome_add(&s->attrs, OUTCOME_REFUSED);
	if ((record = later_add(s->later, &item)) < 0)
		return site_error(s, t->path, errno);
	s->unseen.record = record;
	return OUTCOME_DONE;
}

/*
 * Gives the directory fd what it is to have.  With held, by calls that take a
 * descriptor with O_PATH, for which nothing is opened; of these Linux
 * before 6.6 has not all, and there are none for attributes.
 */
static int
dress_by(struct site *s, const struct later_item *item, int fd,
	 const struct stat *st, bool held)
{
	/* setgid on a new directory comes from the one it is in */
	mode_t mode = s->preserve ? item->mode
				  : (item->mode & 0777 & ~s->umask) |
					(st->st_mode & S_ISGID);
	/* as they were kept; nothing is changed through it */
	const struct attrs a = {(char *)item->link, item->link_len, 0};
	struct timespec times[2];
	struct stat now;

	site_times(times, item->mtime, item->mtime_ns);
	/* a destination that was there is the user's: its time alone is ours */
	if (item->path_len > 0 || s->new_root) {
		if (s->owner && fchownat(fd, "", (uid_t)item->uid,
					 (gid_t)item->gid, AT_EMPTY_PATH) != 0)
			return -1;
		if ((st->st_mode & 07777) != mode &&
		    (held ? fchmodat2_fd(fd, mode) : fchmod(fd, mode)) != 0)
			return -1;
		if (item->link_len > 0)
			outcome_add(&s->attrs,
				    xattrs_put(s, fd, true, item->path, &a));
	}
	if ((held ? utimensat(fd, "", times, AT_EMPTY_PATH)
		  : futimens(fd, times)) != 0)
		return -1;
	if (site_time_fits(item->mtime))
		return 0;
	if (fstat(fd, &now) != 0)
		return -1;
	site_check_time(s, item->path_len ? item->path : ".", &now,
			item->mtime);
	return 0;
}

/* Of dir, the tree's descriptor, *st is known. */
static int
dress(struct site *s, const struct later_item *item, int dir, struct stat *st)
{
	int fd, rc = -1, saved;

	if (item->link_len == 0 && dress_by(s, item, dir, st, true) == 0)
		return 0;
	if ((fd = reopen(dir, item)) < 0)
		return -1;
	if (fstat(fd, st) == 0)
		rc = dress_by(s, item, fd, st, false);
	saved = errno;
	close(fd);
	errno = saved;
	return rc;
}

/*
 * What to say of a directory that is not where it was made.  Nothing when a
 * later member of the same name took its place.
 */
static enum outcome
missing(struct site *s, const struct later_item *item, const char *name,
	const char *why)
{
	struct spot spot;
	struct stat st;

	if (item->path_len > 0 &&
	    site_look(s, item->path, item->path_len, &spot, &st) == 0 &&
	    site_made(s, spot.dir, &st))
		return OUTCOME_DONE;
	return site_refuse(s, name, why);
}

static int
finish_one(const struct later_item *item, void *arg)
{
	struct finishing *f = arg;
	struct site *s = f->site;
	const char *name = item->path_len ? item->path : ".";
	int dir = site_dir(s, item->path, item->path_len, false);
	enum outcome rc = OUTCOME_DONE;
	struct stat st;

	if (dir < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		rc = missing(s, item, name, "directory is not there any more");
	else if (dir < 0 || fstat(dir, &st) != 0)
		rc = site_error(s, name, errno);
	else if (st.st_dev != item->dev || st.st_ino != item->ino)
		rc = missing(s, item, name,
			     "directory is not the same any more");
	else if (dress(s, item, dir, &st) != 0)
		rc = site_error(s, name, errno);
	outcome_add(&f->worst, rc);
	return rc == OUTCOME_FATAL;
}

/* A new destination, which only its owner could enter, as mkdir makes it. */
static int
open_root(struct site *s)
{
	int fd = openat(site_dir(s, "", 0, false), ".",
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	int rc = -1;

	if (fd >= 0 && fstat(fd, &st) == 0)
		rc = fchmod(fd, (0777 & ~s->umask) | (st.st_mode & S_ISGID));
	if (fd >= 0)
		close(fd);
	return rc;
}

enum outcome
dirs_finish(struct site *s)
{
	struct finishing f = {s, OUTCOME_DONE};

	if (s->new_root && open_root(s) != 0)
		return site_error(s, ".", errno);
	if (later_dirs(s->later, finish_one, &f) < 0)
		return site_error(s, "directories", errno);
	return f.worst;
}
