/*
 * Namespaces of a pod, by a process that holds them.  Root makes them as it is;
 * anybody else in a user namespace in which nothing but itself is known.
 */
#include "pidns.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where the holder says that it is ready. */
enum { READY = 3 };

static int
put_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) > 0;

	if (fd >= 0)
		close(fd);
	return good ? 0 : -1;
}

/* New namespaces for this process and for what it forks. */
static int
leave(void)
{
	unsigned uid = geteuid(), gid = getegid();
	char users[64], groups[64];

	if (uid == 0)
		return unshare(CLONE_NEWNS | CLONE_NEWPID);
	snprintf(users, sizeof(users), "%u %u 1\n", uid, uid);
	snprintf(groups, sizeof(groups), "%u %u 1\n", gid, gid);
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID) < 0 ||
	    put_file("/proc/self/setgroups", "deny") < 0 ||
	    put_file("/proc/self/uid_map", users) < 0)
		return -1;
	return put_file("/proc/self/gid_map", groups);
}

int
pidns_become(unsigned uid)
{
	if (geteuid() != 0)
		return 0;
	/* no container has it, unless somebody asks */
	if (prctl(PR_CAPBSET_DROP, CAP_SYS_PTRACE) < 0)
		return -1;
	if (uid == 0)
		return 0;
	if (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 ||
	    setresuid(uid, uid, uid) < 0)
		return -1;
	return prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* Process 1 of the pod, without capabilities; it says so when all is as it
 * should be. */
static _Noreturn void
be_first(const char *root, unsigned uid)
{
	struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct none[2];

	memset(none, 0, sizeof(none));
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	if (mount("proc", "/proc", "proc", 0, NULL) < 0 || chroot(root) < 0 ||
	    chdir("/") < 0 || pidns_become(uid) < 0 ||
	    syscall(SYS_capset, &head, none) < 0 || write(READY, "1", 1) < 0)
		_exit(1);
	/* as one that has been executed */
	prctl(PR_SET_DUMPABLE, 1);
	close(READY);
	for (;;)
		pause();
}

static _Noreturn void
hold(const struct pidns_start *s)
{
	int status = 0, ready[2];
	pid_t first = 0, command;
	char byte = '0';

	if (s->root && leave() == 0 && pipe(ready) == 0 &&
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0) {
		first = fork();
		if (first == 0) {
			dup2(ready[1], READY);
			close_range(READY + 1, ~0U, 0);
			be_first(s->root, s->first_uid);
		}
		close(ready[1]);
		if (read(ready[0], &byte, 1) != 1)
			_exit(1);
	}
	command = fork();
	if (command == 0) {
		char *env[] = {NULL};

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(READY);
		if (chdir("/") < 0 || pidns_become(s->uid) < 0)
			_exit(1);
		environ = env;
		setenv("PATH", s->path, 1);
		execvp(s->argv[0], s->argv);
		_exit(127);
	}
	if (write(READY, &byte, 1) < 0)
		_exit(1);
	close(READY);
	waitpid(command, &status, 0);
	if (first > 0)
		kill(first, SIGKILL);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int
pidns_start(struct pidns *n, const struct pidns_start *s)
{
	int ready[2], cause;
	sigset_t none;
	char byte;

	if (pipe2(ready, O_CLOEXEC) < 0)
		return errno;
	n->holder = fork();
	if (n->holder == 0) {
		int null = open("/dev/null", O_RDWR);

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0);
		/* it lasts: no connection may be held open by it */
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		dup2(ready[1], READY);
		close_range(READY + 1, ~0U, 0);
		hold(s);
	}
	cause = n->holder < 0 ? errno : 0;
	close(ready[1]);
	if (!cause && read(ready[0], &byte, 1) != 1)
		cause = EIO;
	n->apart = !cause && byte == '1';
	close(ready[0]);
	return cause;
}

bool
pidns_ended(const struct pidns *n, int *code)
{
	siginfo_t info = {0};

	if (waitid(P_PID, (id_t)n->holder, &info, WEXITED | WNOHANG | WNOWAIT) <
		0 ||
	    info.si_pid != n->holder)
		return false;
	*code = info.si_status;
	return true;
}

void
pidns_end(const struct pidns *n)
{
	kill(-n->holder, SIGKILL);
	waitpid(n->holder, NULL, 0);
}

int
pidns_enter(const struct pidns *n)
{
	static const struct {
		const char *name;
		int type;
	} all[] = {{"user", CLONE_NEWUSER},
		   {"mnt", CLONE_NEWNS},
		   {"pid_for_children", CLONE_NEWPID}};
	int fds[3], rc = 0;

	if (!n->apart)
		return 0;
	/* all of them before the first makes /proc another one */
	for (size_t i = 0; i < 3; i++) {
		char name[64];

		snprintf(name, sizeof(name), "/proc/%d/ns/%s", (int)n->holder,
			 all[i].name);
		fds[i] = open(name, O_RDONLY | O_CLOEXEC);
	}
	for (size_t i = geteuid() == 0; i < 3 && rc == 0; i++)
		rc = setns(fds[i], all[i].type);
	return rc;
}
