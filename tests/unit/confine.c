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
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/confine.h"

enum { CASE_WORKS, CASE_DENIED, CASE_OTHER };

static int inside = -1; /* the directory that confine_unpack is given */

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
	return confine_unpack(inside);
}
static int
as_list(void)
{
	return confine_unpack(-1);
}
static int
as_pack(void)
{
	return confine_pack(false);
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
	    {as_pack, read_outside, CASE_WORKS, 0, true,
	     "pack: reads anything"},
	    {as_pack, write_outside, CASE_DENIED, BY_LANDLOCK, true,
	     "pack: no writing"},
	    {as_pack, create_outside, CASE_DENIED, BY_LANDLOCK, true,
	     "pack: no creating"},
	    {as_pack, remove_outside, CASE_DENIED, BY_SECCOMP, true,
	     "pack: no removing"},
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
	    close(openat(inside, "file", O_WRONLY | O_CREAT, 0600)) != 0)
		return 1;
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
