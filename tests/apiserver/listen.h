#ifndef TESTS_APISERVER_LISTEN_H
#define TESTS_APISERVER_LISTEN_H

/*
 * Listens on a numeric address (IPv4 or IPv6) and a port, 0 for any.  Returns
 * the socket, which does not block, and the port in *port; -1 with errno when
 * it cannot.
 */
int listen_on(const char *address, int *port);

/* Takes one connection; -1 when there is none. */
int listen_accept(int fd);

#endif
