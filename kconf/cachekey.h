#ifndef KCONF_CACHEKEY_H
#define KCONF_CACHEKEY_H

struct child;

/* The name of a kept credential: SHA-256 in hexadecimal. */
enum { CACHEKEY_CHARS = 64 };

/*
 * Names the credential that c makes, whose apiVersion is version: out is the
 * digest over all that goes into it, each part with its length before it.
 * That is the program with its device, inode, size and time of change, its
 * arguments, its environment but for what shells change by themselves, the
 * working directory, and version.  c->path is there.  Returns 0, or -1 with
 * errno when the program or the directory cannot be looked at.
 */
int cachekey_make(char out[CACHEKEY_CHARS + 1], const struct child *c,
		  const char *version);

#endif
