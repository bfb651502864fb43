#ifndef TESTS_APISERVER_SIZE_H
#define TESTS_APISERVER_SIZE_H

#include <stdbool.h>
#include <stdint.h>

#include "queue.h"

/*
 * Sizes of a terminal are a stream of JSON objects.  Takes the first whole
 * one out of stream; returns whether there was one with a good size.
 */
bool size_take(struct queue *stream, uint16_t *width, uint16_t *height);

#endif
