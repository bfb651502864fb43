#ifndef KTAR_UNPACK_UNPACK_H
#define KTAR_UNPACK_UNPACK_H

#include <stdbool.h>

#include "policy.h"
#include "site.h"
#include "stream.h"
#include "sums.h"

/* What is to be done with a stream. */
struct job {
	struct stream *in;
	struct policy *policy;
	struct site *site; /* NULL: nothing is made (--dry-run) */
	struct site *said; /* bounds what is said; site, or an empty one */
	struct sums *sums; /* NULL: nobody asks for them */
	bool quiet_empty;  /* nothing is said of a stream without a byte */
	bool verbose;      /* each member that is taken is said */
};

/*
 * Unpacks the whole stream into the site, by the policy.  Every trouble is
 * said where it happens.  Returns the worst outcome; OUTCOME_FATAL when not
 * all of the stream was read, and then neither links nor the modes of
 * directories are in place.
 */
enum outcome unpack_stream(const struct job *job);

/*
 * Reads the whole stream and prints the names of its members on stdout,
 * escaped, a line each: those that the policy selects, and those that it would
 * refuse.
 */
enum outcome unpack_list(const struct job *job);

#endif
