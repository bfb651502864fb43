#ifndef TESTS_APISERVER_PROCESS_H
#define TESTS_APISERVER_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct pidns;

/* What to run and how. */
struct process_spec {
	char *const *argv; /* NULL ended, not empty */
	const char *dir;   /* working directory */
	const char *path;  /* PATH, for the search and for the command */
	const char *host;  /* HOSTNAME */
	bool in, out, err; /* which streams are wanted; others are /dev/null */
	bool tty;          /* a terminal instead of pipes */
	unsigned uid;      /* of a command inside; 0: ours */
	const struct pidns *inside; /* among whose processes; NULL: ours */
};

/*
 * A command that runs.  in, out and err are this side's ends, not blocking,
 * -1 where not wanted; with a terminal in and out are the same terminal and
 * err is -1.  They are the owner's to close.
 */
struct process {
	pid_t pid;
	int in, out, err;
};

/*
 * Starts spec in a process group of its own.  Returns 0, or the errno with
 * which it could not be started (ENOENT: no such command), and then nothing
 * runs and nothing is open.
 */
int process_start(struct process *p, const struct process_spec *spec);

/*
 * Whether p has ended; if so its exit status, 128 + n when signal n ended it,
 * is in *code.
 */
bool process_ended(const struct process *p, int *code);

/* Kills what is left of p's group and takes the dead process away; once for
 * every process that was started. */
void process_kill(const struct process *p);

/* Sets the size of the terminal behind fd. */
void process_resize(int fd, uint16_t width, uint16_t height);

#endif
