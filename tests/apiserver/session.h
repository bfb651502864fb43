#ifndef TESTS_APISERVER_SESSION_H
#define TESTS_APISERVER_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "api.h"
#include "loop.h"
#include "queue.h"

/*
 * One exec session: a protocol on one side, a process on the other.  It neither
 * owns nor knows the connection: its owner brings the bytes that came, takes
 * those that are to go from out, and is woken when either can go on.
 */
struct session;

enum session_state {
	SESSION_RUNS,
	SESSION_LINGERS, /* all is said, and the connection stays */
	SESSION_OVER,    /* end the connection in order */
	SESSION_DROPPED, /* end it without a word */
	SESSION_RESET    /* reset it */
};

/*
 * Starts the command of e, which must live as long as the session; frames go
 * to out.  wake(arg) is called when session_fill or session_input has
 * something to do again.
 */
struct session *session_new(const struct api_exec *e, struct loop *loop,
			    struct queue *out, void (*wake)(void *arg),
			    void *arg);

/*
 * Takes bytes from the client; returns how many.  Less than n: the process
 * does not read its stdin, bring the rest again after the next wake.
 */
size_t session_input(struct session *s, const unsigned char *in, size_t n);

/* Puts what is ready into out while out is short. */
void session_fill(struct session *s);

/* Looks whether the process has ended; to be called on SIGCHLD. */
void session_child(struct session *s);

enum session_state session_state(const struct session *s);

/* Kills the process and frees. */
void session_free(struct session *s);

#endif
