/*
 * Commands of a pod: real processes, started without a shell.  Unlike those
 * of a real node they are killed when their session ends.
 */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"

#include "pidns.h"

/* The descriptors of a start: [0] to read from, [1] to write to. */
struct ends {
	int in[2], out[2], err[2], fault[2];
};

static void
close_pair(int p[2])
{
	int i;

	for (i = 0; i < 2; i++)
		if (p[i] >= 0)
			close(p[i]);
}

/* A pipe, or /dev/null on the child's end (0 or 1) when it is not wanted. */
static int
open_pair(int p[2], bool wanted, int child_end)
{
	if (wanted)
		return pipe2(p, O_CLOEXEC);
	p[child_end] = open("/dev/null", O_RDWR | O_CLOEXEC);
	return p[child_end] < 0 ? -1 : 0;
}

static char **
environment(const struct process_spec *spec)
{
	char **env = xmalloc(5 * sizeof(*env));
	size_t n = 0;

	env[n++] = xasprintf("PATH=%s", spec->path);
	env[n++] = xasprintf("HOSTNAME=%s", spec->host);
	env[n++] = xasprintf("HOME=%s", spec->dir);
	if (spec->tty)
		env[n++] = xstrdup("TERM=xterm");
	env[n] = NULL;
	return env;
}

static void
free_environment(char **env)
{
	size_t i;

	for (i = 0; env[i]; i++)
		free(env[i]);
	free(env);
}

/* The rest is for a process of another namespace, which this one waits for. */
static int
go_inside(const struct process_spec *spec)
{
	int status = 0;
	pid_t pid;

	if (pidns_enter(spec->inside) < 0 || (pid = fork()) < 0)
		return -1;
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		return pidns_become(spec->uid);
	}
	/* nothing may be open here that the other one closes */
	close_range(0, ~0U, 0);
	waitpid(pid, &status, 0);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* The child: never returns, says by an errno on fault why it could not. */
static _Noreturn void
become(const struct process_spec *spec, char **env, const struct ends *e,
       int slave)
{
	sigset_t none;
	int cause;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	/* a shell ignores these for what it starts in the background */
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (spec->tty) {
		setsid();
		if (ioctl(slave, TIOCSCTTY, 0) < 0 || dup2(slave, 0) < 0 ||
		    dup2(slave, 1) < 0 || dup2(slave, 2) < 0)
			goto fault;
	} else {
		setpgid(0, 0);
		if (dup2(e->in[0], 0) < 0 || dup2(e->out[1], 1) < 0 ||
		    dup2(e->err[1], 2) < 0)
			goto fault;
	}
	if (spec->inside && go_inside(spec) < 0)
		goto fault;
	if (chdir(spec->dir) < 0)
		goto fault;
	environ = env;
	execvp(spec->argv[0], spec->argv);
fault:
	cause = errno;
	io_write_full(e->fault[1], &cause, sizeof(cause));
	_exit(127);
}

static void
unblock(int fd)
{
	if (fd >= 0)
		fcntl(fd, F_SETFL, O_NONBLOCK);
}

int
process_start(struct process *p, const struct process_spec *spec)
{
	struct ends e = {{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
	int cause = 0, master = -1, slave = -1;
	char **env = environment(spec);

	if (pipe2(e.fault, O_CLOEXEC) < 0)
		goto fail;
	if (spec->tty) {
		if (openpty(&master, &slave, NULL, NULL, NULL) < 0)
			goto fail;
		fcntl(master, F_SETFD, FD_CLOEXEC);
		fcntl(slave, F_SETFD, FD_CLOEXEC);
	} else if (open_pair(e.in, spec->in, 0) < 0 ||
		   open_pair(e.out, spec->out, 1) < 0 ||
		   open_pair(e.err, spec->err, 1) < 0) {
		goto fail;
	}
	p->pid = fork();
	if (p->pid < 0)
		goto fail;
	if (p->pid == 0)
		become(spec, env, &e, slave);
	close(e.fault[1]);
	e.fault[1] = -1;
	/* Nothing comes when exec worked: the pipe is closed by it. */
	if (io_read_full(e.fault[0], &cause, sizeof(cause)) != 0) {
		waitpid(p->pid, NULL, 0);
		goto out;
	}
	if (spec->tty) {
		p->in = master;
		p->out = dup(master);
		fcntl(p->out, F_SETFD, FD_CLOEXEC);
		p->err = master = -1;
	} else {
		p->in = e.in[1];
		p->out = e.out[0];
		p->err = e.err[0];
		e.in[1] = e.out[0] = e.err[0] = -1;
	}
	unblock(p->in);
	unblock(p->out);
	unblock(p->err);
	goto out;
fail:
	cause = errno;
out:
	close_pair(e.fault);
	close_pair(e.in);
	close_pair(e.out);
	close_pair(e.err);
	if (master >= 0)
		close(master);
	if (slave >= 0)
		close(slave);
	free_environment(env);
	return cause;
}

bool
process_ended(const struct process *p, int *code)
{
	siginfo_t info = {0};

	/* It stays a zombie until process_kill, and its group's number with
	 * it. */
	if (waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOHANG | WNOWAIT) <
		0 ||
	    info.si_pid != p->pid)
		return false;
	*code =
	    info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
	return true;
}

void
process_kill(const struct process *p)
{
	kill(-p->pid, SIGKILL);
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
}

void
process_resize(int fd, uint16_t width, uint16_t height)
{
	struct winsize size = {.ws_col = width, .ws_row = height};

	ioctl(fd, TIOCSWINSZ, &size);
}
