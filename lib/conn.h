#ifndef LIB_CONN_H
#define LIB_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A stream of bytes to the API server, over TLS or, for an http:// server,
 * plain.  It never blocks.
 */
struct conn;
struct wire;
struct record;
struct url;

/*
 * Connects to u, through the proxy of r if it has one, with the trust, the
 * client certificate and the server name of r, until deadline (clock_ms; -1 for
 * none).  Nothing of r is needed any more when it returns.  Returns the
 * connection, for conn_close; or NULL and the cause in why (cap bytes).
 */
struct conn *conn_open(const struct url *u, const struct record *r,
		       int64_t deadline, char *why, size_t cap);

/* What conn_read and conn_write return beside a number of bytes. */
enum { CONN_END = 0, CONN_AGAIN = -1, CONN_FAILED = -2 };

/*
 * Up to n bytes; CONN_END when the peer ended the stream, CONN_AGAIN when
 * there are none now, CONN_FAILED for good (conn_fault).
 */
ssize_t conn_read(struct conn *c, void *buf, size_t n);

/*
 * Writes some of the n > 0 bytes; CONN_AGAIN and CONN_FAILED as above.  After
 * CONN_AGAIN the same bytes must be offered again.  What was written may still
 * be pending here: then wait for conn_write_events and call conn_flush.
 */
ssize_t conn_write(struct conn *c, const void *buf, size_t n);

/* Returns 0 when nothing is pending any more, CONN_AGAIN, or CONN_FAILED. */
int conn_flush(struct conn *c);
bool conn_pending(const struct conn *c);

/* Why the last call failed or the stream ended, in words. */
const char *conn_fault(const struct conn *c);

/*
 * What to poll before the next call: the descriptor, and the events for
 * reading, for writing, as the last call of each left them (TLS may have to
 * write in order to read).
 */
int conn_fd(const struct conn *c);
short conn_read_events(const struct conn *c);
short conn_write_events(const struct conn *c);

/* What it runs on, borrowed; see wire_gather. */
struct wire *conn_wire(const struct conn *c);

/* Whether the peer has fallen silent beneath us (dial_lost). */
bool conn_lost(const struct conn *c);

/* Says goodbye to the peer as far as that works at once, and frees c. */
void conn_close(struct conn *c);

#endif
