#ifndef KEXEC_FIND_H
#define KEXEC_FIND_H

#include "lib/api.h"
#include "lib/pod.h"

#include "opts.h"

/* What a command is to run in; the strings are the caller's to free. */
struct place {
	char *pod;
	char *container; /* NULL: the server knows, there is but one */
	char *name;      /* NAMESPACE/POD, for messages */
};

/* Sees to it that a has a connection, or ends the process. */
void find_connect(struct api *a, const struct opts *o, int64_t deadline);

/* Says why there was no answer to a request about name, and ends the process.
 */
_Noreturn void find_failed(const struct api *a, const char *name,
			   const struct api_failure *f);

/* Ends the process when pod, which p is, has been completed. */
void find_alive(const struct place *p, const struct pod *pod);

/*
 * Chooses the pod of o's target, a workload, and the container, unless there
 * will be an ephemeral one, as kubectl does; waits for a pod, where there is
 * none, as long as o says.  Says what there is to say about the choice, or why
 * there is none, and ends the process.
 */
void find_by_workload(struct api *a, const struct opts *o, struct place *p);

/*
 * Chooses the container of p->pod.  refusal is what the server said when none
 * was named: it is said, too, when the pod cannot be looked at, and the process
 * ends.
 */
void find_container(struct api *a, const struct opts *o, struct place *p,
		    const char *refusal);

#endif
