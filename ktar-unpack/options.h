#ifndef KTAR_UNPACK_OPTIONS_H
#define KTAR_UNPACK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/meter.h"

#include "policy.h"
#include "source.h"

/* What the command line asks for. */
struct options {
	struct policy policy;
	enum source_how how;
	bool atomic, keep, preserve, owner, xattrs, acls;
	bool list, dry, verbose, quiet, quiet_empty;
	const char *dir, *partial_dir, *manifest, *verify;
	struct meter_opts meter;
};

/* Fills *o, which is at its beginnings.  What is wrong is said, and the process
 * ends. */
void options_read(struct options *o, int argc, char *argv[]);

/* The number that an option has, with a unit of 1024 where units is set; as
 * options_read when it is none. */
int64_t options_number(const char *option, const char *text, bool units);

#endif
