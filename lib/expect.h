#ifndef LIB_EXPECT_H
#define LIB_EXPECT_H

#include <stdbool.h>
#include <stdint.h>

/* How many bytes there will be in all (--expect), which may be told when they
 * are already on their way. */
struct expect {
	uint64_t bytes;   /* 0 where it is not known */
	const char *file; /* where it will be said, or NULL */
	int fd;
};

/* Takes a number of bytes, or a file whose path begins with a slash or a dot.
 * False when text is neither. */
bool expect_parse(struct expect *e, const char *text);

/* Opens the file, if there is one.  0, or -1 with errno. */
int expect_open(struct expect *e);

/* How many, or 0, by what the file says now: a number and a newline.  Safe in a
 * signal handler. */
uint64_t expect_bytes(struct expect *e);

#endif
