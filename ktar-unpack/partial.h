#ifndef KTAR_UNPACK_PARTIAL_H
#define KTAR_UNPACK_PARTIAL_H

/*
 * The file that is being written and has no name of its own yet.  When a
 * signal ends the process it is removed first, and the process then ends by
 * that signal.
 */

/* Catches SIGINT, SIGTERM, SIGHUP and SIGPIPE (nobody reads the messages any
 * more), those not ignored; ignores SIGXFSZ, so that a file that grows too
 * large is an error of write(2). */
void partial_catch_signals(void);

/* Says that name in the directory dir may exist from now on; both stay valid
 * until partial_clear. */
void partial_set(int dir, const char *name);

void partial_clear(void);

/* Says that another process removes what there is when control is closed, and
 * has done so when answer ends; -1 and -1: there is none (any more). */
void partial_set_partner(int control, int answer);

#endif
