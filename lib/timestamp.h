#ifndef LIB_TIMESTAMP_H
#define LIB_TIMESTAMP_H

#include <stdbool.h>

/*
 * Reads a time as RFC 3339 has it (section 5.6; a second is never 60, as in
 * Go) into *at, seconds since 1970; a fraction is dropped.  Returns whether it
 * is one.  Pure.
 */
bool timestamp_parse(const char *s, long long *at);

#endif
