/*
 * Running a program for what it prints, bounded in time and size, and never
 * leaving it behind.  Signals are read from a descriptor while it runs.
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"

/* What a group has to end in good order before it is killed. */
enum { GRACE_STEPS = 50, GRACE_STEP_NS = 10 * 1000 * 1000 };

struct run {
	pid_t pid;
	int pipe, signals;
	sigset_t held, old;
	int tty; /* given away, or -1 */
	struct termios mode;
	char *buf;
	size_t len;
	bool gone; /* it has ended, and is kept as a zombie */
	int fatal; /* the signal that is to end us, or 0 */
	int stop;  /* the signal that stopped it for good, or 0 */
};

static long long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* From here on signals wait for us.  Those that are ignored stay so. */
static int
hold_signals(struct run *r)
{
	static const int fatal[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	struct sigaction action;

	/* an ignored SIGCHLD would take the status away */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&r->held);
	sigaddset(&r->held, SIGCHLD);
	for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) {
		if (sigaction(fatal[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN)
			sigaddset(&r->held, fatal[i]);
	}
	r->signals = signalfd(-1, &r->held, SFD_CLOEXEC | SFD_NONBLOCK);
	/* else taking the terminal back would stop us */
	sigaddset(&r->held, SIGTTOU);
	sigprocmask(SIG_BLOCK, &r->held, &r->old);
	return r->signals < 0 ? -1 : 0;
}

/* Returns 0, or an errno. */
static int
start(struct run *r, const struct child *c)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int p[2], rc;

	if (pipe2(p, O_CLOEXEC) != 0)
		return errno;
	posix_spawn_file_actions_init(&actions);
	if (!c->keep_stdin)
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
						 "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, p[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &r->old);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP |
					    POSIX_SPAWN_SETSIGMASK);
	rc = posix_spawn(&r->pid, c->path, &actions, &attr, c->argv, c->envp);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	close(p[1]);
	r->pipe = p[0];
	return rc;
}

/* Whether it has ended; it is not reaped, so its group keeps its name. */
static bool
has_ended(const struct run *r)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)r->pid, &info,
		      WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == r->pid;
}

/* It reads the terminal: give it that, if it is ours to give. */
static bool
give_terminal(struct run *r)
{
	if (r->tty >= 0)
		return false;
	r->tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (r->tty < 0)
		return false;
	if (tcgetpgrp(r->tty) == getpgrp() &&
	    tcgetattr(r->tty, &r->mode) == 0 &&
	    tcsetpgrp(r->tty, r->pid) == 0) {
		kill(-r->pid, SIGCONT);
		return true;
	}
	close(r->tty);
	r->tty = -1;
	return false;
}

static void
take_terminal(struct run *r, bool restore)
{
	if (r->tty < 0)
		return;
	(void)tcsetpgrp(r->tty, getpgrp());
	/* it may have been killed in the middle of a password */
	if (restore)
		(void)tcsetattr(r->tty, TCSADRAIN, &r->mode);
	close(r->tty);
	r->tty = -1;
}

/*
 * The signal that the user typed where it had the terminal, and that it died
 * of, or 0.  Without it the terminal would have sent that to us, too.
 */
static int
typed_signal(const struct run *r)
{
	siginfo_t info = {0};

	if (r->tty < 0 ||
	    waitid(P_PID, (id_t)r->pid, &info, WEXITED | WNOHANG | WNOWAIT) !=
		0 ||
	    info.si_code == CLD_EXITED ||
	    (info.si_status != SIGINT && info.si_status != SIGQUIT) ||
	    !sigismember(&r->held, info.si_status))
		return 0;
	return info.si_status;
}

static void
take_signals(struct run *r)
{
	struct signalfd_siginfo got;
	siginfo_t info;

	while (io_read(r->signals, &got, sizeof got) == sizeof got) {
		if (got.ssi_signo != SIGCHLD && r->fatal == 0)
			r->fatal = (int)got.ssi_signo;
	}
	r->gone = has_ended(r);
	if (r->gone && r->fatal == 0)
		r->fatal = typed_signal(r);
	info.si_pid = 0;
	if (r->gone ||
	    waitid(P_PID, (id_t)r->pid, &info, WSTOPPED | WNOHANG) != 0 ||
	    info.si_pid != r->pid)
		return;
	if ((info.si_status != SIGTTIN && info.si_status != SIGTTOU) ||
	    !give_terminal(r))
		r->stop = info.si_status;
}

static void
end_group(const struct run *r)
{
	static const struct timespec step = {0, GRACE_STEP_NS};

	kill(-r->pid, SIGTERM);
	kill(-r->pid, SIGCONT);
	for (int i = 0; i < GRACE_STEPS && !has_ended(r); i++)
		nanosleep(&step, NULL);
	kill(-r->pid, SIGKILL);
}

/* Until its end, that of its output, or a reason to end it. */
static enum child_end
follow(struct run *r, const struct child *c, int *code)
{
	long long limit = now_ms() + c->seconds * 1000LL, left = -1;
	struct pollfd p[2] = {{r->pipe, POLLIN, 0}, {r->signals, POLLIN, 0}};
	ssize_t n;

	while (!r->gone || p[0].fd >= 0) {
		if (c->seconds > 0) {
			left = limit - now_ms();
			if (left <= 0)
				return CHILD_LATE;
		}
		if (poll(p, 2, (int)left) < 0 && errno != EINTR) {
			*code = errno;
			return CHILD_FAILED;
		}
		if (p[1].revents)
			take_signals(r);
		*code = r->stop;
		if (r->fatal || r->stop)
			return CHILD_STOPPED;
		if (p[0].fd < 0 || !p[0].revents)
			continue;
		n = io_read(r->pipe, r->buf + r->len, c->max + 1 - r->len);
		if (n < 0) {
			*code = errno;
			return CHILD_FAILED;
		}
		r->len += (size_t)n;
		if (r->len > c->max)
			return CHILD_LOUD;
		if (n == 0)
			p[0].fd = -1;
	}
	return CHILD_EXITED;
}

enum child_end
child_run(const struct child *c, char **out, size_t *len, int *code)
{
	struct run r = {.pipe = -1, .signals = -1, .tty = -1};
	enum child_end end = CHILD_FAILED;
	int status = 0;

	*out = NULL;
	*len = 0;
	*code = hold_signals(&r) == 0 ? start(&r, c) : errno;
	if (*code == 0) {
		r.buf = xmalloc(c->max + 1);
		end = follow(&r, c, code);
		if (end != CHILD_EXITED)
			end_group(&r);
		while (waitpid(r.pid, &status, 0) < 0 && errno == EINTR)
			;
		take_terminal(&r, end != CHILD_EXITED || WIFSIGNALED(status));
	}
	if (r.fatal)
		end = CHILD_CUT;
	if (end == CHILD_EXITED && WIFSIGNALED(status)) {
		end = CHILD_SIGNALLED;
		*code = WTERMSIG(status);
	} else if (end == CHILD_EXITED) {
		*code = WEXITSTATUS(status);
		r.buf[r.len] = '\0';
		*out = r.buf;
		*len = r.len;
	}
	if (!*out)
		wipe_free(r.buf, r.len);
	if (r.pipe >= 0)
		close(r.pipe);
	if (r.signals >= 0)
		close(r.signals);
	if (r.fatal) {
		sigaddset(&r.old, r.fatal);
		raise(r.fatal);
	}
	sigprocmask(SIG_SETMASK, &r.old, NULL);
	return end;
}
