/*
 * To be loaded into a tool (LD_PRELOAD): does, from within and at the moment
 * when the first byte of the input is asked for, what a hostile archive would
 * do that has taken the process over, and writes a line for each attempt to
 * descriptor 9, a second process to stderr, which alone it keeps: which
 * process, what, and "works" or the error. The directory that is not the tool's
 * is in INSIDE_OUT, the tool's own in INSIDE_IN.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { REPORT = 9 };

static int done, second;

static void
say(const char *what, long rc)
{
	dprintf(second ? STDERR_FILENO : REPORT, "%s %s: %s\n",
		second ? "second" : "first", what,
		rc >= 0 ? "works" : strerrorname_np(errno));
}

static int
at(const char *dir, const char *name, int flags)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", getenv(dir), name);
	return open(path, flags, 0600);
}

static void
try_files(void)
{
	char path[4096];

	say("read outside", at("INSIDE_OUT", "secret", O_RDONLY));
	say("write outside", at("INSIDE_OUT", "secret", O_WRONLY));
	say("create outside", at("INSIDE_OUT", "new", O_WRONLY | O_CREAT));
	say("list outside", at("INSIDE_OUT", ".", O_RDONLY | O_DIRECTORY));
	snprintf(path, sizeof path, "%s/secret", getenv("INSIDE_OUT"));
	say("remove outside", unlinkat(AT_FDCWD, path, 0));
	say("chmod outside", chmod(path, 0777));
	say("mkdir outside", mkdirat(AT_FDCWD, "new", 0700));
	say("link outside", symlinkat("x", AT_FDCWD, "new"));
	say("create inside", at("INSIDE_IN", "own", O_WRONLY | O_CREAT));
	say("make a FIFO", mknodat(AT_FDCWD, "fifo", S_IFIFO | 0600, 0));
	say("xattr", (long)syscall(SYS_setxattr, path, "user.x", "x", 1, 0));
}

static void
try_processes(void)
{
	static char *const none[] = {NULL};
	struct sockaddr_in addr = {.sin_family = AF_INET,
				   .sin_port = htons(9),
				   .sin_addr = {htonl(INADDR_LOOPBACK)}};
	long pid = syscall(SYS_fork);

	if (pid == 0)
		_exit(0);
	say("fork", pid);
	say("socket", socket(AF_INET, SOCK_STREAM, 0));
	say("local socket", socket(AF_UNIX, SOCK_STREAM, 0));
	say("connect", connect(REPORT, (void *)&addr, sizeof addr));
	say("exec", execve("/nonexistent/true", none, none));
	say("ptrace", ptrace(PTRACE_PEEKUSER, getppid(), NULL, NULL));
	say("kill", kill(1, 0));
	say("seccomp again",
	    (long)syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 7, NULL));
}

ssize_t
read(int fd, void *buf, size_t n)
{
	if (!done && (fd == STDIN_FILENO || second)) {
		done = 1;
		try_files();
		try_processes();
	}
	return syscall(SYS_read, fd, buf, n);
}

pid_t
fork(void)
{
	pid_t pid = (pid_t)syscall(SYS_fork);

	if (pid == 0)
		second = 1;
	return pid;
}
