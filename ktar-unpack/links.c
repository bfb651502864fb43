/*
 * Links of both kinds.  A hard link leads to an inode that this run has
 * made, or it is not made.
 */
#include "links.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

struct finishing {
	struct site *site;
	enum outcome worst;
};

static enum outcome
wait_for_files(struct site *s, enum later_kind kind,
	       const struct scan_member *m, const struct policy_take *t)
{
	struct later_item item = {
	    .kind = kind,
	    .path = t->path,
	    .path_len = t->path_len,
	    .link = t->link,
	    .link_len = t->link_len,
	    .uid = (uint32_t)m->uid,
	    .gid = (uint32_t)m->gid,
	    .mtime = m->mtime,
	    .mtime_ns = m->mtime_ns,
	};
	struct spot spot;
	enum outcome rc = site_find(s, t->path, t->path_len, &spot);

	if (rc == OUTCOME_DONE)
		rc = site_clear(s, &spot);
	if (rc == OUTCOME_DONE && later_add(s->later, &item) < 0)
		rc = site_error(s, t->path, errno);
	return rc;
}

enum outcome
links_symbolic(struct site *s, const struct scan_member *m,
	       const struct policy_take *t)
{
	return wait_for_files(s, LATER_SYMLINK, m, t);
}

/*
 * Finds target, a member's path.  Returns 1 and a descriptor of its
 * directory, the caller's to close, when it is a file that this run has
 * made; 0 when it is not, or is not there; -1 with errno.
 */
static int
find_made(struct site *s, const char *target, size_t len, struct spot *spot,
	  struct stat *st)
{
	if (site_look(s, target, len, spot, st) != 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP
			   ? 0
			   : -1;
	if (S_ISDIR(st->st_mode) || !site_made(s, spot->dir, st))
		return 0;
	spot->dir = fcntl(spot->dir, F_DUPFD_CLOEXEC, 3);
	return spot->dir < 0 ? -1 : 1;
}

/* Links from to to, and makes sure that it was the file *st after all. */
static enum outcome
join(struct site *s, const struct spot *from, const struct spot *to,
     const struct stat *st)
{
	struct stat now;
	enum outcome rc;

	if (fstatat(to->dir, to->name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	    now.st_dev == st->st_dev && now.st_ino == st->st_ino)
		return OUTCOME_DONE;
	if ((rc = site_clear(s, to)) != OUTCOME_DONE)
		return rc;
	if (linkat(from->dir, from->name, to->dir, to->name, 0) != 0)
		return site_error(s, to->path, errno);
	if (fstatat(to->dir, to->name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	    now.st_dev == st->st_dev && now.st_ino == st->st_ino)
		return OUTCOME_DONE;
	/* somebody else put another file there in between */
	unlinkat(to->dir, to->name, 0);
	return site_refuse(s, to->path,
			   "refused: the hard link's target was replaced");
}

/* Makes a hard link if its target is there; *found tells. */
static enum outcome
try_hard(struct site *s, const char *path, size_t path_len, const char *target,
	 size_t target_len, bool *found)
{
	struct spot from, to;
	struct stat st;
	enum outcome rc;
	int got = find_made(s, target, target_len, &from, &st);

	*found = got > 0;
	if (got < 0)
		return site_error(s, path, errno);
	if (got == 0)
		return OUTCOME_DONE;
	rc = site_find(s, path, path_len, &to);
	if (rc == OUTCOME_DONE)
		rc = join(s, &from, &to, &st);
	close(from.dir);
	return rc;
}

enum outcome
links_hard(struct site *s, const struct scan_member *m,
	   const struct policy_take *t)
{
	bool found;
	enum outcome rc =
	    try_hard(s, t->path, t->path_len, t->link, t->link_len, &found);

	if (found || rc != OUTCOME_DONE)
		return rc;
	return wait_for_files(s, LATER_HARDLINK, m, t);
}

/*
 * Whether the name of a link that waited is still its own.  What the stream
 * put there later wins, unless it is a symbolic link, which waited as well
 * and comes in order.  OUTCOME_REFUSED: it is not, and it was said or needs
 * no word (*silent).
 */
static enum outcome
still_free(struct site *s, const struct spot *spot, bool *silent)
{
	struct stat st;

	*silent = false;
	if (fstatat(spot->dir, spot->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? OUTCOME_DONE
				       : site_error(s, spot->path, errno);
	if (S_ISDIR(st.st_mode))
		return site_refuse(
		    s, spot->path,
		    "refused: the link is a directory elsewhere in the stream");
	if (!site_made(s, spot->dir, &st))
		return site_refuse(
		    s, spot->path,
		    "refused: another file was put in the link's place");
	if (S_ISLNK(st.st_mode))
		return site_clear(s, spot);
	*silent = true;
	return OUTCOME_REFUSED;
}

/* Gives the new link its owner; never a file that somebody else has put there
 * meanwhile, who would then own what is not his. */
static enum outcome
give_owner(struct site *s, const struct later_item *item,
	   const struct spot *spot)
{
	int fd = openat(spot->dir, spot->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	enum outcome rc = OUTCOME_DONE;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		rc = site_error(s, item->path, errno);
	else if (!S_ISLNK(st.st_mode) || st.st_nlink != 1)
		rc = site_refuse(
		    s, item->path,
		    "refused: another file was put in the link's place");
	else if (fchownat(fd, "", (uid_t)item->uid, (gid_t)item->gid,
			  AT_EMPTY_PATH) != 0)
		rc = site_error(s, item->path, errno);
	if (fd >= 0)
		close(fd);
	return rc;
}

static enum outcome
make_symbolic(struct site *s, const struct later_item *item,
	      const struct spot *spot)
{
	struct timespec times[2];
	struct stat st;
	enum outcome rc;

	if (symlinkat(item->link, spot->dir, spot->name) != 0)
		return site_error(s, item->path, errno);
	site_times(times, item->mtime, item->mtime_ns);
	if (s->owner && (rc = give_owner(s, item, spot)) != OUTCOME_DONE)
		return rc;
	if (utimensat(spot->dir, spot->name, times, AT_SYMLINK_NOFOLLOW) != 0 ||
	    fstatat(spot->dir, spot->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return site_error(s, item->path, errno);
	site_check_time(s, item->path, &st, item->mtime);
	inodes_add(s->made, st.st_dev, st.st_ino);
	return OUTCOME_DONE;
}

static enum outcome
finish_item(struct site *s, const struct later_item *item)
{
	struct spot spot;
	enum outcome rc = site_find(s, item->path, item->path_len, &spot);
	bool silent, found;

	if (rc != OUTCOME_DONE)
		return rc;
	/* as GNU tar writes a name that it was given twice: it stays */
	if (item->kind == LATER_HARDLINK &&
	    strcmp(item->path, item->link) == 0) {
		rc = try_hard(s, item->path, item->path_len, item->link,
			      item->link_len, &found);
		if (found || rc != OUTCOME_DONE)
			return rc;
	}
	rc = still_free(s, &spot, &silent);
	if (rc != OUTCOME_DONE)
		return silent ? OUTCOME_DONE : rc;
	if (item->kind == LATER_SYMLINK)
		return make_symbolic(s, item, &spot);
	rc = try_hard(s, item->path, item->path_len, item->link, item->link_len,
		      &found);
	if (rc == OUTCOME_DONE && !found)
		return site_refuse(
		    s, item->path,
		    "refused: hard link to a file that is not of this stream");
	return rc;
}

static int
finish_one(const struct later_item *item, void *arg)
{
	struct finishing *f = arg;
	enum outcome rc = finish_item(f->site, item);

	outcome_add(&f->worst, rc);
	return rc == OUTCOME_FATAL;
}

enum outcome
links_finish(struct site *s)
{
	struct finishing f = {s, OUTCOME_DONE};

	if (later_links(s->later, finish_one, &f) < 0)
		return site_error(s, "links", errno);
	return f.worst;
}
