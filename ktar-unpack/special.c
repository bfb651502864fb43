/*
 * Devices and FIFOs.  They have no content, and their mode from the start, so
 * they are made under their own names.
 */
#include "special.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/fchmodat2.h"

static mode_t
kind_of(const struct scan_member *m)
{
	return m->type == SCAN_CHAR    ? S_IFCHR
	       : m->type == SCAN_BLOCK ? S_IFBLK
				       : S_IFIFO;
}

/*
 * Owner, mode and time of the new node, by a descriptor with O_PATH.  Only
 * what the umask took, or what is more than rights, needs a call of Linux 6.6.
 */
static int
dress(struct site *s, int fd, const char *path, const struct scan_member *m)
{
	struct timespec times[2];
	struct stat st;

	if (s->owner &&
	    fchownat(fd, "", (uid_t)m->uid, (gid_t)m->gid, AT_EMPTY_PATH) != 0)
		return -1;
	if (s->preserve && fstat(fd, &st) == 0 &&
	    (st.st_mode & 07777) != m->mode && fchmodat2_fd(fd, m->mode) != 0)
		return -1;
	site_times(times, m->mtime, m->mtime_ns);
	if (utimensat(fd, "", times, AT_EMPTY_PATH) != 0 || fstat(fd, &st) != 0)
		return -1;
	site_check_time(s, path, &st, m->mtime);
	return 0;
}

/* Whether fd is the node that was made, and not what somebody else has put in
 * its place. */
static bool
is_it(int fd, const struct scan_member *m, dev_t device, struct stat *st)
{
	return fstat(fd, st) == 0 && (st->st_mode & S_IFMT) == kind_of(m) &&
	       (m->type == SCAN_FIFO || st->st_rdev == device) &&
	       st->st_nlink == 1;
}

enum outcome
special_place(struct site *s, const struct scan_member *m,
	      const struct policy_take *t)
{
	dev_t device = m->type == SCAN_FIFO ? 0
					    : makedev((unsigned)m->dev_major,
						      (unsigned)m->dev_minor);
	struct spot spot;
	struct stat st;
	enum outcome rc = site_find(s, t->path, t->path_len, &spot);
	int fd;

	if (rc == OUTCOME_DONE)
		rc = site_clear(s, &spot);
	if (rc != OUTCOME_DONE)
		return rc;
	if (mknodat(spot.dir, spot.name, kind_of(m) | (m->mode & 0777),
		    device) != 0)
		return site_error(s, t->path, errno);
	fd = openat(spot.dir, spot.name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return site_error(s, t->path, errno);
	if (!is_it(fd, m, device, &st)) {
		rc = site_refuse(s, t->path,
				 "refused: another file was put in its place");
	} else if (dress(s, fd, t->path, m) != 0) {
		rc = site_error(s, t->path, errno);
		unlinkat(spot.dir, spot.name, 0);
	} else {
		inodes_add(s->made, st.st_dev, st.st_ino);
	}
	close(fd);
	return rc;
}
