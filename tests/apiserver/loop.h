#ifndef TESTS_APISERVER_LOOP_H
#define TESTS_APISERVER_LOOP_H

#include <stdint.h>

/*
 * What is waited for besides the sockets: pipes, terminals, timers, signals.
 * The loop is itself a descriptor that is readable when something is due, so
 * that the one poll of the socket library covers it.
 */
struct loop;

/* One descriptor that is watched; embedded in its owner. */
struct watch {
	int fd;
	uint32_t events; /* EPOLLIN, EPOLLOUT; 0 is not watched */
	void (*ready)(struct watch *w, uint32_t events);
	void *owner;
};

struct loop *loop_new(void);

/* The descriptor to poll for reading. */
int loop_fd(const struct loop *l);

/* Watches w for events from now on; with 0 no more. */
void loop_set(struct loop *l, struct watch *w, uint32_t events);

/* Stops watching w, closes its descriptor, if any, and sets it to -1. */
void loop_close(struct loop *l, struct watch *w);

/* Calls ready for what is due, each call after a fresh look. */
void loop_turn(struct loop *l);

void loop_free(struct loop *l);

#endif
