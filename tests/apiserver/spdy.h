#ifndef TESTS_APISERVER_SPDY_H
#define TESTS_APISERVER_SPDY_H

#include <stddef.h>

#include "wire.h"

/*
 * An exec session over SPDY/3.1: a stream a channel, opened by the client.
 * streams is how many the request has promised; when so many are there, the
 * wire says PART_READY.  The new wire is for its own free.
 */
struct wire *spdy_new(struct queue *out, const struct fault *f, size_t streams);

#endif
