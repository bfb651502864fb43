/*
 * What is said about a member that did not make it, and what that does to the
 * exit status.
 */
#include "pack.h"

#include <stdlib.h>

#include "lib/err.h"

static void
say(const struct pack *p, int errnum, const char *cause)
{
	char *shown = name_shown(&p->name);

	if (cause)
		warn(errnum, "%s: %s", shown, cause);
	else
		warn(errnum, "%s", shown);
	free(shown);
}

void
pack_lost(struct pack *p, int errnum, const char *cause)
{
	say(p, errnum, cause);
	p->partial = true;
}

void
pack_odd(struct pack *p, const char *cause)
{
	if (!p->quiet)
		say(p, 0, cause);
	p->partial = true;
}

void
pack_odd_as(struct pack *p, const char *shown, const char *cause)
{
	if (!p->quiet)
		warn(0, "%s: %s", shown, cause);
	p->partial = true;
}

void
pack_fail(struct pack *p, int errnum, const char *cause)
{
	say(p, errnum, cause);
	exit(err_failure());
}
