/*
 * Patterns of member names, as both tar filters take them.  Pure.
 */
#include "pattern.h"

#include <fnmatch.h>
#include <string.h>

bool
pattern_matches(const char *pattern, const char *name)
{
	for (;;) {
		if (fnmatch(pattern, name, FNM_LEADING_DIR) == 0)
			return true;
		name = strchr(name, '/');
		if (!name)
			return false;
		name++;
	}
}
