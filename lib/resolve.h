#ifndef LIB_RESOLVE_H
#define LIB_RESOLVE_H

#include <stddef.h>
#include <stdint.h>

struct addrinfo;

/*
 * The TCP addresses of host, a name or an address, with port, a number; as
 * getaddrinfo has them, but no later than deadline (clock_ms; -1 for none).
 * Returns 0 and the caller calls freeaddrinfo on *list; or -1 and the cause
 * in why (cap bytes).
 */
int resolve(struct addrinfo **list, const char *host, const char *port,
	    int64_t deadline, char *why, size_t cap);

#endif
