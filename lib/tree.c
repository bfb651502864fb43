/*
 * The chain of directories that was used last, one level a component, some
 * of them open.  The next directory is mostly the same or a neighbour, so
 * what both have in common is kept and only the rest is opened, in one step
 * where openat2 can.  A bounded number of descriptors is open at a time.
 */
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mem.h"

/* descriptors kept, of those that there may be at most a share; pieces of a
 * path that openat2 takes; races retried */
enum { KEEP = 64, KEEP_SHARE = 4, KEEP_LEAST = 2, PIECE = 4096, RETRIES = 32 };

struct level {
	size_t end; /* of this component in the path */
	int fd;     /* -1: not held */
};

struct tree {
	int root;
	bool stepwise; /* there is no openat2 here */
	char *path;
	size_t path_cap;
	struct level *level;
	size_t depth, level_cap;
	size_t held, oldest; /* levels below oldest hold nothing */
	size_t keep;         /* most that are held */
};

/* How many descriptors to keep, so that the rest of the process has enough. */
static size_t
choose_keep(void)
{
	struct rlimit most;
	rlim_t keep = KEEP;

	if (getrlimit(RLIMIT_NOFILE, &most) == 0 &&
	    keep > most.rlim_cur / KEEP_SHARE)
		keep = most.rlim_cur / KEEP_SHARE;
	return keep > KEEP_LEAST ? (size_t)keep : KEEP_LEAST;
}

struct tree *
tree_new(int root)
{
	struct tree *t = xmalloc(sizeof *t);

	*t = (struct tree){.root = root, .keep = choose_keep()};
	return t;
}

static void
drop(struct tree *t, size_t depth)
{
	while (t->depth > depth) {
		struct level *l = &t->level[--t->depth];

		if (l->fd >= 0) {
			close(l->fd);
			t->held--;
		}
	}
	if (t->oldest > depth)
		t->oldest = depth;
}

void
tree_free(struct tree *t)
{
	if (!t)
		return;
	drop(t, 0);
	close(t->root);
	free(t->level);
	free(t->path);
	free(t);
}

/* Puts the component that ends at end on the chain, with fd or -1. */
static void
push(struct tree *t, size_t end, int fd)
{
	if (t->depth == t->level_cap) {
		t->level_cap = t->level_cap ? t->level_cap * 2 : 16;
		t->level = xrealloc(t->level, t->level_cap * sizeof *t->level);
	}
	t->level[t->depth++] = (struct level){end, fd};
	if (fd < 0 || ++t->held <= t->keep)
		return;
	while (t->level[t->oldest].fd < 0)
		t->oldest++;
	close(t->level[t->oldest].fd);
	t->level[t->oldest].fd = -1;
	t->held--;
}

/* How many levels of the chain are also the first ones of path. */
static size_t
common(const struct tree *t, const char *path, size_t len)
{
	size_t n = 0, start = 0;

	while (n < t->depth) {
		size_t end = t->level[n].end;

		if (end > len || (end < len && path[end] != '/') ||
		    memcmp(t->path + start, path + start, end - start) != 0)
			break;
		start = end;
		n++;
	}
	return n;
}

static int
open_step(int dir, const char *name)
{
	return openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Opens name, which may have several components, beneath dir. */
static int
open_beneath(struct tree *t, int dir, const char *name)
{
	struct open_how how = {
	    .flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
	    .resolve =
		RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};

	for (int i = 0; i < RETRIES; i++) {
		long fd = syscall(SYS_openat2, dir, name, &how, sizeof how);

		if (fd >= 0)
			return (int)fd;
		/* EAGAIN: something was renamed while the kernel looked */
		if (errno != EAGAIN)
			break;
	}
	/* no such call (Linux before 5.6), or a filter that forbids it */
	if (errno == ENOSYS || errno == EPERM || errno == EAGAIN)
		t->stepwise = true;
	return -1;
}

/* The end of the component that starts at start. */
static size_t
component(const char *path, size_t len, size_t start)
{
	const char *slash = memchr(path + start, '/', len - start);

	return slash ? (size_t)(slash - path) : len;
}

/*
 * From dir on, opens path + start to its end in as few steps as the kernel
 * allows.  Stores the descriptor in *fd, which is dir when nothing is left.
 */
static int
jump(struct tree *t, int dir, const char *path, size_t len, size_t start,
     int *fd)
{
	char name[PIECE];
	int at = dir;

	while (start < len) {
		size_t end = component(path, len, start), next;
		bool stepwise = t->stepwise;
		int opened = -1, saved;

		while (!stepwise && end < len &&
		       (next = component(path, len, end + 1)) - start < PIECE)
			end = next;
		if (end - start >= PIECE) {
			errno = ENAMETOOLONG;
		} else {
			memcpy(name, path + start, end - start);
			name[end - start] = '\0';
			opened = stepwise ? open_step(at, name)
					  : open_beneath(t, at, name);
		}
		/* openat2 turned out not to be there */
		if (opened < 0 && stepwise != t->stepwise)
			continue;
		saved = errno;
		if (at != dir)
			close(at);
		errno = saved;
		if (opened < 0)
			return -1;
		at = opened;
		start = end + 1;
	}
	*fd = at;
	return 0;
}

/* As jump, component by component, keeping each; with make, makes what is not
 * there.  Returns the last, or -1. */
static int
walk(struct tree *t, int dir, const char *path, size_t len, size_t start,
     bool make)
{
	char name[PIECE];

	while (start < len) {
		size_t end = component(path, len, start);
		int fd;

		if (end - start >= PIECE) {
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(name, path + start, end - start);
		name[end - start] = '\0';
		fd = open_step(dir, name);
		if (fd < 0 && errno == ENOENT && make) {
			if (mkdirat(dir, name, 0777) != 0 && errno != EEXIST)
				return -1;
			fd = open_step(dir, name);
		}
		if (fd < 0)
			return -1;
		push(t, end, fd);
		dir = fd;
		start = end + 1;
	}
	return dir;
}

/*
 * How far to jump: to the end; but when that is far, to where the last levels
 * can be kept.  Else whoever climbs up a deep tree would come from the root for
 * each of its levels.
 */
static size_t
landing(const struct tree *t, const char *path, size_t len, size_t start)
{
	size_t levels = 1, last = t->keep / 2, at = len;

	for (size_t i = start; i < len; i++)
		levels += path[i] == '/';
	if (levels <= 2 * t->keep)
		return len;
	while (last > 0)
		if (path[--at] == '/')
			last--;
	return at;
}

int
tree_dir(struct tree *t, const char *path, size_t len, bool make)
{
	size_t from, start, end, mid;
	int dir, fd;

	if (len == 0)
		return t->root;
	drop(t, common(t, path, len));
	for (from = t->depth; from > 0 && t->level[from - 1].fd < 0; from--)
		;
	dir = from ? t->level[from - 1].fd : t->root;
	start = from ? t->level[from - 1].end + 1 : 0;
	if (start > len)
		return dir;

	if (len > t->path_cap) {
		t->path_cap = len * 2;
		t->path = xrealloc(t->path, t->path_cap);
	}
	memcpy(t->path, path, len);
	mid = landing(t, path, len, start);
	if (jump(t, dir, path, mid, start, &fd) != 0) {
		drop(t, from);
		if (errno != ENOENT || !make)
			return -1;
		return walk(t, dir, path, len, start, true);
	}
	/* levels that were known but not held get their descriptors back */
	while (t->depth > from && t->level[t->depth - 1].end >= mid)
		drop(t, t->depth - 1);
	start = t->depth ? t->level[t->depth - 1].end + 1 : 0;
	for (; (end = component(path, mid, start)) < mid; start = end + 1)
		push(t, end, -1);
	push(t, mid, fd);
	return mid < len ? walk(t, fd, path, len, mid + 1, make) : fd;
}

void
tree_forget(struct tree *t, const char *path, size_t len)
{
	size_t n = common(t, path, len);

	if (n > 0 && t->level[n - 1].end == len)
		drop(t, n - 1);
}
