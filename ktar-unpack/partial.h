#ifndef KTAR_UNPACK_PARTIAL_H
#define KTAR_UNPACK_PARTIAL_H

/*
 * The file that is being written and the directory that is hidden.  When a
 * signal ends the process the one is removed first and the other shown, and
 * the process then ends by that signal.
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

/* Says that temporary in the directory dir is one that should be called name;
 * a signal renames it when the file is removed.  All stay valid until
 * partial_shown. */
void partial_hide(int dir, const char *temporary, const char *name);

void partial_shown(void);

#endif
