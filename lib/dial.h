#ifndef LIB_DIAL_H
#define LIB_DIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Opens a TCP connection to host and port, trying each of its addresses in
 * turn until deadline (clock_ms; -1 for none), which does not bound the
 * system's resolver.  Returns a non-blocking
 * descriptor, with keepalive so that a dead peer is noticed within about a
 * minute while nothing is sent; or -1 and the cause in why (cap bytes).
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
