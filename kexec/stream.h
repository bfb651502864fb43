#ifndef KEXEC_STREAM_H
#define KEXEC_STREAM_H

#include "opts.h"
#include "transport.h"

struct record;

/*
 * Connects to the server of r, asks for the command of o and returns the
 * stream of it; or says why there is none and ends the process.  name is what
 * the command runs in, for messages.
 */
struct transport *stream_open(const struct opts *o, const struct record *r,
			      const char *name);

#endif
