#ifndef KTAR_UNPACK_UNPACK_H
#define KTAR_UNPACK_UNPACK_H

#include <stdbool.h>

#include "policy.h"
#include "site.h"
#include "stream.h"

/*
 * Unpacks the whole stream into the site, by the policy; with verbose each
 * member that is taken is said.  Every trouble is said where it happens.
 * Returns the worst outcome; OUTCOME_FATAL when not all of the stream was
 * read, and then neither links nor the modes of directories are in place.
 */
enum outcome unpack_stream(struct stream *in, const struct policy *policy,
			   struct site *site, bool verbose);

/* Reads the whole stream and prints the names of its members on stdout,
 * escaped, a line each. */
enum outcome unpack_list(struct stream *in);

#endif
