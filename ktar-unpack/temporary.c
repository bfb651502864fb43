/*
 * Names of what is not in its place yet.
 */
#include "temporary.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>

int
temporary_name(char *name, size_t size, const char *prefix)
{
	uint64_t r;

	if (getrandom(&r, sizeof r, 0) != (ssize_t)sizeof r)
		return -1;
	snprintf(name, size, "%s%0*llx", prefix, TEMPORARY_DIGITS,
		 (unsigned long long)r);
	return 0;
}
