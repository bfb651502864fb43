#ifndef KEXEC_LINK_H
#define KEXEC_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/conn.h"
#include "lib/exchange.h"

enum {
	LINK_BODY_BYTES = 65536, /* of stdin in a frame */
	LINK_BODY_AT = 16,       /* in front of it, for the frame's head */
	LINK_SMALL_ROOM = 512,   /* behind it, for frames of control */
	LINK_TX_BYTES = LINK_BODY_AT + LINK_BODY_BYTES + LINK_SMALL_ROOM,
	LINK_RX_BYTES = 65536
};

/*
 * The buffers between a transport and its connection.  Only one thing is on
 * its way out at a time: a frame of stdin, read straight into its place behind
 * room for the frame's head, and small frames behind it.
 */
struct link {
	struct conn *conn;
	unsigned char rx[LINK_RX_BYTES];
	size_t rx_start, rx_end; /* what has come and is not yet taken */
	unsigned char tx[LINK_TX_BYTES];
	size_t tx_start, tx_end;
	bool tx_dead;  /* the peer takes nothing more; it may still be heard */
	int64_t heard; /* when the last byte came (clock_ms) */
};

/* Takes c over, with what came behind the head of h. */
void link_init(struct link *l, struct conn *c, const struct exchange *h);

/* Where a body of at most LINK_BODY_BYTES goes; NULL while anything is on its
 * way, or when the peer takes nothing more. */
unsigned char *link_body(struct link *l);

/* Sends the n bytes that were put there, and in front of them the head bytes
 * that end at link_body's place. */
void link_put(struct link *l, size_t head, size_t n);

/*
 * Where a small frame of n bytes goes, behind what is on its way; the next
 * link_send sends it.  NULL when there is no room for it, or the peer takes
 * nothing more.
 */
unsigned char *link_small(struct link *l, size_t n);

/* Whether a small frame of half of LINK_SMALL_ROOM still fits: what a peer can
 * ask for with no end keeps to that, and what must be sent always fits. */
bool link_spare(const struct link *l);

/* Sends what is on its way, as far as it goes. */
void link_send(struct link *l);
bool link_sending(const struct link *l);

/* Reads into rx, of which all has been taken.  Returns what conn_read does. */
ssize_t link_fill(struct link *l);

/* For poll: the events that matter now. */
short link_events(const struct link *l, bool receiving);

#endif
