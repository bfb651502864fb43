/*
 * The whole of ktar-unpack, confined as ever, in a process of its own and in a
 * real directory, which is made anew for each input beneath the working
 * directory.  The first two bytes are the options.  Afterwards nothing around
 * the directory may be another, and nothing in it what was not asked for.
 *
 * links: ktar-unpack/atomic ktar-unpack/attrs ktar-unpack/dirs
 * links: ktar-unpack/file ktar-unpack/fresh ktar-unpack/header
 * links: ktar-unpack/inodes ktar-unpack/later ktar-unpack/links
 * links: ktar-unpack/options
 * links: ktar-unpack/partial ktar-unpack/pax ktar-unpack/policy
 * links: ktar-unpack/remove ktar-unpack/scan ktar-unpack/site
 * links: ktar-unpack/source ktar-unpack/sparse ktar-unpack/special
 * links: ktar-unpack/spool ktar-unpack/stream ktar-unpack/sums
 * links: ktar-unpack/swap ktar-unpack/temporary ktar-unpack/unpack
 * links: ktar-unpack/xattrs lib/err lib/mem lib/io lib/base64 lib/usage
 * links: lib/confine lib/pattern lib/posixacl lib/tree lib/meter lib/line
 * links: lib/expect
 * links: lib/progress
 * pkgs: nettle libseccomp libzstd zlib
 */
#define main unpack_main
int unpack_main(int argc, char *argv[]);
#include "ktar-unpack/main.c"
#undef main

#include <dirent.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

/* Else a fault that they find would end as a refused member does. */
const char *
__asan_default_options(void)
{
	return "abort_on_error=1";
}

const char *
__ubsan_default_options(void)
{
	return "abort_on_error=1";
}

enum {
	REPAIRED = 1,
	PLANTED = 2,
	ATOMIC = 4,
	PRESERVED = 8,
	SPECIAL = 16,
	ANY_LINKS = 32,
	PACKED = 64,
	AS_NOBODY = 128
};
enum {
	STRIPPED = 1,
	KEPT = 2,
	OWNED = 4,
	INCLUDED = 8,
	EXCLUDED = 16,
	PREFIXED = 32,
	VERIFIED = 64,
	MANIFEST = 128
};
enum { NOBODY = 65534 };

static void
demand(bool good, const char *what)
{
	if (good)
		return;
	printf("# %s\n", what);
	fflush(stdout);
	abort();
}

/* Removes all beneath what is in dir, whatever rights it has. */
static void
clear(int dir, const char *name)
{
	int fd = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
	struct dirent *e;
	char self[32];
	DIR *d;

	if (fd < 0) {
		unlinkat(dir, name, 0);
		return;
	}
	snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
	chmod(self, 0700);
	close(fd);
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	d = fd < 0 ? NULL : fdopendir(fd);
	while (d && (e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			clear(fd, e->d_name);
	if (d)
		closedir(d);
	unlinkat(dir, name, AT_REMOVEDIR);
}

static void
write_file(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0644);

	demand(fd >= 0 && write(fd, text, strlen(text)) >= 0, "not written");
	close(fd);
}

static const char sum[] =
    "3a6eb0790f39ac87c94f3856b2dd2c5d110e6811602261a9a923d3bb23adc8b7  f\n";

struct world {
	int top, around, out; /* w, w/around, w/out */
	struct stat is_around, is_secret, is_out;
	bool nobody;
};

static void
world_make(struct world *w, unsigned how)
{
	clear(AT_FDCWD, "w");
	demand(mkdir("w", 0755) == 0, "no directory here");
	w->top = open("w", O_RDONLY | O_DIRECTORY);
	mkdirat(w->top, "around", 0755);
	mkdirat(w->top, "out", 0755);
	w->around = openat(w->top, "around", O_RDONLY | O_DIRECTORY);
	w->out = openat(w->top, "out", O_RDONLY | O_DIRECTORY);
	demand(w->top >= 0 && w->around >= 0 && w->out >= 0, "no world");
	write_file(w->around, "secret", "secret");
	write_file(w->around, "sums", sum);
	if (how & PLANTED) {
		write_file(w->out, "f", "mine");
		mkdirat(w->out, "d", 0755);
		(void)!symlinkat("../around", w->out, "l");
		(void)!symlinkat("../../around", w->out, "d/l");
		(void)!symlinkat("../around/secret", w->out, "s");
		(void)!symlinkat("../around/made", w->out, "m");
	}
	w->nobody = (how & AS_NOBODY) && geteuid() == 0;
	if (w->nobody)
		for (int i = 0; i < 4; i++) {
			static const char *const own[] = {"w", "w/around",
							  "w/out",
							  "w/around/secret"};

			demand(lchown(own[i], NOBODY, NOBODY) == 0, "chown");
		}
	fstat(w->around, &w->is_around);
	fstatat(w->around, "secret", &w->is_secret, 0);
	fstat(w->out, &w->is_out);
}

static bool
same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_mode == b->st_mode &&
	       a->st_nlink == b->st_nlink && a->st_uid == b->st_uid &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* A link that leads out, as it is on disk, over all others. */
static bool
leads_out(int top, const char *path)
{
	struct open_how how = {.flags = O_PATH, .resolve = RESOLVE_BENEATH};
	long fd = syscall(SYS_openat2, top, path, &how, sizeof how);

	if (fd >= 0)
		close((int)fd);
	return fd < 0 && errno == EXDEV;
}

static void
check_entry(const struct world *w, const char *path, const char *name,
	    const struct stat *st, unsigned how)
{
	mode_t kind = st->st_mode & S_IFMT;

	demand(strncmp(name, ".ktar-unpack-", 13) != 0, "a temporary name");
	demand(kind == S_IFREG || kind == S_IFDIR || kind == S_IFLNK ||
		   (how & SPECIAL),
	       "a kind of file that was not asked for");
	demand((how & PRESERVED) || kind == S_IFLNK ||
		   !(st->st_mode &
		     (S_ISUID | S_ISGID | S_ISVTX | S_IWGRP | S_IWOTH)),
	       "a mode that was not asked for");
	demand(kind != S_IFLNK || (how & (ANY_LINKS | PLANTED)) ||
		   !leads_out(w->out, path),
	       "a link that leads out");
}

static void
check_tree(const struct world *w, int dir, const char *at, unsigned how)
{
	int fd = dup(dir);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	demand(d, "a directory that cannot be read");
	rewinddir(d);
	while ((e = readdir(d))) {
		struct stat st;
		char *path;
		int below;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		demand(fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0,
		       "no such file");
		demand(asprintf(&path, "%s%s", at, e->d_name) > 0, "memory");
		check_entry(w, path, e->d_name, &st, how);
		free(path);
		if (!S_ISDIR(st.st_mode))
			continue;
		below =
		    openat(dir, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
		/* one that its owner may not read */
		if (below < 0)
			continue;
		demand(asprintf(&path, "%s%s/", at, e->d_name) > 0, "memory");
		check_tree(w, below, path, how);
		free(path);
		close(below);
	}
	closedir(d);
}

static int
count_entries(int dir)
{
	int fd = dup(dir), n = 0;
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	demand(d, "a directory that cannot be read");
	rewinddir(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void
world_check(struct world *w, unsigned how)
{
	struct stat st;

	demand(count_entries(w->top) == 2, "something beside the directory");
	demand(fstat(w->around, &st) == 0 && same(&st, &w->is_around),
	       "something came, went or changed outside");
	demand(fstatat(w->around, "secret", &st, 0) == 0 &&
		   same(&st, &w->is_secret),
	       "a file outside is another");
	/* with --atomic it is another directory */
	close(w->out);
	w->out = openat(w->top, "out", O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	demand(w->out >= 0 && fstat(w->out, &st) == 0 &&
		   st.st_mode == w->is_out.st_mode &&
		   st.st_uid == w->is_out.st_uid,
	       "the directory itself is another");
	check_tree(w, w->out, "", how);
}

/* The command line that the two bytes stand for; how many words. */
static int
command_line(char *argv[], unsigned how, unsigned what)
{
	static const struct {
		unsigned how, what;
		const char *word;
	} words[] = {
	    {ATOMIC, 0, "--atomic"},
	    {PRESERVED, 0, "-p"},
	    {PRESERVED, 0, "--xattrs"},
	    {PRESERVED, 0, "--acls"},
	    {SPECIAL, 0, "--special"},
	    {ANY_LINKS, 0, "--links=all"},
	    {PACKED, 0, "--auto"},
	    {PACKED, 0, "--max-bytes=8M"},
	    {0, STRIPPED, "--strip-components=1"},
	    {0, KEPT, "-k"},
	    {0, OWNED, "--same-owner"},
	    {0, INCLUDED, "--include=[a-m]*"},
	    {0, EXCLUDED, "--exclude=*c*"},
	    {0, PREFIXED, "--prefix=d"},
	    {0, VERIFIED, "--verify=w/around/sums"},
	    {0, MANIFEST, "--manifest=1"},
	};
	int n = 0;

	argv[n++] = (char *)"ktar-unpack";
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if ((words[i].how & how) || (words[i].what & what))
			argv[n++] = (char *)words[i].word;
	argv[n++] = (char *)"w/out";
	argv[n] = NULL;
	return n;
}

static void
child(const struct world *w, int in, unsigned how, unsigned what)
{
	int null = open("/dev/null", O_RDWR), argc;
	char *argv[32];

	if (dup2(in, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		_exit(99);
	/* KPIPE_SAY: to see what a fault was */
	if (!getenv("KPIPE_SAY") && dup2(null, STDERR_FILENO) < 0)
		_exit(99);
	for (int fd = STDERR_FILENO + 1; fd < 16; fd++)
		close(fd);
	if (w->nobody && setresuid(NOBODY, NOBODY, NOBODY) != 0)
		_exit(99);
	/* a fuzzer ends this process when it takes long */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	umask(022);
	argc = command_line(argv, how, what);
	exit(unpack_main(argc, argv));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned how, what;
	struct world w;
	uint8_t *copy;
	int in, status = 0;
	pid_t pid;

	if (size < 2)
		return 0;
	how = data[0];
	what = data[1];
	if (memmem(data, size, ".ktar-unpack-", 13))
		return 0;
	copy = malloc(size);
	demand(copy, "memory");
	memcpy(copy, data + 2, size - 2);
	if (how & REPAIRED)
		repair(copy, size - 2);
	in = memfd_create("stream", 0);
	demand(in >= 0 && write(in, copy, size - 2) == (ssize_t)size - 2 &&
		   lseek(in, 0, SEEK_SET) == 0,
	       "no stream");
	free(copy);
	world_make(&w, how);
	pid = fork();
	if (pid == 0)
		child(&w, in, how, what);
	demand(pid > 0 && waitpid(pid, &status, 0) == pid, "no process");
	close(in);
	if (WIFSIGNALED(status))
		raise(WTERMSIG(status));
	demand(WIFEXITED(status) && WEXITSTATUS(status) <= 2,
	       "another exit status");
	world_check(&w, how);
	close(w.out);
	close(w.around);
	close(w.top);
	return 0;
}
