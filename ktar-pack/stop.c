/*
 * The signals that ask for an end: a flag, looked at between members and
 * between the pieces of a body.
 */
#include "stop.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "lib/err.h"

static volatile sig_atomic_t asked;

static void
ask(int sig)
{
	asked = sig;
}

void
stop_install(void)
{
	static const int sigs[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction sa, old;

	for (size_t i = 0; i < sizeof sigs / sizeof sigs[0]; i++) {
		if (sigaction(sigs[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			continue;
		sigemptyset(&sa.sa_mask);
		sa.sa_handler = ask;
		/* no SA_RESTART: who waits for a list should notice */
		sa.sa_flags = (int)SA_RESETHAND;
		(void)sigaction(sigs[i], &sa, NULL);
	}
}

void
stop_check(void)
{
	if (asked)
		die(err_failure(), 0, "stream broken off: SIG%s",
		    sigabbrev_np(asked));
}
