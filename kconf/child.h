#ifndef KCONF_CHILD_H
#define KCONF_CHILD_H

#include <stdbool.h>
#include <stddef.h>

/* A program to run for what it prints. */
struct child {
	const char *path; /* is not looked for */
	char **argv, **envp;
	bool keep_stdin; /* else it reads /dev/null */
	size_t max;      /* bytes that it may print */
	int seconds;     /* that it may take; 0 for any */
};

enum child_end {
	CHILD_EXITED,    /* code is its status */
	CHILD_SIGNALLED, /* code is the signal that it died of */
	CHILD_STOPPED,   /* code is the signal that stopped it */
	CHILD_LATE,      /* it took too long */
	CHILD_LOUD,      /* it printed too much */
	CHILD_FAILED,    /* code is the errno of a call of ours */
	CHILD_CUT        /* a signal is to end us, see below */
};

/*
 * Runs c in a process group of its own, with our working directory, stderr
 * and signals, until it has ended and nobody holds its stdout any more.  When
 * it asks for the terminal, and that is ours to give, it gets it until then.
 * Whatever but CHILD_EXITED and CHILD_SIGNALLED ends its whole group.  So do
 * SIGINT, SIGTERM, SIGHUP and SIGQUIT, also when c died of one that was typed
 * while it had the terminal: that is CHILD_CUT, and the signal is
 * blocked and pending then, so that we die of it when the caller has cleaned
 * up and takes back its signal mask.  Descriptors 0 to 2 must be open; c gets
 * no others.  *out is what it printed, with a NUL
 * behind it, for wipe_free; NULL unless it exited.
 */
enum child_end child_run(const struct child *c, char **out, size_t *len,
			 int *code);

#endif
