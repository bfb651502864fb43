#ifndef TESTS_APISERVER_EPHEMERAL_H
#define TESTS_APISERVER_EPHEMERAL_H

#include <stdbool.h>
#include <stdint.h>

#include "pidns.h"
#include "pod.h"

/* The ephemeral containers that were asked for while the server runs. */
struct ephemeral {
	struct ephemeral *next;
	char *namespace, *pod;
	char *name, *image, *target; /* target is "" for none */
	char *spec;                  /* JSON, as it was asked for */
	char *path;                  /* of its commands */
	int64_t since;               /* ms */
	unsigned uid;                /* of its commands; 0: ours */
	bool started;
	struct pidns inside;
};

struct ephemerals {
	struct ephemeral *first;
};

/* Why one is refused; message is for free, NULL: it is not. */
struct ephemeral_refusal {
	int code;
	const char *reason;
	char *message;
};

/*
 * Takes a strategic merge patch of pods/NAME/ephemeralcontainers, body, for p:
 * those of its ephemeral containers that are new are started.
 */
struct ephemeral_refusal ephemeral_patch(struct ephemerals *all,
					 const struct pod *p, const char *body);

/* Puts those of p into it, as they are now. */
void ephemeral_show(const struct ephemerals *all, struct pod *p);

/* The one of that name, or NULL. */
const struct ephemeral *ephemeral_find(const struct ephemerals *all,
				       const struct pod *p, const char *name);

void ephemeral_free(struct ephemerals *all);

#endif
