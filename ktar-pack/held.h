#ifndef KTAR_PACK_HELD_H
#define KTAR_PACK_HELD_H

#include <sys/stat.h>

#include "out.h"

struct pack;

/*
 * Files whose pages were given to the pipe, not copied.  Until the reader has
 * taken them a write to the file changes what it gets, so each is kept open
 * until then, and only then looked at for a change.
 */

/* A pipe of OUT_PIPE_BYTES holds fewer bodies, of SMALL_BYTES and more, than
 * that. */
enum { HELD_MAX = 17 };

struct held {
	struct held_file {
		int fd;
		struct stat st; /* as it was at the beginning */
		uint64_t end;   /* of its body in the stream */
		char *shown;    /* its name, for messages */
	} file[HELD_MAX];
	size_t n;
};

/* Whether a file is not as it was: written, or with other times or another
 * mode.  Its change time also moves when a name is added or taken away, which
 * is no change of the file. */
bool held_changed(const struct stat *was, const struct stat *now);

/* Takes over fd, which is what p->name names, was st, and has its body as the
 * last thing in the stream.  Looks at those that the reader has. */
void held_add(struct pack *p, int fd, const struct stat *st);

/* Waits until the reader has all of them, looks at them, and closes them; at
 * once where the reader is gone. */
void held_settle(struct pack *p);

#endif
