#ifndef LIB_PATTERN_H
#define LIB_PATTERN_H

#include <stdbool.h>

/*
 * Whether pattern matches name, or what is behind one of its slashes, whole or
 * up to a slash.  Wildcards are those of fnmatch(3), and match slashes and
 * leading dots, as GNU tar's --exclude does.
 */
bool pattern_matches(const char *pattern, const char *name);

#endif
