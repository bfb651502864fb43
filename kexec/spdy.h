#ifndef KEXEC_SPDY_H
#define KEXEC_SPDY_H

#include <stdbool.h>

#include "lib/conn.h"

#include "transport.h"

/* The stream protocol of it that kexec speaks: a verdict as a Status. */
#define SPDY_V4 "v4.channel.k8s.io"

/*
 * Upgrades *c to SPDY/3.1 and takes it over: it becomes
 * NULL, but for a refusal behind which another request may follow;
 * forward_stdin says whether the path asks for stdin.  Returns the transport,
 * whose streams are then on their way; or NULL and why in *no: then no stream
 * was opened, and so no command was started.
 */
struct transport *spdy_open(struct conn **c, const struct transport_request *r,
			    bool forward_stdin, struct transport_refusal *no);

#endif
