/*
 * The one piece of state that a signal handler needs.
 */
#include "locked.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXFSZ};
enum { N_SIGNALS = sizeof signals / sizeof signals[0] };

static const char *_Atomic paths[N_LOCKED];
static struct sigaction before[N_SIGNALS];

static void
remove_and_die(int sig)
{
	for (int i = 0; i < N_LOCKED; i++) {
		const char *path = paths[i];

		if (path)
			unlink(path);
	}
	/* SA_RESETHAND: this one ends the process, on return */
	raise(sig);
}

void
locked_hold(void)
{
	struct sigaction act = {.sa_handler = remove_and_die};

	act.sa_flags = (int)SA_RESETHAND;
	sigfillset(&act.sa_mask);
	for (int i = 0; i < N_SIGNALS; i++) {
		sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler == SIG_IGN)
			continue;
		act.sa_handler =
		    signals[i] == SIGXFSZ ? SIG_IGN : remove_and_die;
		sigaction(signals[i], &act, NULL);
	}
}

void
locked_release(void)
{
	for (int i = 0; i < N_SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
}

void
locked_note(int place, const char *path)
{
	paths[place] = path;
}
