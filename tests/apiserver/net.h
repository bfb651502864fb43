#ifndef TESTS_APISERVER_NET_H
#define TESTS_APISERVER_NET_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "loop.h"

/*
 * Sockets, TLS and the event loop, which are libwebsockets'.  Connections are
 * raw there: HTTP and the WebSocket framing are done by hand, since half of
 * what this server is for no library would send.
 */
struct link;

/* Asks for conn_output to be called when the client can take more. */
void link_write_later(struct link *l);

/* Stops reading from the client, or goes on. */
void link_pause(struct link *l, bool pause);

/* Fills name (size bytes) with the common name of the client's certificate;
 * false when it has shown none that the client CA has signed. */
bool link_common_name(struct link *l, char *name, size_t size);

/* Sec-WebSocket-Accept for a key (RFC 6455, section 4.2.2); for free. */
char *net_accept(const char *key);

/*
 * Listens and serves until SIGTERM or SIGINT.  The port is told by calling
 * listening with it, once, when connections can come.
 */
void net_serve(const struct config *c, void (*listening)(int port, void *arg),
	       void *arg);

#endif
