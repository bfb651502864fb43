#ifndef TESTS_APISERVER_MESSAGE_H
#define TESTS_APISERVER_MESSAGE_H

#include <stddef.h>

#include "fault.h"
#include "queue.h"

/* Messages of an exec session, framed for the client and with the faults that
 * are asked for. */

/* Appends one message on channel to out. */
void message_put(struct queue *out, const struct fault *f, int channel,
		 const void *data, size_t n);

/* Appends a control frame; n is at most FRAME_CONTROL_MAX. */
void message_control(struct queue *out, int opcode, const void *data, size_t n);

/* Appends a close frame with that code. */
void message_close(struct queue *out, int code);

/*
 * Appends the verdict, a Status or the text of an older protocol, NULL for
 * none, as the fault wants it told.
 */
void message_verdict(struct queue *out, const struct fault *f,
		     const char *verdict);

/* Appends the head of a frame of 2^62 bytes and 1 MiB of them. */
void message_huge_frame(struct queue *out);

#endif
