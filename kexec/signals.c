/*
 * Signals as input.
 */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"

static bool
is_ignored(int sig)
{
	struct sigaction a;

	return sigaction(sig, NULL, &a) == 0 && a.sa_handler == SIG_IGN;
}

void
signals_defer(struct signals *s, int sig)
{
	s->deferred = is_ignored(sig) ? 0 : sig;
	signal(sig, SIG_IGN);
}

void
signals_open(struct signals *s, const int *list)
{
	sigset_t set;

	sigemptyset(&set);
	if (s->deferred) {
		sigaddset(&set, s->deferred);
		sigprocmask(SIG_BLOCK, &set, NULL);
		signal(s->deferred, SIG_DFL);
	}
	/* a signal that is both blocked and ignored would still be heard */
	for (; *list; list++) {
		if (!is_ignored(*list))
			sigaddset(&set, *list);
	}
	s->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->fd < 0)
		die(err_failure(), errno, "signalfd");
	sigprocmask(SIG_BLOCK, &set, NULL);
}

int
signals_next(const struct signals *s)
{
	struct signalfd_siginfo info;

	if (io_read(s->fd, &info, sizeof info) != (ssize_t)sizeof info)
		return 0;
	return (int)info.ssi_signo;
}

void
signals_close(struct signals *s)
{
	close(s->fd);
}

bool
signals_ends(int sig)
{
	return sig == SIGHUP || sig == SIGINT || sig == SIGQUIT ||
	       sig == SIGTERM;
}

void
signals_die(int sig)
{
	sigset_t set;

	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(sig);
	/* it was blocked from outside of us, or does not end a process */
	exit(128 + sig);
}
