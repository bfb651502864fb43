/*
 * The state that a signal handler needs.
 */
#include "partial.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/err.h"

static atomic_int partial_dir;
static const char *_Atomic partial_name;
static atomic_int partner_control = -1, partner_answer = -1;
static atomic_int hidden_in;
static const char *_Atomic hidden_as, *_Atomic hidden_name;

static void
remove_and_die(int sig)
{
	const char *name = partial_name, *hidden = hidden_as;

	if (name)
		unlinkat(partial_dir, name, 0);
	/* what came there in its place stays, and the other hidden */
	if (hidden)
		renameat2(hidden_in, hidden, hidden_in, hidden_name,
			  RENAME_NOREPLACE);
	if (partner_answer >= 0) {
		char c;

		close(partner_control);
		while (read(partner_answer, &c, 1) == 1)
			;
	}
	err_undraw();
	/* SA_RESETHAND: this one ends the process, on return */
	raise(sig);
}

void
partial_catch_signals(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
	struct sigaction act = {.sa_handler = remove_and_die}, old;

	act.sa_flags = (int)SA_RESETHAND;
	sigfillset(&act.sa_mask);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		if (sigaction(signals[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			continue;
		sigaction(signals[i], &act, NULL);
	}
	act.sa_handler = SIG_IGN;
	act.sa_flags = 0;
	sigaction(SIGXFSZ, &act, NULL);
}

void
partial_set(int dir, const char *name)
{
	partial_dir = dir;
	partial_name = name;
}

void
partial_clear(void)
{
	partial_name = NULL;
}

void
partial_set_partner(int control, int answer)
{
	partner_control = control;
	partner_answer = answer;
}

void
partial_hide(int dir, const char *temporary, const char *name)
{
	hidden_in = dir;
	hidden_name = name;
	hidden_as = temporary;
}

void
partial_shown(void)
{
	hidden_as = NULL;
}
