#ifndef TESTS_APISERVER_WS_H
#define TESTS_APISERVER_WS_H

#include <stdbool.h>

#include "wire.h"

/*
 * An exec session over WebSocket, messages that begin with a channel's number.
 * first is the channel of the empty message that opens it; v5 says whether the
 * client can end stdin.  The new wire is for its own free.
 */
struct wire *ws_new(struct queue *out, const struct fault *f,
		    enum channel first, bool v5);

#endif
