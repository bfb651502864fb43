/*
 * lib/tree: whatever was asked before, a descriptor is that of the path that
 * is asked for now; links are not followed.
 *
 * links: lib/tree lib/mem lib/err
 */
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/tree.h"

enum { ROUNDS = 4000, DEEP = 90, NAME = 200 };

static uint32_t seed = 1;

static uint32_t
dice(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 16) % n;
}

static bool
is_at(int fd, int root, const char *path)
{
	struct stat got, want;

	return fd >= 0 && fstat(fd, &got) == 0 &&
	       fstatat(root, *path ? path : ".", &want, 0) == 0 &&
	       got.st_dev == want.st_dev && got.st_ino == want.st_ino;
}

/* paths of up to 80 levels over two names, so that chains share much */
static void
wander(struct tree *t, int root)
{
	char path[256];
	int wrong = 0;

	for (int i = 0; i < ROUNDS; i++) {
		size_t len = 0;

		for (uint32_t n = dice(3) ? dice(6) : dice(80); n > 0; n--) {
			if (len > 0)
				path[len++] = '/';
			path[len++] = dice(8) ? 'a' : 'b';
		}
		path[len] = '\0';
		if (!is_at(tree_dir(t, path, len, true), root, path))
			wrong++;
	}
	ok(wrong == 0, "%d paths in turn, %d wrong", ROUNDS, wrong);
}

static void
beyond_path_max(struct tree *t)
{
	static char path[DEEP * (NAME + 1)];
	int fd, up[2];
	struct stat a, b;

	memset(path, 'n', sizeof path);
	for (int i = 1; i < DEEP; i++)
		path[i * (NAME + 1) - 1] = '/';
	path[sizeof path - 1] = '\0';
	fd = tree_dir(t, path, sizeof path - 1, true);
	ok(fd >= 0 && fstat(fd, &a) == 0, "a path of %zu bytes is made",
	   sizeof path - 1);
	up[0] = tree_dir(t, path, NAME, false);
	up[1] = tree_dir(t, path, 2 * NAME + 1, false);
	ok(up[0] >= 0 && up[1] >= 0, "and its first levels are found again");
	ok(tree_dir(t, "", 0, false) >= 0, "and the root");
	fd = tree_dir(t, path, sizeof path - 1, false);
	ok(fd >= 0 && fstat(fd, &b) == 0 && a.st_ino == b.st_ino,
	   "and the end");
	path[sizeof path - 2] = 'x';
	fd = tree_dir(t, path, sizeof path - 1, false);
	ok(fd < 0 && errno == ENOENT, "what is not there is not made");
}

static void
links(struct tree *t, int root)
{
	int fd;

	ok(mkdir("outside", 0700) == 0 &&
	       symlinkat("../outside", root, "out") == 0 &&
	       symlinkat("a", root, "in") == 0 &&
	       close(openat(root, "file", O_WRONLY | O_CREAT, 0600)) == 0,
	   "links and a file");
	for (int make = 0; make < 2; make++) {
		fd = tree_dir(t, "out", 3, make);
		ok(fd < 0 && (errno == ELOOP || errno == ENOTDIR),
		   "a link out is not followed (make %d)", make);
		fd = tree_dir(t, "out/x/y", 7, make);
		ok(fd < 0 && (errno == ELOOP || errno == ENOTDIR),
		   "nor is it on the way");
		fd = tree_dir(t, "in/a", 4, make);
		ok(fd < 0 && (errno == ELOOP || errno == ENOTDIR),
		   "nor is one that stays inside");
		fd = tree_dir(t, "file/x", 6, make);
		ok(fd < 0 && errno == ENOTDIR, "a file is no directory");
	}
	ok(access("outside/x", F_OK) != 0, "nothing was made outside");
}

static void
forgotten(struct tree *t, int root)
{
	int fd = tree_dir(t, "g/h", 3, true);

	ok(fd >= 0 && unlinkat(root, "g/h", AT_REMOVEDIR) == 0 &&
	       unlinkat(root, "g", AT_REMOVEDIR) == 0,
	   "a directory is removed");
	tree_forget(t, "g", 1);
	fd = tree_dir(t, "g/h", 3, false);
	ok(fd < 0 && errno == ENOENT, "and is not found any more");
	fd = tree_dir(t, "g/h", 3, true);
	ok(is_at(fd, root, "g/h"), "until it is made again");
}

static int
count_open(int below)
{
	int n = 0;

	for (int fd = 0; fd < below; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* with few descriptors the way to most of these is a jump and some steps */
static void
few(int root)
{
	enum { FEW = 24 };
	struct rlimit most = {0}, less;
	struct tree *t;
	int before, held;

	getrlimit(RLIMIT_NOFILE, &most);
	less = most;
	less.rlim_cur = FEW;
	ok(setrlimit(RLIMIT_NOFILE, &less) == 0, "%d descriptors", FEW);
	t = tree_new(openat(root, ".", O_PATH | O_DIRECTORY));
	before = count_open(FEW);
	wander(t, root);
	held = count_open(FEW) - before;
	ok(held > 0 && held <= FEW / 4, "%d of them are kept", held);
	tree_free(t);
	setrlimit(RLIMIT_NOFILE, &most);
}

int
main(void)
{
	struct tree *t;
	int root;

	err_init("unit", 1);
	if (mkdir("root", 0700) != 0)
		return 1;
	root = open("root", O_RDONLY | O_DIRECTORY);
	t = tree_new(open("root", O_PATH | O_DIRECTORY));
	wander(t, root);
	beyond_path_max(t);
	links(t, root);
	forgotten(t, root);
	tree_free(t);
	few(root);
	return tap_end();
}
