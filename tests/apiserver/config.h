#ifndef TESTS_APISERVER_CONFIG_H
#define TESTS_APISERVER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

/* Who may come in: a secret ("TOKEN", or "NAME:PASSWORD") and a user. */
struct account {
	char *secret, *user;
};

struct ephemerals;

/* What the command line asked for. */
struct config {
	const char *root, *prefix;
	const char *address, *cert, *key, *client_ca;
	int port;
	bool plain;
	struct account *tokens, *basics;
	size_t n_tokens, n_basics;
	const char **viewers; /* users who may not exec */
	size_t n_viewers;
	int log;                       /* descriptor, -1 for none */
	struct ephemerals *ephemerals; /* that were asked for */
};

#endif
