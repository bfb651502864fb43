#ifndef KEXEC_OPTS_H
#define KEXEC_OPTS_H

#include <stdbool.h>

#include "lib/kubeopts.h"

#include "pump.h"
#include "target.h"

/* What the session may go over. */
enum protocol { PROTOCOL_AUTO, PROTOCOL_SPDY, PROTOCOL_V5, PROTOCOL_V4 };

/* The command line of kexec; the strings are those of argv. */
struct opts {
	struct kubeopts kube;
	const char *container, *record;
	const char *debug_image;      /* NULL: no ephemeral container */
	const char *debug_target;     /* NULL: the pod's default; "": none */
	long debug_user, debug_group; /* -1: the target's */
	enum protocol protocol;
	bool no_stdin, quiet, tty;
	int verbose, connect_timeout, pod_running_timeout; /* ms */
	int status_fd;                                     /* -1 none */
	struct pump_opts pump;
	struct target target;
	char *const *command;
};

/*
 * Reads the command line; a wrong one, --help and --version end the process.
 * The caller frees target and kube.
 */
void opts_parse(struct opts *o, int argc, char *argv[]);

#endif
