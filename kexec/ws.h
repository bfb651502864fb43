#ifndef KEXEC_WS_H
#define KEXEC_WS_H

#include <stdbool.h>
#include <stdint.h>

#include "conn.h"
#include "transport.h"

/* The subprotocols of the exec subresource. */
#define WS_V5 "v5.channel.k8s.io"
#define WS_V4 "v4.channel.k8s.io"

struct ws_request {
	const char *hostname; /* for the Host header */
	const char *path;     /* path and query */
	const char *identity; /* header lines that tell who asks */
	const char *offer;    /* subprotocols, best first, comma separated */
	int64_t deadline;     /* clock_ms, -1 for none */
};

/*
 * Upgrades c to a WebSocket and takes it over, also on failure.  Returns the
 * transport, which may have been sent its first messages already, and the
 * chosen subprotocol in *v4; or NULL and in *why a text for the caller to
 * free: the server's own message where it answered with a Status.
 */
struct transport *ws_open(struct conn *c, const struct ws_request *r, bool *v4,
			  char **why);

#endif
