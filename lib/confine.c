/*
 * Confinement by Landlock and seccomp.  The lists of system calls are here
 * and nowhere else: what all filters need, what making files needs, what
 * reading trees needs.  A call that is not listed fails with EPERM rather
 * than ending the process, since the tools check what they call and then say
 * which file it was.
 */
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <seccomp.h>

#include "fchmodat2.h"

#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define WITH_ASAN 1
#endif
#ifndef WITH_ASAN
#define WITH_ASAN 0
#endif

#define READING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define MAKING                                                           \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |  \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SYM |     \
	 LANDLOCK_ACCESS_FS_REFER)
#define NODES                                                          \
	(LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_FIFO | \
	 LANDLOCK_ACCESS_FS_MAKE_BLOCK)
#define NEVER                                                          \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |   \
	 LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | \
	 LANDLOCK_ACCESS_FS_MAKE_BLOCK)
/*
 * Whether an open file may be truncated, or a device controlled, is looked up
 * when it is opened, for reading too: from the file up to the root of the
 * system.  That is a quarter of what a small file costs to pack, and in a deep
 * tree nearly all.
 */
#define ON_EACH_OPEN \
	(LANDLOCK_ACCESS_FS_TRUNCATE | LANDLOCK_ACCESS_FS_IOCTL_DEV)

/* To move directories about; and to remove a tree. */
#define SWAPPING (LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR)
#define REMOVING                                  \
	(SWAPPING | LANDLOCK_ACCESS_FS_READ_DIR | \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REFER)

/* To move a file there from elsewhere, in place of another one. */
#define TAKING                                                       \
	(LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REFER)

/* A directory beneath which some rights stay. */
struct place {
	int dir;
	uint64_t rights;
};

/* What a filter and its C library need, whatever it filters. */
static const int calls_all[] = {SCMP_SYS(read),
				SCMP_SYS(write),
				SCMP_SYS(readv),
				SCMP_SYS(writev),
				SCMP_SYS(pread64),
				SCMP_SYS(pwrite64),
				SCMP_SYS(close),
				SCMP_SYS(fstat),
				SCMP_SYS(fstat64),
				SCMP_SYS(newfstatat),
				SCMP_SYS(fstatat64),
				SCMP_SYS(statx),
				SCMP_SYS(lseek),
				SCMP_SYS(_llseek),
				SCMP_SYS(fcntl),
				SCMP_SYS(fcntl64),
				SCMP_SYS(splice),
				SCMP_SYS(munmap),
				SCMP_SYS(mremap),
				SCMP_SYS(madvise),
				SCMP_SYS(brk),
				SCMP_SYS(fadvise64),
				SCMP_SYS(rt_sigaction),
				SCMP_SYS(rt_sigprocmask),
				SCMP_SYS(rt_sigreturn),
				SCMP_SYS(sigaltstack),
				SCMP_SYS(restart_syscall),
				SCMP_SYS(exit),
				SCMP_SYS(exit_group),
				SCMP_SYS(getpid),
				SCMP_SYS(gettid),
				SCMP_SYS(tgkill),
				SCMP_SYS(futex),
				SCMP_SYS(poll),
				SCMP_SYS(ppoll),
				SCMP_SYS(nanosleep),
				SCMP_SYS(clock_nanosleep),
				SCMP_SYS(clock_gettime),
				SCMP_SYS(clock_gettime64),
				SCMP_SYS(gettimeofday),
				SCMP_SYS(time),
				SCMP_SYS(getrandom),
				SCMP_SYS(sysinfo),
				SCMP_SYS(uname),
				SCMP_SYS(getuid),
				SCMP_SYS(geteuid),
				SCMP_SYS(getgid),
				SCMP_SYS(getegid)};

/* SYS_fchmodat2: the libseccomp of Debian 12 has no name for it. */
static const int calls_unpack[] = {
    SCMP_SYS(openat),           SCMP_SYS(openat2),   SCMP_SYS(mkdirat),
    SCMP_SYS(linkat),           SCMP_SYS(symlinkat), SCMP_SYS(unlinkat),
    SCMP_SYS(renameat),         SCMP_SYS(renameat2), SCMP_SYS(ftruncate),
    SCMP_SYS(ftruncate64),      SCMP_SYS(fallocate), SCMP_SYS(fchmod),
    SCMP_SYS(fchown),           SCMP_SYS(fchownat),  SCMP_SYS(utimensat),
    SCMP_SYS(utimensat_time64), SCMP_SYS(fsync),     SCMP_SYS(fdatasync),
    SCMP_SYS(getdents64),       SYS_fchmodat2};

static const int calls_pack[] = {
    SCMP_SYS(getdents64), SCMP_SYS(readlinkat),
    SCMP_SYS(fstatfs),    SCMP_SYS(fstatfs64),
    SCMP_SYS(sendfile),   SCMP_SYS(sendfile64),
    SCMP_SYS(vmsplice),   SCMP_SYS(copy_file_range),
    SCMP_SYS(flistxattr), SCMP_SYS(fgetxattr),
    SCMP_SYS(llistxattr), SCMP_SYS(lgetxattr),
    SCMP_SYS(dup),        SCMP_SYS(dup2),
    SCMP_SYS(dup3)};

static const int calls_swap[] = {SCMP_SYS(openat),     SCMP_SYS(openat2),
				 SCMP_SYS(getdents64), SCMP_SYS(unlinkat),
				 SCMP_SYS(renameat2),  SCMP_SYS(renameat),
				 SCMP_SYS(fchmod),     SCMP_SYS(fchmodat),
				 SYS_fchmodat2,        SCMP_SYS(fchown),
				 SCMP_SYS(fgetxattr),  SCMP_SYS(fsetxattr),
				 SCMP_SYS(syncfs),     SCMP_SYS(fremovexattr)};

#if WITH_ASAN
static const int calls_asan[] = {SCMP_SYS(clone),
				 SCMP_SYS(clone3),
				 SCMP_SYS(ptrace),
				 SCMP_SYS(wait4),
				 SCMP_SYS(prctl),
				 SCMP_SYS(open),
				 SCMP_SYS(readlink),
				 SCMP_SYS(readlinkat),
				 SCMP_SYS(getdents64),
				 SCMP_SYS(sched_yield),
				 SCMP_SYS(sched_getaffinity),
				 SCMP_SYS(process_vm_readv),
				 SCMP_SYS(getppid),
				 SCMP_SYS(kill),
				 SCMP_SYS(getrlimit),
				 SCMP_SYS(prlimit64),
				 SCMP_SYS(stat),
				 SCMP_SYS(set_robust_list),
				 SCMP_SYS(rseq),
				 SCMP_SYS(pipe),
				 SCMP_SYS(getcwd),
				 SCMP_SYS(sched_getparam),
				 SCMP_SYS(dup),
				 SCMP_SYS(sched_getscheduler),
				 SCMP_SYS(getdents),
				 SCMP_SYS(mmap),
				 SCMP_SYS(mprotect),
				 SCMP_SYS(pipe2),
				 SCMP_SYS(personality)};
#endif

/* Closed or not there at all: what a kernel or a container may answer. */
static bool
is_absent(int errnum)
{
	return errnum == ENOSYS || errnum == EOPNOTSUPP || errnum == EPERM ||
	       errnum == EINVAL;
}

/*
 * Takes the rights in denied away everywhere but beneath the n places, where
 * theirs stay.
 */
static int
landlock(uint64_t denied, const struct place *place, size_t n)
{
	struct landlock_ruleset_attr set = {0};
	long abi;
	int fd, rc = -1, saved;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
		      LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 0)
		return is_absent(errno) ? CONFINE_NO_LANDLOCK : -1;
	/* the first version forbids links between directories */
	if (abi < 2)
		return CONFINE_NO_LANDLOCK;
	if (abi < 3)
		denied &= ~LANDLOCK_ACCESS_FS_TRUNCATE;
	if (abi < 5)
		denied &= ~LANDLOCK_ACCESS_FS_IOCTL_DEV;
	set.handled_access_fs = denied;
	fd = (int)syscall(SYS_landlock_create_ruleset, &set, sizeof set, 0);
	if (fd < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct landlock_path_beneath_attr rule = {
		    .allowed_access = place[i].rights & denied,
		    .parent_fd = place[i].dir,
		};

		if (syscall(SYS_landlock_add_rule, fd,
			    LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
			goto out;
	}
	if (syscall(SYS_landlock_restrict_self, fd, 0) != 0)
		goto out;
	rc = 0;
out:
	saved = errno;
	close(fd);
	errno = saved;
	return rc;
}

/* Adds calls that are allowed with any argument; unknown ones of other
 * architectures have negative numbers, which libseccomp takes too. */
static int
allow(scmp_filter_ctx filter, const int *calls, size_t n)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	return rc;
}

/* The calls that are harmless only with some arguments. */
static int
allow_checked(scmp_filter_ctx filter)
{
	static const int mapping[] = {SCMP_SYS(mmap), SCMP_SYS(mmap2),
				      SCMP_SYS(mprotect)};
	int rc;

	/* isatty; not TIOCSTI, which types into the user's shell */
	rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
			      SCMP_A1_32(SCMP_CMP_EQ, TCGETS, 0));
	/* what is left in a pipe */
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl),
				      1, SCMP_A1_32(SCMP_CMP_EQ, FIONREAD, 0));
	for (size_t i = 0; i < sizeof mapping / sizeof mapping[0]; i++) {
		if (rc != 0)
			break;
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, mapping[i], 1,
				      SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_EXEC,
						 0));
	}
	return rc;
}

/* Files are opened to be read, and are not made, cut or written to on the way.
 * openat2 hides its flags from a filter.  It is looked at first, since it is
 * what is called most of those that are. */
static int
allow_reading(scmp_filter_ctx filter)
{
	static const int writing =
	    O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
	int rc = seccomp_syscall_priority(filter, SCMP_SYS(openat), UINT8_MAX);

	if (rc != 0)
		return rc;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
				SCMP_A2_32(SCMP_CMP_MASKED_EQ,
					   (uint32_t)writing, O_RDONLY));
}

/* A thread is a clone that is no process.  The newer call hides its flags from
 * a filter; where it is not there the C library takes the older one. */
static int
allow_threads(scmp_filter_ctx filter)
{
	static const int needed[] = {SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
				     SCMP_SYS(sched_yield)};
	int rc = allow(filter, needed, sizeof needed / sizeof *needed);

	if (rc == 0)
		rc =
		    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				     SCMP_A0_64(SCMP_CMP_MASKED_EQ,
						CLONE_THREAD, CLONE_THREAD));
	if (rc == 0 && !WITH_ASAN)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
				      SCMP_SYS(clone3), 0);
	return rc;
}

/* What a tool may call besides calls_all. */
struct calls {
	const int *any; /* with any argument */
	size_t n;
	bool only_read; /* openat to read */
	bool threads;
};

static int
system_calls(const struct calls *calls)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc;

	if (!filter) {
		errno = ENOMEM;
		return -1;
	}
	rc = allow(filter, calls_all, sizeof calls_all / sizeof *calls_all);
	if (rc == 0)
		rc = allow(filter, calls->any, calls->n);
	if (rc == 0)
		rc = allow_checked(filter);
	if (rc == 0 && calls->only_read)
		rc = allow_reading(filter);
	if (rc == 0 && calls->threads)
		rc = allow_threads(filter);
#if WITH_ASAN
	if (rc == 0)
		rc = allow(filter, calls_asan,
			   sizeof calls_asan / sizeof *calls_asan);
#endif
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	if (rc == 0)
		return 0;
	/* libseccomp says ECANCELED for whatever the kernel answered */
	if (rc == -ECANCELED || is_absent(-rc))
		return CONFINE_NO_SECCOMP;
	errno = -rc;
	return -1;
}

/* In the order that works: the last lock forbids to add another.  Where there
 * is no seccomp, Landlock has to do what it costs too much for. */
static int
confine(uint64_t denied, const struct place *place, size_t n_places,
	const struct calls *calls)
{
	int files, syscalls;

	if (WITH_ASAN)
		denied &= ~(uint64_t)READING;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
	if ((files = landlock(denied, place, n_places)) < 0)
		return -1;
	if ((syscalls = system_calls(calls)) < 0)
		return -1;
	if (calls->only_read && syscalls != 0 && files == 0 &&
	    (files = landlock(denied | ON_EACH_OPEN, place, n_places)) < 0)
		return -1;
	return files | syscalls;
}

/* which limit: an enumeration in glibc, an int in POSIX */
#ifdef __GLIBC__
typedef __rlimit_resource_t resource;
#else
typedef int resource;
#endif

/*
 * What a tool that unpacks never needs: another process, a core file with what
 * went through it, more descriptors than a hundred.
 */
static int
limits(void)
{
	static const struct {
		resource what;
		rlim_t most;
	} limit[] = {{RLIMIT_CORE, 0}, {RLIMIT_NPROC, 0}, {RLIMIT_NOFILE, 128}};

	/* its leak checker is a process */
	if (WITH_ASAN)
		return 0;
	for (size_t i = 0; i < sizeof limit / sizeof *limit; i++) {
		struct rlimit now;

		if (getrlimit(limit[i].what, &now) != 0)
			return -1;
		if (now.rlim_max <= limit[i].most)
			continue;
		now.rlim_max = limit[i].most;
		if (now.rlim_cur > now.rlim_max)
			now.rlim_cur = now.rlim_max;
		if (setrlimit(limit[i].what, &now) != 0)
			return -1;
	}
	return 0;
}

int
confine_unpack(int dir, int aside, unsigned with)
{
	int any[sizeof calls_unpack / sizeof *calls_unpack + 2];
	struct calls calls = {
	    .any = any,
	    .n = sizeof calls_unpack / sizeof *calls_unpack,
	};
	struct place place[2] = {{dir, READING | MAKING |
					   LANDLOCK_ACCESS_FS_TRUNCATE},
				 {aside, TAKING}};

	memcpy(any, calls_unpack, sizeof calls_unpack);
	if (with & CONFINE_WITH_NODES) {
		any[calls.n++] = SCMP_SYS(mknodat);
		place[0].rights |= NODES;
	}
	if (with & CONFINE_WITH_ATTRS)
		any[calls.n++] = SCMP_SYS(fsetxattr);
	if (limits() != 0)
		return -1;
	return confine(READING | MAKING | NEVER | ON_EACH_OPEN, place,
		       (size_t)(dir >= 0) + (aside >= 0), &calls);
}

int
confine_swap(int parent, const int *trees, size_t n)
{
	static const struct calls calls = {
	    .any = calls_swap,
	    .n = sizeof calls_swap / sizeof *calls_swap,
	};
	struct place place[CONFINE_TREES + 1] = {{parent, SWAPPING}};

	if (n > CONFINE_TREES) {
		errno = EINVAL;
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		place[i + 1] = (struct place){trees[i], REMOVING};
	if (limits() != 0)
		return -1;
	return confine(READING | MAKING | NEVER | ON_EACH_OPEN, place, n + 1,
		       &calls);
}

int
confine_pack(bool threads)
{
	const struct calls calls = {
	    .any = calls_pack,
	    .n = sizeof calls_pack / sizeof *calls_pack,
	    .only_read = true,
	    .threads = threads,
	};

	return confine(MAKING | NEVER, NULL, 0, &calls);
}
