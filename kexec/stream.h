#ifndef KEXEC_STREAM_H
#define KEXEC_STREAM_H

#include "opts.h"
#include "transport.h"

struct api;
struct record;
struct report;

/*
 * Connects to the server of r, chooses what the command of o runs in where o
 * leaves that open, asks for the command and returns the stream of it; or says
 * why there is none and ends the process.  *name is what the command runs in,
 * for messages; the caller frees it.  What it is goes to report, too.  api is
 * zero before and after; while it is not it holds secrets, and is the
 * caller's, so that they can be wiped wherever the process ends.
 */
struct transport *stream_open(const struct opts *o, const struct record *r,
			      struct api *api, struct report *report,
			      char **name);

#endif
