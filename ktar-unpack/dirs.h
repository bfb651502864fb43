#ifndef KTAR_UNPACK_DIRS_H
#define KTAR_UNPACK_DIRS_H

#include "policy.h"
#include "scan.h"
#include "site.h"

/* Makes a directory that its owner can fill; mode and time come later. */
enum outcome dirs_place(struct site *s, const struct scan_member *m,
			const struct policy_take *t);

/*
 * Gives every directory that was placed its mode, owner and time, deepest
 * first, when nothing more will be made in them.  Returns the worst outcome.
 */
enum outcome dirs_finish(struct site *s);

#endif
