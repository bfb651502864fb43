#ifndef LIB_URL_H
#define LIB_URL_H

#include <stdbool.h>

/* The server's address, taken apart.  Pure. */
struct url {
	bool tls;       /* https */
	char *host;     /* without brackets; IPv6 perhaps with %zone */
	char *name;     /* the same without the zone, as in a certificate */
	char *port;     /* decimal, the scheme's default filled in */
	char *prefix;   /* path without a slash at its end, "" for none */
	char *hostname; /* for the Host header: with brackets, no zone, the port
			   where it is not the default */
};

/*
 * Reads text: http:// or https://, a host (IPv6 in brackets), perhaps a port
 * and a path.  Query and fragment are dropped, as kubectl does.  Returns 0
 * and the caller calls url_free; or -1 and *why names the fault.
 */
int url_parse(struct url *u, const char *text, const char **why);

void url_free(struct url *u);

#endif
