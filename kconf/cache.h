#ifndef KCONF_CACHE_H
#define KCONF_CACHE_H

#include <stdbool.h>

#include "cachekey.h"

struct arena;
struct child;
struct execcred;

/* Credentials that end within this many seconds are not used, nor kept. */
enum { CACHE_LEEWAY = 30 };

/* No more credentials are kept. */
enum { CACHE_MAX_FILES = 64 };

/*
 * The place of one credential beneath $XDG_RUNTIME_DIR, locked: as long as it
 * is open nobody else reads or makes this one.
 */
struct cache {
	bool quiet, verbose; /* set before cache_open */
	int dir, lock;
	const char *version;
	char name[CACHEKEY_CHARS + 1];
};

/*
 * Opens the place of what c makes, by apiVersion version, which must live as
 * long as k.  Waits for whoever has it, for no longer than c may run.
 * Returns 0; or -1 when there is no safe place, and then that was said,
 * unless k is quiet, and k is not to be used.
 */
int cache_open(struct cache *k, const struct child *c, const char *version);

/*
 * The credential, into cred and a, when there is one that is good for longer
 * than CACHE_LEEWAY.  One that is not is wiped and removed.
 */
bool cache_get(struct cache *k, struct execcred *cred, struct arena *a);

/* Keeps cred, if it says when it ends; removes those of others that ended. */
void cache_put(struct cache *k, const struct execcred *cred);

void cache_close(struct cache *k);

#endif
