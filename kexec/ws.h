#ifndef KEXEC_WS_H
#define KEXEC_WS_H

#include "lib/conn.h"

#include "transport.h"

/* The subprotocols of the exec subresource. */
#define WS_V5 "v5.channel.k8s.io"
#define WS_V4 "v4.channel.k8s.io"

/*
 * Upgrades *c to a WebSocket and takes it over: it becomes
 * NULL, but for a refusal behind which another request may follow.  offer names
 * subprotocols, best first, comma separated.  Returns the transport, which may
 * have been sent its first messages already, and the chosen subprotocol in
 * *protocol (WS_V5 or WS_V4); or NULL and why in *no.
 */
struct transport *ws_open(struct conn **c, const struct transport_request *r,
			  const char *offer, const char **protocol,
			  struct transport_refusal *no);

#endif
