#ifndef KTAR_PACK_PACK_H
#define KTAR_PACK_PACK_H

#include <stdbool.h>
#include <sys/stat.h>

#include "ahead.h"
#include "alter.h"
#include "attrs.h"
#include "filter.h"
#include "held.h"
#include "links.h"
#include "manifest.h"
#include "name.h"
#include "out.h"
#include "owner.h"
#include "shard.h"

struct emit;

/* One run: where the stream stands, what is being packed, how it went. */
struct pack {
	struct out out;
	struct ahead ahead;
	struct emit *emit;
	struct alter alter;
	struct attrs attrs;
	struct filter filter;
	struct held held;
	struct links links;
	bool links_full;           /* and it has been said */
	struct manifest *manifest; /* or NULL */
	struct owner owner;
	struct name name; /* of what is being packed */
	struct stat sink; /* stdout, which is never packed into itself */
	struct shard shard;
	bool has_newer;
	struct timespec newer; /* only files that changed then or later */
	bool sparse;           /* holes are not sent where the format can */
	bool dry;              /* nothing is sent */
	bool follow;           /* symbolic links are what they point to */
	bool no_caches;        /* nothing of what is in a cache directory */
	bool one_system;       /* do not go into other file systems */
	bool unsorted;         /* in whatever order the directory has */
	bool verbose;          /* names on stderr */
	bool quiet;            /* no warnings */
	bool partial; /* something is not in the stream as it should be */
};

/* Says that what p->name names is not in the stream; errnum as in warn. */
void pack_lost(struct pack *p, int errnum, const char *cause);

/* Says that what p->name names is not what was hoped for; -q silences it. */
void pack_odd(struct pack *p, const char *cause);

/* The same of what was called shown in messages. */
void pack_odd_as(struct pack *p, const char *shown, const char *cause);

/* Says why the stream cannot go on at p->name, breaks it off and exits. */
_Noreturn void pack_fail(struct pack *p, int errnum, const char *cause);

#endif
