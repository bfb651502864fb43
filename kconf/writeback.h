#ifndef KCONF_WRITEBACK_H
#define KCONF_WRITEBACK_H

#include <stddef.h>

#include "edit.h"

struct arena;
struct pairs;
struct user;

/*
 * Writing settings of a user's auth-provider back into the kubeconfig that
 * defines the user.  One at a time.
 */
struct writeback;

/*
 * Locks the file of the user: FILE.lock, created exclusively, as kubectl does
 * it; another's lock is waited for, 10 seconds at most.  Then reads the file
 * anew and makes sure that id-token and refresh-token could be changed or
 * added in place, and the file be replaced: a new one is beside it, with its
 * mode and owner and as much room on the disk as it will need.  Until
 * writeback_end both are removed when SIGINT, SIGTERM, SIGHUP or SIGQUIT ends
 * the process, and SIGXFSZ is ignored.  *now is the provider's present config,
 * in a: another process may have changed it since u was read.  Returns NULL
 * after having said what is wrong; nothing is left behind then.
 */
struct writeback *writeback_begin(const struct user *u, struct pairs *now,
				  struct arena *a);

/*
 * Changes the n settings and replaces the file, unless somebody without a
 * lock has changed it since.  At any moment the file is the old one or the new
 * one, whole; the new one is on the disk when this returns 0.  Returns -1
 * after having said what is wrong.  May be called once.
 */
int writeback_set(struct writeback *w, const struct setting *s, size_t n);

/* Removes the lock, and frees w, which may be NULL. */
void writeback_end(struct writeback *w);

#endif
