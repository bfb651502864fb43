#ifndef TESTS_APISERVER_PROTOCOL_H
#define TESTS_APISERVER_PROTOCOL_H

#include "api.h"
#include "http.h"

/* Which version of the exec protocol is spoken.  Both fill the protocol and
 * the subprotocol of e, whose string lives for ever. */

/* Over WebSocket: 0, or -1 when no name is known that is offered. */
int protocol_websocket(struct api_exec *e, const struct http_request *r);

/* Over SPDY; when it is not chosen *why is a text for the client, for free. */
enum protocol_choice {
	PROTOCOL_CHOSEN,
	PROTOCOL_NONE_OFFERED,
	PROTOCOL_NONE_KNOWN
};
enum protocol_choice protocol_spdy(struct api_exec *e,
				   const struct http_request *r, char **why);

/* The header lines that go with PROTOCOL_NONE_KNOWN. */
extern const char protocol_accepted[];

#endif
