#ifndef KEXEC_SINK_H
#define KEXEC_SINK_H

#include <stdbool.h>
#include <stddef.h>

/* How a write is kept from blocking. */
enum sink_way {
	SINK_PLAIN,  /* files and devices do not; or the description is ours */
	SINK_PIPE,   /* one page at a time, when poll says that there is room */
	SINK_TTY,    /* one byte at a time, for poll promises no more */
	SINK_SOCKET, /* asked for with each call */
};

/*
 * A bounded buffer in front of stdout or stderr.  Small pieces are gathered
 * into large writes; a reader that is slow, or gone, never blocks us.
 */
struct sink {
	int fd;
	enum sink_way way;
	bool opened; /* fd is ours */
	bool closed; /* the reader is gone, or writing failed: error says */
	bool escape; /* what could drive a terminal */
	int error;
	unsigned char *buf;
	size_t cap, start, end;
};

/*
 * Prepares a sink of cap bytes on fd.  Where the system lets us, it writes
 * through an open file description of its own, so that O_NONBLOCK does not
 * reach other users of fd.
 */
void sink_init(struct sink *s, int fd, size_t cap);

/* From now on what is put is escaped as in a message (err_escape), line by
 * line: newlines stay. */
void sink_escape(struct sink *s);

/* How many bytes sink_put takes now; a closed sink takes any number. */
size_t sink_room(const struct sink *s);

/* Takes n bytes, at most sink_room.  A closed sink drops them. */
void sink_put(struct sink *s, const unsigned char *p, size_t n);

/* Whether bytes are waiting to be written. */
bool sink_pending(const struct sink *s);

/*
 * Writes what can be written now.  Afterwards sink_pending says whether
 * some is left, and closed and error what went wrong.
 */
void sink_write(struct sink *s);

/* Frees the buffer and closes what sink_init opened, not fd itself. */
void sink_free(struct sink *s);

#endif
