/*
 * What credential plugins gave, kept beneath $XDG_RUNTIME_DIR for as long as
 * it is good.  All names are of one directory that is held open, whose owner
 * we are and that nobody else may look into; links are not followed, and what
 * is no file of ours is not read.
 *
 *	NAME        the credential, as a plugin would print it
 *	NAME.lock   whoever looks, makes or removes has flock(2) of it
 *	NAME.new    a credential that is being written
 */
#include "cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"

#include "child.h"
#include "execcred.h"
#include "kubeconfig.h"

static const char folder[] = "kpipe", folder_shown[] = "XDG_RUNTIME_DIR/kpipe";
static const char lock_end[] = ".lock", new_end[] = ".new";

enum { NAME_BYTES = CACHEKEY_CHARS + 8, LOCK_STEP_NS = 10 * 1000 * 1000 };

struct name {
	char s[NAME_BYTES];
};

static struct name
name_of(const char *key, const char *end)
{
	struct name n;

	snprintf(n.s, sizeof n.s, "%.*s%s", (int)CACHEKEY_CHARS, key, end);
	return n;
}

/* Goes on without the cache, and says why; errnum may be 0. */
static void
complain(const struct cache *k, int errnum, const char *what, const char *why)
{
	if (!k->quiet)
		warn(errnum, "cache: %s%s%s", what, why ? ": " : "",
		     why ? why : "");
}

static bool
is_private(const struct stat *st)
{
	return st->st_uid == geteuid() && (st->st_mode & 077) == 0;
}

/* A file of ours that has no other name. */
static bool
is_our_file(int fd, struct stat *st)
{
	return fstat(fd, st) == 0 && S_ISREG(st->st_mode) && is_private(st) &&
	       st->st_nlink == 1;
}

/* A directory that is ours alone; else -1, and that was said. */
static int
open_private(const struct cache *k, int at, const char *name, int flags,
	     const char *shown)
{
	struct stat st;
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);

	if (fd < 0) {
		complain(k, errno, shown, NULL);
		return -1;
	}
	if (fstat(fd, &st) == 0 && is_private(&st))
		return fd;
	complain(k, 0, shown, "not a directory that is ours alone (mode 0700)");
	close(fd);
	return -1;
}

static int
open_folder(const struct cache *k)
{
	const char *base = getenv("XDG_RUNTIME_DIR");
	int top, fd = -1;

	if (!is_set(base) || base[0] != '/') {
		complain(k, 0, "XDG_RUNTIME_DIR",
			 is_set(base) ? "not an absolute path" : "not set");
		return -1;
	}
	top = open_private(k, AT_FDCWD, base, 0, base);
	if (top < 0)
		return -1;
	if (mkdirat(top, folder, 0700) == 0 || errno == EEXIST)
		fd = open_private(k, top, folder, O_NOFOLLOW, folder_shown);
	else
		complain(k, errno, folder_shown, NULL);
	close(top);
	return fd;
}

static long long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Returns 0, or -1 with errno: ETIMEDOUT after ms, which is -1 for never. */
static int
wait_lock(int fd, long long ms)
{
	static const struct timespec step = {0, LOCK_STEP_NS};
	long long until = now_ms() + ms;

	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -1;
		if (ms >= 0 && now_ms() >= until) {
			errno = ETIMEDOUT;
			return -1;
		}
		nanosleep(&step, NULL);
	}
	return 0;
}

/* The lock of key, or -1 with errno. */
static int
take_lock(int dir, const char *key, long long ms)
{
	struct name name = name_of(key, lock_end);
	struct stat ours, now;
	int fd, saved;

	for (;;) {
		fd = openat(dir, name.s,
			    O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK |
				O_CLOEXEC,
			    0600);
		if (fd < 0)
			return -1;
		if (fstat(fd, &ours) != 0 || !S_ISREG(ours.st_mode)) {
			errno = EBADF;
			break;
		}
		if (wait_lock(fd, ms) != 0)
			break;
		/* whoever had it may have removed it */
		if (fstatat(dir, name.s, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
		    now.st_ino == ours.st_ino)
			return fd;
		close(fd);
	}
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* Overwrites a file of ours, and takes the name away whatever it is. */
static void
discard(int dir, const char *name)
{
	static const char zeros[4096];
	struct stat st;
	int fd =
	    openat(dir, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && is_our_file(fd, &st)) {
		for (off_t left = st.st_size; left > 0;) {
			size_t n = left < (off_t)sizeof zeros ? (size_t)left
							      : sizeof zeros;

			if (io_write_full(fd, zeros, n) != 0)
				break;
			left -= (off_t)n;
		}
	}
	if (fd >= 0)
		close(fd);
	(void)unlinkat(dir, name, 0);
}

int
cache_open(struct cache *k, const struct child *c, const char *version)
{
	const char *why = "in use for too long";

	k->version = version;
	k->dir = open_folder(k);
	if (k->dir < 0)
		return -1;
	if (cachekey_make(k->name, c, version) != 0) {
		complain(k, errno, c->path, NULL);
		close(k->dir);
		return -1;
	}
	k->lock = take_lock(k->dir, k->name,
			    c->seconds > 0 ? c->seconds * 1000LL : -1);
	if (k->lock >= 0)
		return 0;
	if (errno == EBADF)
		why = "not a file";
	else if (errno != ETIMEDOUT)
		why = NULL;
	complain(k, why ? 0 : errno, name_of(k->name, lock_end).s, why);
	close(k->dir);
	return -1;
}

/* The text of the credential that is kept, or NULL and *why. */
static char *
read_kept(const struct cache *k, size_t *len, const char **why)
{
	struct stat st;
	char *text = NULL;
	int fd = openat(k->dir, k->name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0) {
		*why = errno == ENOENT ? "none is kept" : strerror(errno);
		return NULL;
	}
	if (!is_our_file(fd, &st))
		*why = "not a file that is ours alone";
	else if (io_slurp(fd, EXECCRED_MAX_BYTES, &text, len) != 0)
		*why = strerror(errno);
	close(fd);
	return text;
}

bool
cache_get(struct cache *k, struct execcred *cred, struct arena *a)
{
	const char *why = NULL;
	char fault[512];
	size_t len = 0;
	char *text = read_kept(k, &len, &why);

	if (text && execcred_read(cred, a, k->version, text, len, fault,
				  sizeof fault) != 0)
		why = fault;
	else if (text && !cred->expires)
		why = "no expirationTimestamp";
	else if (text &&
		 cred->expires_at - CACHE_LEEWAY <= (long long)time(NULL))
		why = "it ends too soon";
	wipe_free(text, len);
	if (why)
		discard(k->dir, k->name);
	if (why && k->verbose)
		warn(0, "cache: miss: %s: %s", k->name, why);
	else if (k->verbose)
		warn(0, "cache: hit: %s: until %s", k->name, cred->expires);
	return !why;
}

/* Removes all of key, unless somebody is at it. */
static void
forget(int dir, const char *key)
{
	int lock = take_lock(dir, key, 0);

	if (lock < 0)
		return;
	discard(dir, name_of(key, "").s);
	discard(dir, name_of(key, new_end).s);
	(void)unlinkat(dir, name_of(key, lock_end).s, 0);
	close(lock);
}

/*
 * Removes what has ended, and of too many the one that ends first.  The time
 * of change of a file is when its credential ends, so none has to be read.
 */
static void
sweep(const struct cache *k)
{
	static const char digits[] = "0123456789abcdef";
	int fd = openat(k->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;
	struct name first = {""};
	time_t soonest = 0, now = time(NULL);
	int kept = 0;

	while (d && (e = readdir(d))) {
		struct stat st;
		struct name name = name_of(e->d_name, "");

		if (strspn(name.s, digits) != CACHEKEY_CHARS ||
		    strcmp(name.s, k->name) == 0)
			continue;
		if (fstatat(k->dir, name.s, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    st.st_mtime - CACHE_LEEWAY <= now) {
			forget(k->dir, name.s);
			continue;
		}
		/* a credential is counted by its own name only */
		if (strcmp(name.s, e->d_name) != 0)
			continue;
		if (kept++ == 0 || st.st_mtime < soonest) {
			soonest = st.st_mtime;
			first = name;
		}
	}
	if (kept >= CACHE_MAX_FILES)
		forget(k->dir, first.s);
	if (d)
		closedir(d);
	else if (fd >= 0)
		close(fd);
}

/* Writes it under another name, and gives it its own when it is whole. */
static int
write_kept(const struct cache *k, const char *text, long long ends)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
				    {.tv_sec = (time_t)ends}};
	struct name name = name_of(k->name, new_end);
	int fd, saved;

	discard(k->dir, name.s);
	fd = openat(k->dir, name.s,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	if (fchmod(fd, 0600) == 0 &&
	    io_write_full(fd, text, strlen(text)) == 0 &&
	    futimens(fd, times) == 0 && close(fd) == 0) {
		if (renameat(k->dir, name.s, k->dir, k->name) == 0)
			return 0;
		fd = -1;
	}
	saved = errno;
	if (fd >= 0)
		close(fd);
	discard(k->dir, name.s);
	errno = saved;
	return -1;
}

void
cache_put(struct cache *k, const struct execcred *cred)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	const char *why = NULL;
	char *text = NULL;

	sweep(k);
	if (!cred->expires)
		why = "it does not say when it ends";
	else if (cred->expires_at - CACHE_LEEWAY <= (long long)time(NULL))
		why = "it ends too soon";
	else if (!(text = execcred_print(cred, k->version)) ||
		 strlen(text) > EXECCRED_MAX_BYTES)
		why = "it is too large";
	if (!why) {
		/* a limit to the size of files is an error as any other */
		sigaction(SIGXFSZ, &ignore, &before);
		if (write_kept(k, text, cred->expires_at) != 0)
			complain(k, errno, k->name, NULL);
		else if (k->verbose)
			warn(0, "cache: kept: %s: until %s", k->name,
			     cred->expires);
		sigaction(SIGXFSZ, &before, NULL);
	} else if (k->verbose) {
		warn(0, "cache: not kept: %s", why);
	}
	wipe_str(text);
}

void
cache_close(struct cache *k)
{
	close(k->lock);
	close(k->dir);
}
