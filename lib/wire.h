#ifndef LIB_WIRE_H
#define LIB_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * What lies beneath TLS: a socket that does not block, or a tunnel, with a
 * buffer each way, so that one system call moves many TLS records.
 */
struct wire;
struct tunnel;

/* On t, or on fd where t is NULL; they stay the caller's and must live longer.
 * For wire_free. */
struct wire *wire_new(int fd, struct tunnel *t);

/*
 * As recv(2) and send(2), errno included.  What was sent may still be in the
 * buffer, see wire_flush; EAGAIN says that nothing more goes in.  Bytes may
 * have been read ahead, which poll does not see: read until EAGAIN before
 * waiting for POLLIN.
 */
ssize_t wire_recv(struct wire *w, void *buf, size_t n);
ssize_t wire_send(struct wire *w, const void *buf, size_t n);

/* Sends what is in the buffer.  Returns 0, or -1 and errno: EAGAIN when some
 * of it is left. */
int wire_flush(struct wire *w);

/* Whether there is something to flush. */
bool wire_pending(const struct wire *w);

/*
 * From now on, where bytes come so fast that one call should bring many, poll
 * waits for more of them than one; wire_gathers says when that is so, and poll
 * is then to be asked for WIRE_GATHER_MS at most.
 */
enum { WIRE_GATHER_MS = 1 };
void wire_gather(struct wire *w);
bool wire_gathers(const struct wire *w);

/* Wipes and frees; what was not flushed is lost.  w may be NULL. */
void wire_free(struct wire *w);

#endif
