#ifndef KCONF_LOCKED_H
#define KCONF_LOCKED_H

/*
 * Files that must not outlive the process: the lock, and what is not finished.
 */
enum { LOCKED_LOCK, LOCKED_DRAFT, N_LOCKED };

/*
 * From here on SIGINT, SIGTERM, SIGHUP and SIGQUIT, those not ignored, remove
 * what locked_note has named before they end the process, and SIGXFSZ is
 * ignored, so that a file that grows too large is an error of write(2).  Until
 * locked_release, which puts back what was before.
 */
void locked_hold(void);
void locked_release(void);

/* The file path may exist from now on, and is ours; it stays valid until the
 * next call for this place.  NULL: no more. */
void locked_note(int place, const char *path);

#endif
