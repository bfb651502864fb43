/*
 * --atomic, in the process that reads the archive: what can be known to fail
 * is found before the first byte.
 */
#include "atomic.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"

#include "partial.h"
#include "swap.h"
#include "temporary.h"

/* Of the name of a tree that is not in place. */
#define PREFIX ".ktar-unpack-tree-"

static _Noreturn void
cannot(const struct swap *w, const char *why)
{
	die(err_failure(), 0, "%s: %s: --atomic cannot replace it", w->label,
	    why);
}

/* Splits the path; its last part has to be a name of its parent's. */
static void
split(struct swap *w, const char *dir)
{
	size_t end = strlen(dir), start;

	while (end > 1 && dir[end - 1] == '/')
		end--;
	for (start = end; start > 0 && dir[start - 1] != '/'; start--)
		;
	w->label = dir;
	w->name = xstrndup(dir + start, end - start);
	if (w->name[0] == '\0')
		cannot(w, strlen(dir) ? "is the root" : "is no name");
	if (strcmp(w->name, ".") == 0 || strcmp(w->name, "..") == 0)
		cannot(w, "is no name in its parent");
	w->above = xstrndup(dir, start);
}

/* Looks at what is there now, and holds it. */
static void
look(struct swap *w)
{
	const char *parent = w->above[0] ? w->above : ".";
	struct statx sx;
	struct stat above;

	w->parent = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (w->parent < 0 || fstat(w->parent, &above) != 0)
		die(err_failure(), errno, "%s", parent);
	w->old = -1;
	if (fstatat(w->parent, w->name, &w->old_is, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno == ENOENT)
			return;
		die(err_failure(), errno, "%s", w->label);
	}
	if (S_ISLNK(w->old_is.st_mode))
		cannot(w, "is a symbolic link");
	if (!S_ISDIR(w->old_is.st_mode))
		die(err_failure(), ENOTDIR, "%s", w->label);
	if (w->old_is.st_dev != above.st_dev ||
	    (statx(w->parent, w->name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
		   STATX_TYPE, &sx) == 0 &&
	     (sx.stx_attributes & STATX_ATTR_MOUNT_ROOT)))
		cannot(w, "is a mount point");
	w->old = openat(w->parent, w->name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (w->old < 0 || fstat(w->old, &w->old_is) != 0)
		die(err_failure(), errno, "%s", w->label);
	if (w->old_is.st_uid != geteuid() && geteuid() != 0)
		cannot(w, "belongs to another user");
	if (flock(w->old, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
		cannot(w, "is locked, it may be by another such run");
}

/* A new directory that only its owner can enter. */
static int
make_tree(const struct swap *w, char name[SWAP_NAME])
{
	for (int i = 0; i < 16; i++) {
		if (temporary_name(name, SWAP_NAME, PREFIX) != 0)
			die(err_failure(), errno, "random numbers");
		if (mkdirat(w->parent, name, 0700) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	return -1;
}

/* Makes the tree and locks it, so that no other run takes it for stale. */
static int
make_locked(struct swap *w)
{
	struct stat st;

	for (int i = 0; i < 16; i++) {
		if (make_tree(w, w->temporary) != 0)
			return -1;
		w->tree =
		    openat(w->parent, w->temporary,
			   O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (w->tree < 0 && errno == ENOENT)
			continue;
		if (w->tree < 0 || fstat(w->tree, &w->tree_is) != 0)
			return -1;
		/* where nothing can be locked nothing is taken for stale */
		if ((flock(w->tree, LOCK_EX | LOCK_NB) == 0 ||
		     errno != EWOULDBLOCK) &&
		    fstatat(w->parent, w->temporary, &st,
			    AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_ino == w->tree_is.st_ino)
			return 0;
		close(w->tree);
	}
	errno = EAGAIN;
	return -1;
}

/* Whether the file system can exchange two names. */
static int
try_exchange(const struct swap *w)
{
	char other[SWAP_NAME];
	int rc, saved;

	if (make_tree(w, other) != 0)
		return -1;
	rc = renameat2(w->parent, w->temporary, w->parent, other,
		       RENAME_EXCHANGE);
	if (rc == 0)
		rc = renameat2(w->parent, w->temporary, w->parent, other,
			       RENAME_EXCHANGE);
	saved = errno;
	unlinkat(w->parent, other, AT_REMOVEDIR);
	errno = saved;
	return rc;
}

static bool
is_ours(const char *name)
{
	size_t n = sizeof PREFIX - 1;

	return strncmp(name, PREFIX, n) == 0 &&
	       strlen(name + n) == TEMPORARY_DIGITS &&
	       strspn(name + n, "0123456789abcdef") == TEMPORARY_DIGITS;
}

/* Finds trees that killed runs have left: the user's own, and not locked. */
static void
find_stale(struct swap *w)
{
	int fd = openat(w->parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	struct stat st;

	while (d && w->n_stale < SWAP_STALE && (e = readdir(d))) {
		if (!is_ours(e->d_name) || strcmp(e->d_name, w->temporary) == 0)
			continue;
		fd = openat(w->parent, e->d_name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
		    flock(fd, LOCK_EX | LOCK_NB) == 0) {
			w->stale[w->n_stale] = fd;
			memcpy(w->stale_name[w->n_stale++], e->d_name,
			       strlen(e->d_name) + 1);
		} else if (fd >= 0) {
			close(fd);
		}
	}
	/* a parent that may not be read: they stay */
	if (d)
		closedir(d);
	else if (fd >= 0)
		close(fd);
}

/* Pipes and the second process.  0, or -1 with errno. */
static int
start_swap(struct atomic *a)
{
	struct swap *w = a->swap;
	int control[2], back[2];
	pid_t pid;

	if (pipe2(control, O_CLOEXEC) != 0 || pipe2(back, O_CLOEXEC) != 0 ||
	    (pid = fork()) < 0)
		return -1;
	if (pid == 0) {
		close(control[1]);
		close(back[0]);
		w->control = control[0];
		w->answer = back[1];
		swap_run(w);
	}
	/* the reading end stays open: a word to a dead process is no signal */
	w->control = control[0];
	a->control = control[1];
	a->answer = back[0];
	close(back[1]);
	return 0;
}

int
atomic_start(struct atomic *a, const char *dir)
{
	struct swap *w = xmalloc(sizeof *w);
	const char *why = NULL;
	sigset_t all, before;
	int fd = -1, saved;

	/* a signal comes when there is somebody who removes the tree */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	*w = (struct swap){.tree = -1};
	*a = (struct atomic){.dir = dir, .swap = w};
	split(w, dir);
	look(w);
	a->fresh = w->old < 0;
	if (make_locked(w) != 0)
		die(err_failure(), errno, "%s: a directory beside it", dir);
	find_stale(w);
	if (w->old >= 0 && try_exchange(w) != 0)
		why = "directories cannot be exchanged on this file system";
	else if (swap_prepare(w) != 0)
		why = "its group or access control list cannot be kept";
	else if ((fd = openat(w->tree, ".", O_PATH | O_DIRECTORY | O_CLOEXEC)) <
		     0 ||
		 start_swap(a) != 0)
		why = "a second process cannot be made";
	if (why) {
		saved = errno;
		unlinkat(w->parent, w->temporary, AT_REMOVEDIR);
		die(err_failure(), saved, "%s: --atomic: %s", dir, why);
	}
	for (size_t i = 0; i < w->n_stale; i++)
		close(w->stale[i]);
	close(w->parent);
	close(w->tree);
	if (w->old >= 0)
		close(w->old);
	partial_set_partner(a->control, a->answer);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return fd;
}

/* Reads answers to the end; returns the last, or '\0'. */
static char
wait_for_end(struct atomic *a)
{
	char last = '\0', c;

	while (io_read(a->answer, &c, 1) == 1)
		last = c;
	return last;
}

static void
forget(struct atomic *a)
{
	partial_set_partner(-1, -1);
	close(a->answer);
	close(a->swap->control);
	free(a->swap->above);
	free((char *)a->swap->name);
	free(a->swap);
}

int
atomic_commit(struct atomic *a)
{
	const struct swap *w = a->swap;
	char last = '\0';

	if (io_write_full(a->control, SWAP_WORD, 1) == 0)
		last = wait_for_end(a);
	close(a->control);
	if (last == SWAP_DONE)
		warn(0, "%s: is replaced, but what it was is still in %s%s",
		     a->dir, w->above, w->temporary);
	else if (last == '\0')
		warn(0, "%s: the process that replaces it was ended", a->dir);
	forget(a);
	return last == SWAP_GONE ? 0 : -1;
}

void
atomic_abandon(struct atomic *a)
{
	close(a->control);
	wait_for_end(a);
	forget(a);
}
