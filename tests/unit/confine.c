/*
 * What a confined process can still do, and what it cannot: each case runs
 * in a child of its own, in the test's own directory.
 *
 * links: lib/confine
 * pkgs: libseccomp
 */
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/openat2.h>
#include <seccomp.h>

#include "lib/confine.h"

enum { CASE_WORKS, CASE_DENIED, CASE_OTHER };

static int inside = -1;    /* the directory that confine_unpack is given */
static int open_file = -1; /* for writing, since before */

static int
result(long rc)
{
	if (rc >= 0)
		return CASE_WORKS;
	/* EXDEV is Landlock's word for a link that would widen rights */
	return errno == EACCES || errno == EPERM || errno == EXDEV ? CASE_DENIED
								   : CASE_OTHER;
}

static int
read_outside(void)
{
	return result(open("outside", O_RDONLY));
}
static int
write_outside(void)
{
	return result(open("outside", O_WRONLY));
}
static int
create_outside(void)
{
	return result(open("new", O_WRONLY | O_CREAT, 0600));
}
static int
write_both(void)
{
	return result(open("outside", O_RDWR));
}
static int
create_to_read(void)
{
	return result(open("new", O_RDONLY | O_CREAT, 0600));
}
static int
create_nameless(void)
{
	return result(open(".", O_RDWR | O_TMPFILE, 0600));
}
static int
cut_by_open(void)
{
	return result(open("outside", O_RDONLY | O_TRUNC));
}
static int
cut_by_name(void)
{
	return result(truncate("outside", 0));
}
static int
cut_open_file(void)
{
	return result(ftruncate(open_file, 0));
}
static int
open_by_struct(void)
{
	struct open_how how = {.flags = O_RDONLY | O_TRUNC};

	return result(
	    syscall(SYS_openat2, AT_FDCWD, "outside", &how, sizeof how));
}
static int
control(void)
{
	return result(ioctl(open_file, FIOCLEX));
}
static int
rename_outside(void)
{
	return result(rename("outside", "moved"));
}
static int
make_directory(void)
{
	return result(mkdir("new", 0700));
}
static int
chmod_open_file(void)
{
	return result(fchmod(open_file, 0644));
}
static int
remove_outside(void)
{
	return result(unlink("outside"));
}
static int
link_out(void)
{
	return result(linkat(inside, "file", AT_FDCWD, "leak", 0));
}
static int
link_in(void)
{
	return result(linkat(AT_FDCWD, "outside", inside, "leak", 0));
}
static int
rename_out(void)
{
	return result(renameat(inside, "file", AT_FDCWD, "moved"));
}
static int
dotdot(void)
{
	return result(openat(inside, "../outside", O_RDONLY));
}
static int
network(void)
{
	return result(socket(AF_INET, SOCK_STREAM, 0));
}
static int
unix_socket(void)
{
	return result(socket(AF_UNIX, SOCK_STREAM, 0));
}
static int
execute(void)
{
	char *const argv[] = {"true", NULL};

	execv("/bin/true", argv);
	return result(-1);
}
static int
forking(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return result(pid);
}
static int
tracing(void)
{
	return result(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}
static int
killing(void)
{
	return result(kill(getppid(), 0));
}
static int
device(void)
{
	return result(mknodat(inside, "fifo", S_IFIFO | 0600, 0));
}
static int
descriptors(void)
{
	/* EINVAL is for a number that no descriptor may have */
	return fcntl(inside, F_DUPFD_CLOEXEC, 128) < 0 && errno == EINVAL
		   ? CASE_DENIED
		   : CASE_WORKS;
}
static int
chmod_by_name(void)
{
	return result(fchmodat(inside, "file", 0644, 0));
}
static int
make_inside(void)
{
	struct timespec t[2] = {{1, 2}, {3, 4}};
	int fd = openat(inside, "made", O_WRONLY | O_CREAT | O_EXCL, 0600);

	if (fd < 0 || write(fd, "x", 1) != 1 || ftruncate(fd, 10) != 0 ||
	    fchmod(fd, 0640) != 0 || futimens(fd, t) != 0 ||
	    mkdirat(inside, "dir", 0700) != 0 ||
	    symlinkat("made", inside, "sym") != 0 ||
	    linkat(inside, "made", inside, "dir/hard", 0) != 0 ||
	    renameat(inside, "made", inside, "kept") != 0 ||
	    unlinkat(inside, "dir/hard", 0) != 0 ||
	    unlinkat(inside, "dir", AT_REMOVEDIR) != 0 ||
	    unlinkat(inside, "sym", 0) != 0 || unlinkat(inside, "kept", 0) != 0)
		return result(-1);
	return result(close(fd));
}
static int
read_inside(void)
{
	return result(openat(inside, "file", O_RDONLY));
}
static int
remove_inside(void)
{
	return result(unlinkat(inside, "gone", 0));
}
static int
rename_tree(void)
{
	return result(
	    renameat2(AT_FDCWD, "inside", AT_FDCWD, "beside", RENAME_EXCHANGE) |
	    renameat2(AT_FDCWD, "inside", AT_FDCWD, "beside", RENAME_EXCHANGE));
}
static int
memory(void)
{
	char *p = malloc(64 << 20);

	if (!p)
		return CASE_OTHER;
	memset(p, 1, 64 << 20);
	free(p);
	return CASE_WORKS;
}
static int
by_signal(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	return result(sigaction(SIGTERM, &ignore, NULL) | raise(SIGTERM));
}

/* the result of fn in a child that confined itself with confine */
static int
in_child(int (*confine)(void), int (*fn)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	if ((pid = fork()) == 0) {
		int missing = confine();

		_exit(missing < 0 ? 100 : missing << 4 | fn());
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 101;
	return WEXITSTATUS(status);
}

static int
as_unpack(void)
{
	return confine_unpack(inside, -1, 0);
}
static int
as_list(void)
{
	return confine_unpack(-1, -1, 0);
}
static int
as_pack(void)
{
	return confine_pack(false);
}

/* Stands in for a kernel without one of the two. */
static void
take_away(int call)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter ||
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), call, 0) != 0 ||
	    (call == SCMP_SYS(seccomp) &&
	     seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl),
			      1,
			      SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP, 0)) != 0) ||
	    seccomp_load(filter) != 0)
		_exit(102);
	seccomp_release(filter);
}
static int
as_pack_landlock(void)
{
	int missing;

	take_away(SCMP_SYS(seccomp));
	missing = confine_pack(false);
	if (missing >= 0 && !(missing & CONFINE_NO_SECCOMP))
		_exit(103);
	return missing;
}
static int
as_pack_seccomp(void)
{
	int missing;

	take_away(SCMP_SYS(landlock_create_ruleset));
	missing = confine_pack(false);
	if (missing >= 0 && !(missing & CONFINE_NO_LANDLOCK))
		_exit(103);
	return missing;
}
static int
as_swap(void)
{
	int here = open(".", O_PATH | O_DIRECTORY);

	return confine_swap(here, &inside, 1);
}

enum { BY_LANDLOCK = CONFINE_NO_LANDLOCK, BY_SECCOMP = CONFINE_NO_SECCOMP };

int
main(void)
{
	static const struct {
		int (*confine)(void);
		int (*fn)(void);
		int want, by;
		bool asan; /* holds in a build with AddressSanitizer too */
		const char *name;
	} row[] = {
	    {as_unpack, make_inside, CASE_WORKS, 0, true,
	     "unpack: everything inside works"},
	    {as_unpack, memory, CASE_WORKS, 0, true, "unpack: memory"},
	    {as_unpack, by_signal, CASE_WORKS, 0, true, "unpack: raise"},
	    {as_unpack, read_outside, CASE_DENIED, BY_LANDLOCK, false,
	     "unpack: no reading outside"},
	    {as_unpack, dotdot, CASE_DENIED, BY_LANDLOCK, false,
	     "unpack: no way out by dot-dot"},
	    {as_unpack, write_outside, CASE_DENIED, BY_LANDLOCK, true,
	     "unpack: no writing outside"},
	    {as_unpack, create_outside, CASE_DENIED, BY_LANDLOCK, true,
	     "unpack: no creating outside"},
	    {as_unpack, remove_outside, CASE_DENIED, BY_LANDLOCK, true,
	     "unpack: no removing outside"},
	    {as_unpack, link_out, CASE_DENIED, BY_LANDLOCK, true,
	     "unpack: no link out"},
	    {as_unpack, link_in, CASE_DENIED, BY_LANDLOCK, true,
	     "unpack: no link in"},
	    {as_unpack, rename_out, CASE_DENIED, BY_LANDLOCK, true,
	     "unpack: no rename out"},
	    {as_unpack, network, CASE_DENIED, BY_SECCOMP, true,
	     "unpack: no network"},
	    {as_unpack, unix_socket, CASE_DENIED, BY_SECCOMP, true,
	     "unpack: no local sockets"},
	    {as_unpack, execute, CASE_DENIED, BY_SECCOMP, true,
	     "unpack: no exec"},
	    {as_unpack, forking, CASE_DENIED, BY_SECCOMP, false,
	     "unpack: no fork"},
	    {as_unpack, tracing, CASE_DENIED, BY_SECCOMP, false,
	     "unpack: no ptrace"},
	    {as_unpack, killing, CASE_DENIED, BY_SECCOMP, false,
	     "unpack: no signals to others"},
	    {as_unpack, device, CASE_DENIED, BY_SECCOMP, true,
	     "unpack: no FIFO, no device"},
	    {as_unpack, chmod_by_name, CASE_DENIED, BY_SECCOMP, true,
	     "unpack: no chmod by name"},
	    {as_unpack, descriptors, CASE_DENIED, 0, false,
	     "unpack: few descriptors"},
	    {as_list, make_inside, CASE_DENIED, BY_LANDLOCK, true,
	     "list: no file at all"},
	    {as_swap, rename_tree, CASE_WORKS, 0, true,
	     "swap: directories are renamed"},
	    {as_swap, remove_inside, CASE_WORKS, 0, true,
	     "swap: files inside are removed"},
	    {as_swap, read_outside, CASE_DENIED, BY_LANDLOCK, false,
	     "swap: no reading"},
	    {as_swap, read_inside, CASE_DENIED, BY_LANDLOCK, false,
	     "swap: no reading inside either"},
	    {as_swap, create_outside, CASE_DENIED, BY_LANDLOCK, true,
	     "swap: no creating"},
	    {as_swap, remove_outside, CASE_DENIED, BY_LANDLOCK, true,
	     "swap: no removing outside"},
	    {as_swap, network, CASE_DENIED, BY_SECCOMP, true,
	     "swap: no network"},
	    {as_swap, execute, CASE_DENIED, BY_SECCOMP, true, "swap: no exec"},
	    {as_swap, forking, CASE_DENIED, BY_SECCOMP, false, "swap: no fork"},
	    {as_pack, read_outside, CASE_WORKS, 0, true,
	     "pack: reads anything"},
	    {as_pack, write_outside, CASE_DENIED, BY_LANDLOCK, true,
	     "pack: no writing"},
	    {as_pack, write_both, CASE_DENIED, BY_LANDLOCK, true,
	     "pack: no writing and reading"},
	    {as_pack, create_outside, CASE_DENIED, BY_LANDLOCK, true,
	     "pack: no creating"},
	    {as_pack, create_to_read, CASE_DENIED, BY_LANDLOCK, true,
	     "pack: no creating to read"},
	    {as_pack, create_nameless, CASE_DENIED, BY_LANDLOCK, true,
	     "pack: no file without a name"},
	    {as_pack, make_directory, CASE_DENIED, BY_SECCOMP, true,
	     "pack: no directories"},
	    {as_pack, remove_outside, CASE_DENIED, BY_SECCOMP, true,
	     "pack: no removing"},
	    {as_pack, rename_outside, CASE_DENIED, BY_SECCOMP, true,
	     "pack: no renaming"},
	    {as_pack, cut_by_open, CASE_DENIED, BY_SECCOMP, false,
	     "pack: no truncating as it is opened"},
	    {as_pack, cut_by_name, CASE_DENIED, BY_SECCOMP, true,
	     "pack: no truncating by name"},
	    {as_pack, cut_open_file, CASE_DENIED, BY_SECCOMP, true,
	     "pack: no truncating of what is open"},
	    {as_pack, open_by_struct, CASE_DENIED, BY_SECCOMP, true,
	     "pack: no openat2"},
	    {as_pack, chmod_open_file, CASE_DENIED, BY_SECCOMP, true,
	     "pack: no chmod"},
	    {as_pack, control, CASE_DENIED, BY_SECCOMP, true, "pack: no ioctl"},
	    {as_pack, unix_socket, CASE_DENIED, BY_SECCOMP, true,
	     "pack: no local sockets"},
	    {as_pack_seccomp, read_outside, CASE_WORKS, 0, true,
	     "pack without Landlock: reads anything"},
	    {as_pack_seccomp, write_outside, CASE_DENIED, 0, false,
	     "pack without Landlock: no writing"},
	    {as_pack_seccomp, write_both, CASE_DENIED, 0, false,
	     "pack without Landlock: no writing and reading"},
	    {as_pack_seccomp, create_outside, CASE_DENIED, 0, false,
	     "pack without Landlock: no creating"},
	    {as_pack_seccomp, create_to_read, CASE_DENIED, 0, false,
	     "pack without Landlock: no creating to read"},
	    {as_pack_seccomp, create_nameless, CASE_DENIED, 0, false,
	     "pack without Landlock: no file without a name"},
	    {as_pack_seccomp, cut_by_open, CASE_DENIED, 0, false,
	     "pack without Landlock: no truncating as it is opened"},
	    {as_pack_landlock, read_outside, CASE_WORKS, 0, true,
	     "pack without seccomp: reads anything"},
	    {as_pack_landlock, write_outside, CASE_DENIED, BY_LANDLOCK, true,
	     "pack without seccomp: no writing"},
	    {as_pack_landlock, cut_by_open, CASE_DENIED, BY_LANDLOCK, true,
	     "pack without seccomp: no truncating as it is opened"},
	    {as_pack_landlock, cut_by_name, CASE_DENIED, BY_LANDLOCK, true,
	     "pack without seccomp: no truncating by name"},
	    {as_pack, network, CASE_DENIED, BY_SECCOMP, true,
	     "pack: no network"},
	    {as_pack, execute, CASE_DENIED, BY_SECCOMP, true, "pack: no exec"},
	    {as_pack, forking, CASE_DENIED, BY_SECCOMP, false, "pack: no fork"},
	    {as_pack, tracing, CASE_DENIED, BY_SECCOMP, false,
	     "pack: no ptrace"},
	};
	const char *san = getenv("KPIPE_SAN");
	bool asan = san && strstr(san, "address");
	int fd = open("outside", O_WRONLY | O_CREAT, 0600);

	if (fd < 0 || mkdir("inside", 0700) != 0 ||
	    (inside = open("inside", O_PATH | O_DIRECTORY)) < 0 ||
	    close(openat(inside, "file", O_WRONLY | O_CREAT, 0600)) != 0 ||
	    mkdir("beside", 0700) != 0 ||
	    close(openat(inside, "gone", O_WRONLY | O_CREAT, 0600)) != 0)
		return 1;
	open_file = fd;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		int got = in_child(row[i].confine, row[i].fn);

		if (got < 100 && (got >> 4 & row[i].by)) {
			ok(1, "%s # SKIP not in this kernel", row[i].name);
			continue;
		}
		if (asan && !row[i].asan) {
			ok(1, "%s # SKIP the sanitizer needs it", row[i].name);
			continue;
		}
		ok(got < 100 && (got & 15) == row[i].want, "%s (%d)",
		   row[i].name, got);
	}
	return tap_end();
}
