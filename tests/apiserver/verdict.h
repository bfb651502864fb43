#ifndef TESTS_APISERVER_VERDICT_H
#define TESTS_APISERVER_VERDICT_H

#include "wire.h"

/*
 * Puts the verdict of a session, a Status or the text of an older protocol,
 * NULL for none, on the channel of the status, as the fault of w wants it
 * told.
 */
void verdict_put(struct wire *w, const char *verdict);

#endif
