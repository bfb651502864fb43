#ifndef KEXEC_STATUS_H
#define KEXEC_STATUS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The verdict: what the Status object on the error channel says (Kubernetes
 * meta/v1 Status).  Pure.
 */

/* Exit codes of kexec that are not the remote command's own. */
enum {
	EXIT_CANNOT_RUN = 126, /* the runtime says: not executable */
	EXIT_NOT_FOUND = 127,  /* the runtime says: not there */
	EXIT_UNKNOWN = 255     /* the remote status is unknown */
};

enum verdict_kind {
	VERDICT_NONE,   /* nothing heard yet, or not all of it */
	VERDICT_EXITED, /* the command ended; code is its exit code */
	VERDICT_FAILED, /* the server says why it could not be run */
	VERDICT_FAULT   /* what came is no verdict */
};

struct verdict {
	enum verdict_kind kind;
	int code;      /* what kexec exits with */
	char *message; /* for VERDICT_FAILED and VERDICT_FAULT; owned */
};

/*
 * Reads the Status in the len bytes at buf.  Returns the verdict, whose
 * message the caller frees with verdict_free.  Only a parsed "Success", or an
 * ExitCode cause that is a decimal number from 1 to 255, gives VERDICT_EXITED;
 * VERDICT_NONE means that the bytes are no JSON, which more of them may mend.
 */
struct verdict status_verdict(const char *buf, size_t len);

void verdict_free(struct verdict *v);

#endif
