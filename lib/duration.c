/*
 * Durations in the style of Go's time.ParseDuration.
 */
#include "duration.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct {
	const char *name;
	double ms;
} unit[] = {{"ns", 1e-6},        {"us", 1e-3}, {"\302\265s", 1e-3},
	    {"\316\274s", 1e-3}, {"ms", 1},    {"s", 1e3},
	    {"m", 60e3},         {"h", 3600e3}};

int
duration_ms(const char *s)
{
	double total = 0;

	if (!*s)
		return -1;
	while (*s) {
		double value = 0, scale = 1;
		bool digits = false, point = false, found = false;

		for (; (*s >= '0' && *s <= '9') || (*s == '.' && !point); s++) {
			if (*s == '.') {
				point = true;
				continue;
			}
			digits = true;
			value = value * 10 + (*s - '0');
			if (point)
				scale *= 10;
		}
		if (!digits)
			return -1;
		value /= scale;
		/* "ms" stands first, so that it is not read as minutes */
		for (size_t i = 0; !found && i < sizeof unit / sizeof unit[0];
		     i++) {
			size_t n = strlen(unit[i].name);

			if (strncmp(s, unit[i].name, n) != 0)
				continue;
			total += value * unit[i].ms;
			s += n;
			found = true;
		}
		if (!found) {
			if (*s || total > 0)
				return -1;
			total = value * 1e3;
		}
		/* written so that it holds for no number at all, too: a long
		 * row of digits makes infinity, and infinities no number */
		if (!(total <= INT_MAX))
			return -1;
	}
	/* 0 would be "never" */
	return total > 0 && total < 1 ? 1 : (int)total;
}
