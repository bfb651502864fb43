#ifndef KCONF_PEM_H
#define KCONF_PEM_H

#include "kubeconfig.h"

struct arena;

/* How the blocks begin that are looked for. */
#define PEM_CERTIFICATE "-----BEGIN CERTIFICATE-----"
#define PEM_KEY         "PRIVATE KEY-----"

/*
 * PEM text that has a block of the kind begin: from file, into *origin too,
 * if file is set, else from data.  Stores it in *out, for the caller to wipe
 * and free, and leaves that as it is where there is neither.  Returns 0; or
 * -1 after having said of what is wrong.
 */
int pem_read(char **out, const char **origin, struct arena *a, const char *what,
	     const char *file, struct blob data, const char *begin);

#endif
