#ifndef KTAR_PACK_OPTIONS_H
#define KTAR_PACK_OPTIONS_H

#include <stdbool.h>

#include "lib/meter.h"

#include "emit.h"
#include "pack.h"

/* What the command line asks for besides what struct pack has of it. */
struct options {
	int base; /* where operands are looked for */
	const char *as;
	const char *list;
	const char *manifest;
	enum emit_format format;
	bool has_format;
	bool zero; /* the list is one for -0 */
	bool gzip, zstd;
	struct meter_opts meter;
};

/* Fills *o and *p, both at their beginnings; the operands are those from optind
 * on.  What is wrong is said, and the process ends. */
void options_parse(struct options *o, struct pack *p, int argc, char *argv[]);

#endif
