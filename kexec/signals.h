#ifndef KEXEC_SIGNALS_H
#define KEXEC_SIGNALS_H

#include <stdbool.h>

/*
 * Signals that the poll loop hears through a descriptor (signalfd(2)), in
 * place of handlers.  From signals_open on they are blocked, and so must not
 * be when a child is started.
 */
struct signals {
	int fd;       /* for poll, POLLIN */
	int deferred; /* by signals_defer; 0 none */
};

/* Before signals_open: sig, which would end the process, is ignored until
 * then. */
void signals_defer(struct signals *s, int sig);

/*
 * Starts to hear the signals of list, which ends with 0; one that is ignored
 * (nohup) stays ignored and is never heard.  Ends the process with
 * err_failure() when the system refuses.
 */
void signals_open(struct signals *s, const int *list);

/* The next signal that has come, 0 when there is none; never waits. */
int signals_next(const struct signals *s);

/* Hears nothing more.  They stay blocked: one that comes when all has been
 * done takes nothing back. */
void signals_close(struct signals *s);

/* Whether sig asks a process to end: SIGHUP, SIGINT, SIGQUIT,
 * SIGTERM. */
bool signals_ends(int sig);

/* Ends the process by sig, as if it had never been caught. */
_Noreturn void signals_die(int sig);

#endif
