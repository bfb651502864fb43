#ifndef KEXEC_DIAL_H
#define KEXEC_DIAL_H

#include <stddef.h>
#include <stdint.h>

/*
 * Opens a TCP connection to host and port, trying each of its addresses in
 * turn until deadline (clock_ms; -1 for none).  Returns a non-blocking
 * descriptor, with keepalive so that a dead peer is noticed within about a
 * minute while nothing is sent; or -1 and the cause in why (cap bytes).
 */
int dial(const char *host, const char *port, int64_t deadline, char *why,
	 size_t cap);

#endif
