#ifndef KEXEC_TRANSPORT_H
#define KEXEC_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "link.h"
#include "session.h"
#include "sink.h"

/*
 * What carries a session: one connection that never blocks.  Each kind (spdy,
 * ws) opens it its own way and fills in the operations: what its frames are.
 * The bytes of them go over link, which is the same for all.
 */
struct transport {
	const struct transport_ops *ops;
	struct link link;
	int64_t ping_at; /* since when an answer is waited for, -1 for none */
};

enum transport_received {
	RECEIVED_ALL,  /* nothing more has come yet */
	RECEIVED_FULL, /* a sink is full; more may be waiting */
	RECEIVED_END   /* the connection ended and session_end was called */
};

struct transport_ops {
	/* n > 0 bytes of stdin were put at link_body: sends as much as goes at
	 * once. */
	void (*stdin_put)(struct transport *t, size_t n);

	/* stdin ended: sends the half-close behind what is on its way. */
	void (*stdin_end)(struct transport *t);

	/*
	 * Tells the command the size of its terminal, n <= 64 bytes of text;
	 * only where the request asks for one, and nothing is on its way.
	 */
	void (*resize)(struct transport *t, const char *text, size_t n);

	/* Takes what the link has read, tells s and fills the sinks. */
	enum transport_received (*take)(struct transport *t, struct session *s,
					struct sink *out, struct sink *err);

	/* Asks the peer for a sign of life, unless something is on its way. */
	void (*ping)(struct transport *t, int64_t now);

	/*
	 * Since when (clock_ms) an answer to a ping is owed; -1 when none
	 * is, or when the peer may be blocked by stdin that we sent it.
	 */
	int64_t (*owed)(const struct transport *t);

	/* What it may mean, in words, when the peer takes no more stdin and
	 * says nothing; NULL when it means no more than that. */
	const char *stuck;

	/* Closes the connection and frees t. */
	void (*close)(struct transport *t);
};

/* Reads, and takes, until nothing more has come. */
enum transport_received transport_receive(struct transport *t,
					  struct session *s, struct sink *out,
					  struct sink *err);

/* What each kind needs to open one; the strings are borrowed. */
struct transport_request {
	const char *hostname; /* for the Host header */
	const char *path;     /* path and query */
	const char *identity; /* header lines that tell who asks */
	int64_t deadline;     /* clock_ms, -1 for none */
	bool tty;             /* the path asks for a terminal */
};

/* Why there is none. */
struct transport_refusal {
	char *text; /* for the caller to free */
	int code;   /* of the answer; 0 when none came */
	bool final; /* the API server said so, or the connection failed: no
		       other kind of transport would do better */
	bool mute;  /* the connection ended before a byte of an answer */
};

#endif
