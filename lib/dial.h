#ifndef LIB_DIAL_H
#define LIB_DIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Opens a TCP connection to host and port until deadline (clock_ms; -1 for
 * none), the resolver included.  Of several addresses, 16 at most, IPv6 and
 * IPv4 take turns; each is given 250 ms or its failure before the next one is
 * tried beside it, and the first that connects is taken (RFC 8305).  Returns a
 * non-blocking descriptor, with keepalive so that a dead peer is noticed within
 * about a minute while nothing is sent; or -1 and the cause in why (cap bytes).
 */
int dial(const char *host, const char *port, int64_t deadline, char *why,
	 size_t cap);

/*
 * Sets a TCP socket up as dial does: no delay, and keepalive.
 */
void dial_keepalive(int fd);

/*
 * Whether the peer of fd is gone: for a minute it has acknowledged nothing,
 * although bytes were sent again, or its closed window was probed, several
 * times.  Keepalive is silent while bytes are on their way, and
 * TCP_USER_TIMEOUT would also end a session whose peer is alive and only
 * keeps its window closed.
 */
bool dial_lost(int fd);

#endif
