/*
 * A preloaded library that makes the file system misbehave for ktar-pack:
 *
 *	PACKFAULT=eio:N    the Nth read of a regular file fails with EIO
 *	PACKFAULT=end:N    the Nth read of a regular file finds the end
 *	PACKFAULT=more:F   reads of F find one byte more than there is
 *	PACKFAULT=splice:N the Nth splice fails with EIO
 *	PACKFAULT=short    reads of regular files, splices of all kinds and
 *	                   writes to stdout give 1 to 700 bytes, and every third
 *	                   call is interrupted by a signal first
 *	PACKFAULT=full:N   the Nth write to stdout, or splice, fails with ENOSPC
 *	PACKFAULT=swap:F   when F is opened, F.new has taken its place
 *	PACKFAULT=gone:F   when F is opened, it is not there any more
 *	PACKFAULT=stat:F   F cannot be looked at when it is open
 *	PACKFAULT=target   no target of a link can be read
 *	PACKFAULT=late:F   the first read of F is not over before F.go is there;
 *	                   when it begins to wait it says "late" on descriptor 9
 *	PACKFAULT=list:N   the Nth reading of a directory's entries fails
 *	PACKFAULT=attr:A   the extended attribute A cannot be read
 *	PACKFAULT=attrs    nor can their list
 *	PACKFAULT=largest  each of them has 64 KiB
 *	PACKFAULT=mirror   they are listed from the last to the first
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

/* What PACKFAULT says after "what:", or NULL when it says something else. */
static const char *
fault(const char *what)
{
	const char *s = getenv("PACKFAULT");
	size_t len = strlen(what);

	return s && strncmp(s, what, len) == 0 ? s + len : NULL;
}

static int marked = -1; /* the descriptor of the file that is in trouble */

int
fstat(int fd, struct stat *st)
{
	static int (*next)(int, struct stat *);

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "fstat");
	if (fault("stat:") && fd == marked) {
		errno = EIO;
		return -1;
	}
	return next(fd, st);
}

static int
regular(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* Counts a call of those that give less than they could; -1: it fails. */
static int
shorten(size_t *n)
{
	static long calls;

	if (!fault("short"))
		return 0;
	if (++calls % 3 == 0) {
		errno = EINTR;
		return -1;
	}
	if (*n > (size_t)(calls * 37 % 700 + 1))
		*n = (size_t)(calls * 37 % 700 + 1);
	return 0;
}

/* Counts what goes out, and whether it is the one that finds no room. */
static int
is_full(void)
{
	static long calls;
	const char *at = fault("full:");

	if (!at || ++calls < strtol(at, NULL, 10))
		return 0;
	errno = ENOSPC;
	return 1;
}

ssize_t
write(int fd, const void *buf, size_t n)
{
	static ssize_t (*next)(int, const void *, size_t);

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "write");
	if (fd == STDOUT_FILENO && (is_full() || shorten(&n) != 0))
		return -1;
	return next(fd, buf, n);
}

ssize_t
splice(int in, off64_t *in_at, int out, off64_t *out_at, size_t n,
       unsigned flags)
{
	static ssize_t (*next)(int, off64_t *, int, off64_t *, size_t,
			       unsigned);
	static long calls;
	const char *at = fault("splice:");

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "splice");
	if (at && strtol(at, NULL, 10) == ++calls) {
		errno = EIO;
		return -1;
	}
	if (is_full() || shorten(&n) != 0)
		return -1;
	return next(in, in_at, out, out_at, n, flags);
}

ssize_t
vmsplice(int fd, const struct iovec *piece, size_t pieces, unsigned flags)
{
	static ssize_t (*next)(int, const struct iovec *, size_t, unsigned);
	struct iovec one = *piece;

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "vmsplice");
	if (shorten(&one.iov_len) != 0)
		return -1;
	if (fault("short"))
		return next(fd, &one, 1, flags);
	return next(fd, piece, pieces, flags);
}

ssize_t
readlinkat(int dirfd, const char *name, char *buf, size_t n)
{
	static ssize_t (*next)(int, const char *, char *, size_t);

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "readlinkat");
	if (fault("target")) {
		errno = EIO;
		return -1;
	}
	return next(dirfd, name, buf, n);
}

static int late = -1; /* the descriptor of the file that is read late */

/* Waits for the file late:F.go.  The process may not sleep. */
static void
wait_late(int fd)
{
	const char *name = fault("late:");
	char go[256];
	struct stat st;

	if (!name || fd != late)
		return;
	late = -1;
	snprintf(go, sizeof go, "%.200s.go", name);
	if (write(9, "late\n", 5) == 5)
		while (fstatat(AT_FDCWD, go, &st, 0) != 0)
			;
}

/* Whoever reads ahead finds that there is more to do, where it is the plain
 * reading that should fail. */
ssize_t
pread(int fd, void *buf, size_t n, off_t at)
{
	static ssize_t (*next)(int, void *, size_t, off_t);
	ssize_t got;

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "pread");
	if (regular(fd) && (fault("eio:") || fault("end:") || fault("short") ||
			    fault("more:"))) {
		errno = EIO;
		return -1;
	}
	got = next(fd, buf, n, at);
	wait_late(fd);
	return got;
}

ssize_t
read(int fd, void *buf, size_t n)
{
	static ssize_t (*next)(int, void *, size_t);
	static long calls;
	const char *at;
	ssize_t got;

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "read");
	if (!regular(fd))
		return next(fd, buf, n);
	calls++;
	if ((at = fault("eio:")) && strtol(at, NULL, 10) == calls) {
		errno = EIO;
		return -1;
	}
	if ((at = fault("end:")) && strtol(at, NULL, 10) == calls)
		return 0;
	if (shorten(&n) != 0)
		return -1;
	got = next(fd, buf, n);
	if (fault("more:") && fd == marked && got >= 0 && (size_t)got < n)
		((char *)buf)[got++] = 'x';
	wait_late(fd);
	return got;
}

ssize_t
getdents64(int fd, void *buf, size_t n)
{
	static ssize_t (*next)(int, void *, size_t);
	static long calls;
	const char *at = fault("list:");

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "getdents64");
	calls++;
	if (at && strtol(at, NULL, 10) == calls) {
		errno = EIO;
		return -1;
	}
	return next(fd, buf, n);
}

ssize_t
fgetxattr(int fd, const char *name, void *value, size_t size)
{
	static ssize_t (*next)(int, const char *, void *, size_t);
	const char *victim = fault("attr:");

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "fgetxattr");
	if (victim && strcmp(name, victim) == 0) {
		errno = EIO;
		return -1;
	}
	if (fault("largest") && strncmp(name, "user.", 5) == 0) {
		memset(value, 'x', size);
		return (ssize_t)size;
	}
	return next(fd, name, value, size);
}

ssize_t
flistxattr(int fd, char *list, size_t size)
{
	static ssize_t (*next)(int, char *, size_t);
	ssize_t len, at = 0;
	char *was;

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "flistxattr");
	if (fault("attrs")) {
		errno = EIO;
		return -1;
	}
	len = next(fd, list, size);
	if (len <= 0 || !fault("mirror"))
		return len;
	was = malloc((size_t)len);
	if (!was)
		abort();
	memcpy(was, list, (size_t)len);
	for (ssize_t end = len - 1; end >= 0; end--) {
		size_t n;

		if (end > 0 && was[end - 1] != '\0')
			continue;
		n = strlen(was + end) + 1;
		memcpy(list + at, was + end, n);
		at += (ssize_t)n;
	}
	free(was);
	return len;
}

int
openat(int dirfd, const char *name, int flags, ...)
{
	static int (*next)(int, const char *, int, mode_t);
	const char *victim = fault("swap:");
	mode_t mode = 0;
	int fd;

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "openat");
	if (flags & O_CREAT) {
		va_list ap;

		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	if (victim && strcmp(name, victim) == 0) {
		char with[256];

		/* the process may not rename; what it finds is the same */
		snprintf(with, sizeof with, "%.200s.new", victim);
		return next(dirfd, with, flags, mode);
	}
	victim = fault("gone:");
	if (victim && strcmp(name, victim) == 0) {
		errno = ENOENT;
		return -1;
	}
	fd = next(dirfd, name, flags, mode);
	victim = fault("stat:") ? fault("stat:") : fault("more:");
	if (victim && strcmp(name, victim) == 0)
		marked = fd;
	else if (fd == marked)
		marked = -1;
	if (fault("late:") && strcmp(name, fault("late:")) == 0)
		late = fd;
	return fd;
}
