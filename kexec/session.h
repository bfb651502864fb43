#ifndef KEXEC_SESSION_H
#define KEXEC_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

/*
 * One command in a pod: what stdin, stdout, stderr, status and half-close
 * mean, whatever transport carries them.  Pure.
 *
 *   state     stdin may be sent   what comes next
 *   RUNNING   yes                 output, the verdict, or the end
 *   JUDGED    no                  output that was late, or the end
 *   ENDED     no                  nothing
 *
 * The verdict counts as soon as it is whole, however the connection ends
 * after it; an end without a whole verdict is never a success.  Where each
 * channel is a stream of its own (SPDY), a status stream that ends without a
 * verdict, or an output that is cut off before it, is a fault; JUDGED becomes
 * ENDED when status, stdout and stderr have all ended.
 */
enum session_state { SESSION_RUNNING, SESSION_JUDGED, SESSION_ENDED };

/* The channels of the v4 and v5 subprotocols; SPDY names streams the same. */
enum session_channel {
	CHANNEL_STDIN = 0,
	CHANNEL_STDOUT = 1,
	CHANNEL_STDERR = 2,
	CHANNEL_STATUS = 3,
	CHANNEL_RESIZE = 4,
	CHANNEL_CLOSE = 255
};

/* More of a status than this is a fault. */
enum { SESSION_STATUS_MAX = 65536 };

/*
 * stdin: OFF is not forwarded; OPEN is; DONE has ended and the remote side
 * was told.
 */
enum session_stdin {
	SESSION_STDIN_OFF,
	SESSION_STDIN_OPEN,
	SESSION_STDIN_DONE
};

struct session {
	enum session_state state;
	enum session_stdin in;
	int channel; /* of the message being read, -1 none yet */
	char *status;
	size_t status_len;
	/* where the status stands: open braces, inside a string, behind \ */
	size_t depth;
	bool in_string, escaped;
	unsigned ended; /* channels whose stream has ended, a bit each */
	struct verdict verdict;
	uint64_t sent, received; /* bytes of stdin, of stdout and stderr */
};

/* Starts a session; forward_stdin says whether stdin was asked for. */
void session_init(struct session *s, bool forward_stdin);

/* There is no stderr, whose end would be waited for: a terminal has none. */
void session_no_stderr(struct session *s);

/*
 * Takes len bytes of a message whose first byte, when first is set, is its
 * channel.  Returns CHANNEL_STDOUT or CHANNEL_STDERR when *data and *data_len
 * are bytes for that output; -1 when there is nothing to put out.  Bytes of
 * channels that a client does not know are dropped.
 */
int session_message(struct session *s, bool first, const unsigned char *bytes,
		    size_t len, const unsigned char **data, size_t *data_len);

/* As session_message, for a transport that knows the channel itself. */
int session_data(struct session *s, int channel, const unsigned char *bytes,
		 size_t len, const unsigned char **data, size_t *data_len);

/*
 * The server ended the stream of a channel; cut says that it broke it off, by
 * which data may be lost and more stdin is not taken.  Other channels than
 * those of a session mean nothing.
 */
void session_channel_end(struct session *s, int channel, bool cut);

/* Whether stdin is to be read and sent now. */
bool session_wants_stdin(const struct session *s);

/* n bytes of stdin were sent; or stdin ended and the half-close was sent. */
void session_sent(struct session *s, size_t n);
void session_stdin_done(struct session *s);

/*
 * The connection ended; how says in words how, for the message.  Without a
 * whole verdict the session is now a fault.
 */
void session_end(struct session *s, const char *how);

void session_free(struct session *s);

#endif
