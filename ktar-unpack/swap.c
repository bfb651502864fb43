/*
 * Before and after the exchange both names are looked at: what was exchanged
 * is what was meant, or it is undone.
 */
#include "swap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/confine.h"
#include "lib/err.h"
#include "lib/io.h"

#include "remove.h"

static bool
is_at(const struct swap *w, const char *name, const struct stat *want)
{
	struct stat st;

	return fstatat(w->parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       st.st_dev == want->st_dev && st.st_ino == want->st_ino;
}

static bool
is_free(const struct swap *w, const char *name)
{
	struct stat st;

	return fstatat(w->parent, name, &st, AT_SYMLINK_NOFOLLOW) != 0 &&
	       errno == ENOENT;
}

static bool
is_absent(int errnum)
{
	return errnum == ENODATA || errnum == EOPNOTSUPP;
}

/* Copies an access control list that there may be, or removes what the new tree
 * may have from its parent. */
static int
copy_acl(int from, int to, const char *name)
{
	static char list[1 << 16];
	ssize_t n = fgetxattr(from, name, list, sizeof list);

	if (n < 0 && is_absent(errno))
		return fremovexattr(to, name) == 0 || is_absent(errno) ? 0 : -1;
	if (n < 0)
		return -1;
	return fsetxattr(to, name, list, (size_t)n, 0);
}

int
swap_prepare(const struct swap *w)
{
	mode_t mode = 0700 | (w->old_is.st_mode & S_ISGID);

	if (w->old < 0)
		return 0;
	if (w->tree_is.st_gid != w->old_is.st_gid &&
	    fchown(w->tree, (uid_t)-1, w->old_is.st_gid) != 0)
		return -1;
	if (fchmod(w->tree, mode) != 0)
		return -1;
	return copy_acl(w->old, w->tree, "system.posix_acl_default");
}

/* The new tree gets what the old one's owner, lists and mode are. */
static int
dress(const struct swap *w)
{
	if (w->old < 0)
		return 0;
	if (w->tree_is.st_uid != w->old_is.st_uid &&
	    fchown(w->tree, w->old_is.st_uid, (gid_t)-1) != 0)
		return -1;
	if (copy_acl(w->old, w->tree, "system.posix_acl_access") != 0)
		return -1;
	return fchmod(w->tree, w->old_is.st_mode & 07777);
}

static int
rename_with(const struct swap *w, unsigned flags)
{
	return renameat2(w->parent, w->temporary, w->parent, w->name, flags);
}

/* The new tree to a name that is free. */
static int
place(const struct swap *w)
{
	if (rename_with(w, RENAME_NOREPLACE) == 0)
		return 0;
	/* a file system that cannot say so replaces an empty directory at the
	 * most */
	return errno == EINVAL ? rename_with(w, 0) : -1;
}

static int
exchange(const struct swap *w)
{
	if (w->old < 0 ? place(w) != 0 : rename_with(w, RENAME_EXCHANGE) != 0) {
		warn(errno, "%s: cannot be replaced", w->label);
		return -1;
	}
	if (is_at(w, w->name, &w->tree_is) &&
	    (w->old < 0 || is_at(w, w->temporary, &w->old_is)))
		return 0;
	if (w->old >= 0 && rename_with(w, RENAME_EXCHANGE) != 0)
		warn(errno, "%s: was exchanged for %s%s", w->label, w->above,
		     w->temporary);
	warn(0, "%s: somebody else renames it at the same time", w->label);
	return -1;
}

static int
swap(const struct swap *w)
{
	if (w->old >= 0 ? !is_at(w, w->name, &w->old_is)
			: !is_free(w, w->name)) {
		warn(0, "%s: is not what it was at the start", w->label);
		return -1;
	}
	if (!is_at(w, w->temporary, &w->tree_is)) {
		warn(0, "%s: the new tree was renamed", w->label);
		return -1;
	}
	/* not even a machine that fails shows half of it */
	if (dress(w) != 0 || syncfs(w->tree) != 0) {
		warn(errno, "%s: the new tree", w->label);
		return -1;
	}
	return exchange(w);
}

/* Removes a tree and its name, if it still is at that. */
static int
discard(const struct swap *w, int tree, const char *name)
{
	char label[512];
	struct stat st;

	snprintf(label, sizeof label, "%s%s", w->above, name);
	if (remove_inside(tree, label) != 0)
		return -1;
	if (fstat(tree, &st) == 0 && is_at(w, name, &st) &&
	    unlinkat(w->parent, name, AT_REMOVEDIR) == 0)
		return 0;
	/* another run may have found it, and removes what is left behind */
	if (is_free(w, name))
		return 0;
	warn(errno, "%s", label);
	return -1;
}

/* Keeps stderr and what is needed; whoever waits for the end of another pipe
 * does not wait for this process. */
static void
keep_needed(const struct swap *w)
{
	int keep[SWAP_STALE + 6] = {STDERR_FILENO, w->control, w->answer,
				    w->parent,     w->tree,    w->old};
	const long most = sysconf(_SC_OPEN_MAX);

	memcpy(keep + 6, w->stale, sizeof w->stale);
	for (int fd = 0; fd < most; fd++) {
		bool needed = false;

		for (size_t i = 0; i < 6 + w->n_stale; i++)
			needed |= keep[i] == fd;
		if (!needed)
			close(fd);
	}
}

static void
confine(const struct swap *w)
{
	int trees[SWAP_STALE + 2] = {w->tree};
	size_t n = 1;

	if (w->old >= 0)
		trees[n++] = w->old;
	for (size_t i = 0; i < w->n_stale; i++)
		trees[n++] = w->stale[i];
	if (confine_swap(w->parent, trees, n) < 0)
		die(err_failure(), errno, "confinement");
}

static void
answer(const struct swap *w, char what)
{
	/* should nobody read it, nobody is misled */
	(void)io_write_full(w->answer, &what, 1);
}

/* When the pipe of answers ends, who has waited finds nothing locked. */
static _Noreturn void
end(const struct swap *w, int status)
{
	close(w->tree);
	if (w->old >= 0)
		close(w->old);
	for (size_t i = 0; i < w->n_stale; i++)
		close(w->stale[i]);
	_exit(status);
}

_Noreturn void
swap_run(const struct swap *w)
{
	sigset_t all;
	char word;

	/* the first process ends by the signals, this one when it has ended */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	keep_needed(w);
	confine(w);
	for (size_t i = 0; i < w->n_stale; i++)
		(void)discard(w, w->stale[i], w->stale_name[i]);
	if (io_read_full(w->control, &word, 1) != 1) {
		(void)discard(w, w->tree, w->temporary);
		end(w, EXIT_FAILURE);
	}
	if (swap(w) != 0) {
		answer(w, SWAP_FAILED);
		(void)discard(w, w->tree, w->temporary);
		end(w, EXIT_FAILURE);
	}
	answer(w, SWAP_DONE);
	if (w->old >= 0 && discard(w, w->old, w->temporary) != 0)
		end(w, EXIT_FAILURE);
	answer(w, SWAP_GONE);
	end(w, EXIT_SUCCESS);
}
