#ifndef KTAR_PACK_OUT_H
#define KTAR_PACK_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The stream on stdout: one large buffer, whole writes, an honest end.  A
 * process that ends without out_end, in whatever way exit(3) is reached,
 * leaves a stream that no reader takes for a good one.  Where stdout cannot be
 * written the process says so and ends with status 2.
 */

/* Fits in a second-level cache: what was read is still there when it is
 * written. */
enum { OUT_BYTES = 256 << 10 };

/* The largest pipe that is spliced into: what it holds is kept in mind. */
enum { OUT_PIPE_BYTES = 1 << 20 };

struct squeeze;

struct out {
	int fd;
	struct squeeze *squeeze; /* the compressor, or NULL */
	unsigned char *buf;
	size_t pipe;      /* what the pipe at fd holds; 0: it is no such pipe */
	size_t len;       /* bytes in buf */
	uint64_t total;   /* bytes put so far, those in buf included */
	uint64_t metered; /* of these, as the meter has it */
	bool in_body;     /* the body of a member is not whole yet */
	bool dead;        /* stdout cannot be written, or all is said */
};

/* Begins a stream on fd.  One stream a process.  When its reader goes away the
 * process ends by SIGPIPE, which is ignored until then. */
void out_begin(struct out *o, int fd);

/* What is sent from here on goes through squeeze, which o takes over.  A stream
 * that is broken off is then one without the compressor's end, too. */
void out_squeeze(struct out *o, struct squeeze *squeeze);

/* There will be no stream: nothing is said about its end. */
void out_forget(struct out *o);

/* Room for n bytes (at most OUT_BYTES) behind what is in the buffer, which is
 * flushed where that is needed.  Write there, then call out_take. */
unsigned char *out_room(struct out *o, size_t n);

/* The first n bytes of the room are part of the stream now. */
void out_take(struct out *o, size_t n);

/* Appends n bytes, of any number. */
void out_put(struct out *o, const void *bytes, size_t n);

/* Appends n zero bytes, at most OUT_BYTES. */
void out_zero(struct out *o, size_t n);

/* Appends 1 to n zero bytes, and returns how many. */
size_t out_zeros(struct out *o, uint64_t n);

/* Sends what is in the buffer. */
void out_flush(struct out *o);

/*
 * Whether out_splice can be used: fd is a pipe that tells how much is in it,
 * and the stream goes there as it is.  Then out_splice moves 1 to n bytes of
 * the file fd, from where it stands, into the stream; 0: it is at its end; -1
 * with errno, EINVAL where the file cannot be spliced.  The pages still belong
 * to the file until the reader has them.
 */
bool out_splices(const struct out *o);
ssize_t out_splice(struct out *o, int fd, uint64_t n);

/* How many bytes of the stream the reader has taken for sure, by what was
 * written since; and by what the pipe says is left in it. */
uint64_t out_taken(const struct out *o);
uint64_t out_reached(const struct out *o);

/* Writes the end of the archive, fills the last record, flushes and closes. */
void out_end(struct out *o);

#endif
