/*
 * A tree goes by descriptors, one a level.  What is deeper than they reach is
 * moved up to the top of the tree and goes from there, so that nothing has to
 * be remembered about the way down.
 */
#include "remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/fchmodat2.h"

/* levels that are open at a time; lines that are said */
enum { LEVELS = 32, SAY_MAX = 10 };

struct removal {
	int top;
	const char *label;
	size_t gone;   /* removed or moved up so far */
	size_t failed; /* what stays */
	unsigned long serial;
};

static void
failed(struct removal *r, const char *name)
{
	if (r->failed++ < SAY_MAX)
		warn(errno, "%s: %s", r->label, name);
}

static int
open_for(int dir, const char *name, int how)
{
	struct open_how h = {
	    .flags = (unsigned)how | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	struct stat in, at;
	int fd = (int)syscall(SYS_openat2, dir, name, &h, sizeof h);

	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return fd;
	/* no such call; then two mounts of one file system look the same */
	fd = openat(dir, name, how | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && fstat(dir, &in) == 0 && fstat(fd, &at) == 0 &&
	    in.st_dev == at.st_dev)
		return fd;
	if (fd >= 0) {
		close(fd);
		errno = EXDEV;
	}
	return -1;
}

/* Gives the owner all rights in a directory that cannot even be read. */
static int
unshut(int dir, const char *name)
{
	int fd = open_for(dir, name, O_PATH), rc;
	char path[40];

	if (fd < 0)
		return -1;
	rc = fchmodat2_fd(fd, 0700);
	if (rc != 0) {
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		rc = fchmodat(AT_FDCWD, path, 0700, 0);
	}
	close(fd);
	return rc;
}

/* A descriptor of a directory in which everything may be removed. */
static int
open_child(int dir, const char *name)
{
	struct stat st;
	int fd = open_for(dir, name, O_RDONLY);

	if (fd < 0 && errno == EACCES && unshut(dir, name) == 0)
		fd = open_for(dir, name, O_RDONLY);
	if (fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & 0700) != 0700)
		(void)fchmod(fd, 0700);
	return fd;
}

/* Moves a directory that is too deep to the top of the tree. */
static int
hoist(struct removal *r, int dir, const char *name)
{
	char to[40];

	do {
		snprintf(to, sizeof to, ".ktar-unpack-deep-%lu", ++r->serial);
		if (renameat2(dir, name, r->top, to, RENAME_NOREPLACE) == 0)
			return 0;
	} while (errno == EEXIST);
	return -1;
}

static void empty(struct removal *r, int fd, int level);

/* A directory that is not empty; level is that of dir. */
static void
descend(struct removal *r, int dir, const char *name, int level)
{
	size_t before = r->failed;
	int fd = open_child(dir, name);
	bool done;

	if (fd < 0) {
		failed(r, name);
		return;
	}
	if (level + 1 < LEVELS) {
		empty(r, fd, level + 1);
		done =
		    unlinkat(dir, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
	} else {
		close(fd);
		done = hoist(r, dir, name) == 0;
	}
	if (done)
		r->gone++;
	else if (r->failed == before)
		failed(r, name);
}

static void
remove_one(struct removal *r, int dir, const char *name, int level)
{
	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT) {
		r->gone++;
		return;
	}
	if (errno != EISDIR) {
		failed(r, name);
		return;
	}
	if (unlinkat(dir, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		r->gone++;
	else if (errno == ENOTEMPTY || errno == EEXIST)
		descend(r, dir, name, level);
	else
		failed(r, name);
}

/*
 * Empties the directory fd, which it closes.  Reads it again until a pass
 * finds nothing: what is removed, or moved up, under a reader may hide what
 * comes behind it.
 */
static void
empty(struct removal *r, int fd, int level)
{
	size_t failures = r->failed, before;
	struct dirent *e;
	DIR *d = fdopendir(fd);

	if (!d) {
		failed(r, ".");
		close(fd);
		return;
	}
	do {
		before = r->gone;
		rewinddir(d);
		errno = 0;
		while ((e = readdir(d))) {
			if (strcmp(e->d_name, ".") != 0 &&
			    strcmp(e->d_name, "..") != 0)
				remove_one(r, fd, e->d_name, level);
			errno = 0;
		}
		if (errno != 0)
			failed(r, ".");
	} while (r->gone != before && r->failed == failures);
	closedir(d);
}

int
remove_inside(int dir, const char *label)
{
	struct removal r = {.top = dir, .label = label};
	struct stat st;
	int fd;

	if (fstat(dir, &st) == 0 && (st.st_mode & 0700) != 0700)
		(void)fchmod(dir, 0700);
	if ((fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		failed(&r, ".");
	else
		empty(&r, fd, 0);
	if (r.failed > SAY_MAX)
		warn(0, "%s: %zu more could not be removed", label,
		     r.failed - SAY_MAX);
	return r.failed == 0 ? 0 : -1;
}
