/*
 * The kubeconfig as a file that is replaced: its lock, the draft beside it and
 * the rename.  Whatever could go wrong is found out before the caller asks for
 * tokens, since asking may use up the old ones.
 */
#include "writeback.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"

#include "arena.h"
#include "decode.h"
#include "files.h"
#include "kubeconfig.h"
#include "locked.h"
#include "yaml.h"

enum {
	/* how long, and how often, another's lock is looked at */
	LOCK_TRIES = 200,
	LOCK_STEP_NS = 50 * 1000 * 1000,
	MAX_LINKS = 40,
	/* what the file may grow by */
	ROOM_BYTES = 64 << 10
};

static const char acl[] = "system.posix_acl_access";

struct writeback {
	const char *user;
	char *file; /* as it is called by the user */
	char *real; /* with no symbolic link as its last part */
	char *lock;
	char *draft;
	bool locked, drafted; /* these files exist, and are ours */
	int fd;               /* of the draft, or -1 */
	struct stat st;       /* of the real file, when it was read */
	char *text;
	size_t len;
};

static int
complain(const struct writeback *w, int errnum, const char *what)
{
	warn(errnum, "%s: cannot write back tokens%s%s", w->file,
	     *what ? ": " : "", what);
	return -1;
}

/* Where path would stand if it were seen from the folder of beside; for
 * free. */
static char *
sibling(const char *beside, const char *path)
{
	const char *slash = strrchr(beside, '/');

	if (path[0] == '/' || !slash)
		return xstrdup(path);
	return xasprintf("%.*s/%s", (int)(slash - beside), beside, path);
}

/* The folder of path; for free. */
static char *
folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return xstrdup(".");
	return xstrndup(path, slash > path ? (size_t)(slash - path) : 1);
}

/* A name in /proc stands for what somebody has open, and nothing can take its
 * place. */
static bool
is_in_proc(const char *path)
{
	char *dir = folder(path);
	struct statfs fs;
	bool in = statfs(dir, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;

	free(dir);
	return in;
}

/* Follows symbolic links, so that they stay. */
static int
find_real(struct writeback *w)
{
	char to[PATH_MAX], *next;
	ssize_t n;

	w->real = xstrdup(w->file);
	for (int i = 0; i < MAX_LINKS; i++) {
		if (is_in_proc(w->real))
			return complain(w, 0, "not a file by name");
		n = readlink(w->real, to, sizeof to - 1);
		if (n < 0 && errno == EINVAL)
			return 0;
		if (n < 0)
			return complain(w, errno, "");
		to[n] = '\0';
		next = sibling(w->real, to);
		free(w->real);
		w->real = next;
	}
	return complain(w, ELOOP, "");
}

static int
take_lock(struct writeback *w)
{
	static const struct timespec step = {0, LOCK_STEP_NS};

	w->lock = xasprintf("%s.lock", w->file);
	for (int i = 0; i < LOCK_TRIES; i++) {
		sigset_t all, old;
		int fd, why;

		/* whose it is must be known when a signal comes */
		sigfillset(&all);
		sigprocmask(SIG_BLOCK, &all, &old);
		fd = open(w->lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
		why = errno;
		w->locked = fd >= 0;
		if (w->locked)
			locked_note(LOCKED_LOCK, w->lock);
		sigprocmask(SIG_SETMASK, &old, NULL);
		if (fd >= 0) {
			close(fd);
			return 0;
		}
		if (why != EEXIST && why != EINTR)
			return complain(w, why, w->lock);
		nanosleep(&step, NULL);
	}
	warn(0,
	     "%s: still there after %d seconds: another process changes %s, or "
	     "was killed and this file may be removed",
	     w->lock, (int)(LOCK_TRIES * (long long)LOCK_STEP_NS / 1000000000),
	     w->file);
	return -1;
}

/* The real file as it is now; for wipe_free.  Returns -1 and errno. */
static int
read_real(const struct writeback *w, struct stat *st, char **text, size_t *len)
{
	int fd, rc, saved;

	/* a FIFO must not hold us up */
	fd = open(w->real,
		  O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -1;
	rc = fstat(fd, st);
	if (rc == 0 && !S_ISREG(st->st_mode)) {
		errno = EINVAL;
		rc = -1;
	}
	if (rc == 0)
		rc = io_slurp(fd, FILES_MAX_BYTES, text, len);
	saved = errno;
	close(fd);
	errno = saved;
	return rc;
}

/* Whether the file may be replaced by another one of its name. */
static int
check_file(struct writeback *w)
{
	struct statx sx;

	if (lstat(w->real, &w->st) != 0)
		return complain(w, errno, "");
	if (!S_ISREG(w->st.st_mode))
		return complain(w, 0, "not a regular file");
	if (w->st.st_nlink > 1)
		return complain(w, 0, "the file has other names (hard links)");
	if (!(w->st.st_mode & S_IWUSR))
		return complain(w, 0, "the file is read-only");
	if (faccessat(AT_FDCWD, w->real, W_OK, AT_EACCESS) != 0)
		return complain(w, errno, "");
	if (getxattr(w->real, acl, NULL, 0) >= 0)
		return complain(w, 0, "the file has an access control list");
	if (statx(AT_FDCWD, w->real, AT_SYMLINK_NOFOLLOW, 0, &sx) == 0 &&
	    (sx.stx_attributes & STATX_ATTR_MOUNT_ROOT))
		return complain(w, 0,
				"the file is a mount of its own, which cannot "
				"be replaced");
	return 0;
}

/* The provider's config as it is now. */
static int
read_config(struct writeback *w, struct pairs *now, struct arena *a)
{
	struct kubeconfig *k = arena_alloc(a, sizeof *k);
	const struct user *u;
	struct node *root;
	char why[512];

	root = yaml_read(a, w->text, w->len, why, sizeof why);
	if (!root || decode_config(k, a, root, NULL,
				   arena_copy(a, w->file, strlen(w->file)), why,
				   sizeof why) != 0)
		return complain(w, 0, why);
	u = (const struct user *)entries_find(&k->users, w->user);
	if (!u || !u->provider) {
		warn(0, "%s: user \"%s\" has no auth-provider any more",
		     w->file, w->user);
		return -1;
	}
	*now = u->provider->config;
	return 0;
}

/* Whether the editor is able to do it: values that need quotes are the hardest
 * there are. */
static int
rehearse(const struct writeback *w)
{
	static const struct setting s[] = {{"id-token", "'\": #\\"},
					   {"refresh-token", "'\": #\\"}};
	char why[512], *out;
	size_t len;

	if (edit_config(w->text, w->len, w->user, s, sizeof s / sizeof s[0],
			&out, &len, why, sizeof why) != 0)
		return complain(w, 0, why);
	wipe_free(out, len);
	return 0;
}

/* Hidden, so that no list of the kubeconfigs in a folder finds it. */
static char *
draft_name(const char *real)
{
	const char *slash = strrchr(real, '/'),
		   *base = slash ? slash + 1 : real;

	return xasprintf("%.*s.%s.XXXXXX", (int)(base - real), real, base);
}

/* The new file, empty: its name, owner, mode and room. */
static int
make_draft(struct writeback *w)
{
	sigset_t all, old;
	int why;

	w->draft = draft_name(w->real);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	w->fd = mkostemp(w->draft, O_CLOEXEC);
	why = errno;
	w->drafted = w->fd >= 0;
	if (w->drafted)
		locked_note(LOCKED_DRAFT, w->draft);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (!w->drafted)
		return complain(w, why, "no new file beside it");
	why = posix_fallocate(w->fd, 0, (off_t)w->len + ROOM_BYTES);
	if (why != 0)
		return complain(w, why, "no room for a new file");
	/* that of the folder's default */
	if (fremovexattr(w->fd, acl) != 0 && errno != ENODATA &&
	    errno != ENOTSUP)
		return complain(w, errno, "access to a new file");
	if (fchown(w->fd, w->st.st_uid, w->st.st_gid) != 0)
		return complain(w, errno, "the owner of a new file");
	return 0;
}

struct writeback *
writeback_begin(const struct user *u, struct pairs *now, struct arena *a)
{
	struct writeback *w;

	if (!u->entry.file) {
		warn(0, "no file to write tokens back to");
		return NULL;
	}
	w = xmalloc(sizeof *w);
	memset(w, 0, sizeof *w);
	w->fd = -1;
	w->user = u->entry.name;
	w->file = xstrdup(u->entry.file);
	locked_hold();
	if (find_real(w) != 0 || check_file(w) != 0 || take_lock(w) != 0)
		goto fail;
	/* the file that it was before the lock may be another now */
	if (check_file(w) != 0)
		goto fail;
	if (read_real(w, &w->st, &w->text, &w->len) != 0) {
		complain(w, errno, "");
		goto fail;
	}
	if (read_config(w, now, a) != 0 || rehearse(w) != 0 ||
	    make_draft(w) != 0)
		goto fail;
	return w;
fail:
	writeback_end(w);
	return NULL;
}

/* Whether the file is still the one that was read. */
static int
check_unchanged(const struct writeback *w)
{
	struct stat st;
	char *text;
	size_t len;
	bool same;

	if (read_real(w, &st, &text, &len) != 0)
		return complain(w, errno, "");
	same = st.st_dev == w->st.st_dev && st.st_ino == w->st.st_ino &&
	       st.st_mode == w->st.st_mode && st.st_uid == w->st.st_uid &&
	       st.st_gid == w->st.st_gid && st.st_nlink == 1 && len == w->len &&
	       memcmp(text, w->text, len) == 0;
	wipe_free(text, len);
	return same ? 0 : complain(w, 0, "somebody else has changed the file");
}

static int
fill_draft(struct writeback *w, const char *text, size_t len)
{
	if (io_write_full(w->fd, text, len) != 0 ||
	    ftruncate(w->fd, (off_t)len) != 0 ||
	    fchmod(w->fd, w->st.st_mode & 07777) != 0 || fsync(w->fd) != 0)
		return complain(w, errno, w->draft);
	return 0;
}

/* The new name is on the disk. */
static int
sync_folder(const struct writeback *w)
{
	char *dir = folder(w->real);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0;

	/* a folder that cannot be read, or a file system that has nothing to
	 * do for it, is no fault */
	if (fd >= 0) {
		if (fsync(fd) != 0 && errno != EINVAL) {
			warn(errno, "%s: tokens written back, but not safely",
			     w->file);
			rc = -1;
		}
		close(fd);
	}
	free(dir);
	return rc;
}

int
writeback_set(struct writeback *w, const struct setting *s, size_t n)
{
	char why[512], *out;
	size_t len;
	int rc = -1;

	if (edit_config(w->text, w->len, w->user, s, n, &out, &len, why,
			sizeof why) != 0)
		return complain(w, 0, why);
	if (len > FILES_MAX_BYTES) {
		complain(w, EFBIG, "");
		goto out;
	}
	if (fill_draft(w, out, len) != 0 || check_unchanged(w) != 0)
		goto out;
	if (rename(w->draft, w->real) != 0) {
		complain(w, errno, "");
		goto out;
	}
	locked_note(LOCKED_DRAFT, NULL);
	w->drafted = false;
	rc = sync_folder(w);
out:
	wipe_free(out, len);
	return rc;
}

void
writeback_end(struct writeback *w)
{
	if (!w)
		return;
	if (w->drafted && unlink(w->draft) != 0)
		warn(errno, "%s", w->draft);
	locked_note(LOCKED_DRAFT, NULL);
	if (w->locked && unlink(w->lock) != 0)
		warn(errno, "%s", w->lock);
	locked_note(LOCKED_LOCK, NULL);
	locked_release();
	if (w->fd >= 0)
		close(w->fd);
	wipe_free(w->text, w->len);
	free(w->file);
	free(w->real);
	free(w->lock);
	free(w->draft);
	free(w);
}
