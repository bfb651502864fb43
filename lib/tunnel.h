#ifndef LIB_TUNNEL_H
#define LIB_TUNNEL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A way through a proxy to a server, by libcurl, which is loaded when the
 * first one is opened.  What the environment says of proxies does not matter.
 */
struct tunnel;
struct record;
struct url;

/*
 * Opens one to host and port of u through r's proxy_url, until deadline
 * (clock_ms; -1 for none), the resolver included.  The proxy resolves the
 * host's name.  An https proxy's certificate must be good for the system's
 * authorities (SSL_CERT_FILE in their place) or for those of r; r's client
 * certificate, server name and "insecure" are for the server alone.
 *
 * Returns a non-blocking descriptor, with keepalive as dial has it; -1 on
 * failure, and in why (cap bytes) the proxy, without its password, and the
 * cause.  Where *t is NULL then the descriptor itself is the stream, and the
 * caller's to close.  Else it is only for poll and is *t's own, the stream
 * is read and written by tunnel_recv and tunnel_send, and the caller calls
 * tunnel_close.
 */
int tunnel_open(struct tunnel **t, const struct record *r, const struct url *u,
		int64_t deadline, char *why, size_t cap);

/*
 * As recv and send on a non-blocking socket, errno included.  What was read
 * ahead is not seen by poll: read until EAGAIN before waiting for POLLIN.
 * After EAGAIN the same bytes must be sent again.
 */
ssize_t tunnel_recv(struct tunnel *t, void *buf, size_t n);
ssize_t tunnel_send(struct tunnel *t, const void *buf, size_t n);

/* Closes the connection and frees t, which may be NULL. */
void tunnel_close(struct tunnel *t);

#endif
