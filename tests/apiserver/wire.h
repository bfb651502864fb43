#ifndef TESTS_APISERVER_WIRE_H
#define TESTS_APISERVER_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"
#include "queue.h"

/*
 * What an exec session needs of the protocol that carries it.  ws.h and spdy.h
 * are the two that there are; each has the fault of its session and tells
 * everything with it.
 */

enum channel {
	CHANNEL_STDIN,
	CHANNEL_STDOUT,
	CHANNEL_STDERR,
	CHANNEL_STATUS,
	CHANNEL_RESIZE
};
enum { CHANNELS = 5 };

enum { PART_CHUNK = 4096 };

enum part_kind {
	PART_NOTHING, /* more bytes are needed */
	PART_READY,   /* all that the request promised is there: start */
	PART_STDIN,   /* data, n; the last when ends is set */
	PART_RESIZE,  /* data, n: bytes of the stream of sizes */
	PART_PING,    /* data, n: to be sent back */
	PART_CLOSE,   /* the client ends it */
	PART_BROKEN   /* not the protocol */
};

/* A thing that a client has said. */
struct part {
	enum part_kind kind;
	unsigned char data[PART_CHUNK];
	size_t n;
	bool ends;
};

struct wire {
	const struct wire_ops *ops;
	const struct fault *fault;
	struct queue *out; /* what goes to the client; not the wire's own */
};

/* In the order of a session; all that is said goes to out. */
struct wire_ops {
	/* Takes bytes from the n at in until there is something to say, and
	 * says it in *part.  Returns how many; more than none when n is. */
	size_t (*take)(struct wire *w, const unsigned char *in, size_t n,
		       struct part *part);
	/* What comes before everything else. */
	void (*open)(struct wire *w);
	/* n bytes on c. */
	void (*put)(struct wire *w, enum channel c, const void *data, size_t n);
	/* Nothing more will come on c; the protocol may have no word for it. */
	void (*end)(struct wire *w, enum channel c);
	/* Takes c away in the middle of it, where that can be said. */
	void (*reset)(struct wire *w, enum channel c);
	/* The answer to PART_PING. */
	void (*pong)(struct wire *w, const void *data, size_t n);
	/* A frame that declares as much as can be, and 1 MiB of it. */
	void (*huge_frame)(struct wire *w);
	/* The end of the session, with a close code of RFC 6455. */
	void (*close)(struct wire *w, int code);
	void (*free)(struct wire *w);
};

enum { CLOSE_NORMAL = 1000, CLOSE_PROTOCOL = 1002, CLOSE_INTERNAL = 1011 };

/* How much of a frame that is too large is sent, and how many pings a flood
 * has. */
enum { HUGE_FRAME_SENT = 1 << 20, PING_FLOOD = 20000 };

#endif
