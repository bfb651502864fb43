#ifndef KTAR_UNPACK_LINKS_H
#define KTAR_UNPACK_LINKS_H

#include "policy.h"
#include "scan.h"
#include "site.h"

/* Clears the place of a symbolic link, which is made when no regular file
 * comes any more: nothing in the stream can be written through it. */
enum outcome links_symbolic(struct site *s, const struct scan_member *m,
			    const struct policy_take *t);

/*
 * Makes a hard link to a file of this stream: at once if that is there, so
 * that it stays what it is when the file is replaced later; else with the
 * symbolic links.
 */
enum outcome links_hard(struct site *s, const struct scan_member *m,
			const struct policy_take *t);

/* Makes the links that waited.  Returns the worst outcome. */
enum outcome links_finish(struct site *s);

#endif
