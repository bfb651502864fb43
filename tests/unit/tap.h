#ifndef TESTS_UNIT_TAP_H
#define TESTS_UNIT_TAP_H

/*
 * TAP for the unit tests, one file of C each.  The comment at the head of a
 * test names what it is linked with:
 *
 *	links: lib/base64 lib/mem lib/err
 *	pkgs: jansson
 */

#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

#define ok(cond, ...)                                                       \
	do {                                                                \
		int tap_good = !!(cond);                                    \
		printf("%sok %d - ", tap_good ? "" : "not ", ++tap_count);  \
		printf(__VA_ARGS__);                                        \
		putchar('\n');                                              \
		if (!tap_good) {                                            \
			tap_failed = 1;                                     \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond); \
		}                                                           \
	} while (0)

/* Strings, either of which may be NULL. */
#define is(got, want, ...)                                                \
	do {                                                              \
		const char *tap_g = (got), *tap_w = (want);               \
		int tap_same = tap_g && tap_w ? strcmp(tap_g, tap_w) == 0 \
					      : tap_g == tap_w;           \
		ok(tap_same, __VA_ARGS__);                                \
		if (!tap_same)                                            \
			printf("# got  %s\n# want %s\n",                  \
			       tap_g ? tap_g : "NULL",                    \
			       tap_w ? tap_w : "NULL");                   \
	} while (0)

static inline int
tap_end(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed;
}

#endif
