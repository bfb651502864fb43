#ifndef TESTS_APISERVER_INTAKE_H
#define TESTS_APISERVER_INTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "frame.h"
#include "wire.h"

/*
 * What a client says in a WebSocket session, read as the API server reads it.
 * All zero is the start; v5 is the owner's to set.
 */
struct intake {
	bool v5; /* channel 255 means something */
	struct frame_reader reader;
	int channel;
	unsigned char control[FRAME_CONTROL_MAX];
};

/*
 * Takes bytes from the n at in until there is something to say, and says it
 * in *part.  Returns how many were taken; more than none when n is.
 */
size_t intake_take(struct intake *i, const unsigned char *in, size_t n,
		   struct part *part);

#endif
