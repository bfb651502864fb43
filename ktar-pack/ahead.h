#ifndef KTAR_PACK_AHEAD_H
#define KTAR_PACK_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <time.h>

struct pack;

/*
 * Reading a small file before it is looked at.  To know that a file did not
 * change while it was read takes a look before and one after; or one look
 * after, where its last change was in a second that was over before, and the
 * file system tells times by the clock that we have.  What cannot be known in
 * this way is looked at and read again.
 */

/* Up to this size; of a larger file as much is read in vain. */
enum { AHEAD_BYTES = 16 << 10 };

struct ahead {
	bool known; /* whether dev, the last one, has our clock */
	bool ours;
	dev_t dev;
	size_t lead; /* the length of headers, as the last one was */
	bool tried;  /* since begun have bytes were read to at */
	time_t begun;
	unsigned char *at;
	size_t have;
};

/* Reads from fd, which may be anything, what may become the body of the next
 * member, into the room of p's output.  It goes on standing where it stands. */
void ahead_read(struct pack *p, int fd);

/* Whether what ahead_read got is the whole content of fd, which st has been
 * found to be since. */
bool ahead_holds(struct pack *p, int fd, const struct stat *st);

/* The room of p's output, with that content behind the len bytes of a header,
 * which is the caller's to write. */
unsigned char *ahead_room(struct pack *p, size_t len);

#endif
