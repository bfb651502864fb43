#ifndef TESTS_APISERVER_CHILD_H
#define TESTS_APISERVER_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"
#include "process.h"
#include "queue.h"

/* A process and its streams in the loop: stdin is queued, stdout and stderr
 * are read when somebody wants them. */

enum { CHILD_OUTPUTS = 2 };

struct child {
	struct loop *loop;
	void (*wake)(void *arg);
	void *arg;
	struct process process;
	bool started, ended, closes;
	bool refused; /* it did not take all of its stdin */
	int code;
	struct watch in, out[CHILD_OUTPUTS];
	bool ready[CHILD_OUTPUTS];
	struct queue input;
};

/* Makes c empty; wake(arg) will be called when it can be fed, read or asked
 * for its end again. */
void child_init(struct child *c, struct loop *loop, void (*wake)(void *arg),
		void *arg);

/* Starts spec; 0, or an errno and nothing has been started. */
int child_start(struct child *c, const struct process_spec *spec);

/* Queues n bytes for stdin, before child_start too; they are dropped when it
 * is closed. */
void child_feed(struct child *c, const void *data, size_t n);

/* Closes stdin behind what is queued. */
void child_close_stdin(struct child *c);

/* Reads up to n bytes of output i (0 stdout, 1 stderr); 0: none for now, or
 * never again. */
size_t child_read(struct child *c, int i, void *data, size_t n);

/* Whether output i is at its end, and all of it read. */
bool child_silent(const struct child *c, int i);

/* Sets the size of the terminal. */
void child_resize(struct child *c, uint16_t width, uint16_t height);

/* Looks whether the process has ended; to be called on SIGCHLD. */
void child_look(struct child *c);

/* Whether the process has ended, with c->code, and all output is read. */
bool child_done(const struct child *c);

/* Kills what runs and frees what c holds. */
void child_free(struct child *c);

#endif
