/*
 * Buffers around a socket.
 */
#include "wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "mem.h"
#include "tunnel.h"

enum {
	/* in a millisecond: what makes gathering worth its wait */
	FAST_BYTES = 32768,
	/* what poll waits for then */
	GATHER_BYTES = 65536,
	/* more falls out of the processor's cache, see bench/README.md */
	RX_BYTES = 131072,
	/* a frame of stdin in records of 16 KiB */
	TX_BYTES = 73728
};

struct wire {
	int fd;
	struct tunnel *tunnel; /* or NULL */
	bool drained;          /* poll knows of all that can be read */
	bool may_gather, gathers;
	int64_t since; /* when the present millisecond started */
	size_t came;   /* bytes in it */
	size_t rx_start, rx_end, tx_start, tx_end;
	unsigned char rx[RX_BYTES], tx[TX_BYTES];
};

struct wire *
wire_new(int fd, struct tunnel *t)
{
	struct wire *w = xmalloc(sizeof *w);

	w->fd = fd;
	w->tunnel = t;
	w->drained = w->may_gather = w->gathers = false;
	w->since = 0;
	w->came = 0;
	w->rx_start = w->rx_end = w->tx_start = w->tx_end = 0;
	return w;
}

/* Finds out whether bytes come fast, when n more have come. */
static void
measure(struct wire *w, size_t n)
{
	int64_t now = clock_ms();
	bool fast = w->came >= FAST_BYTES;
	int low;

	if (now == w->since) {
		w->came += n;
		return;
	}
	w->since = now;
	w->came = n;
	if (fast == w->gathers)
		return;
	low = fast ? GATHER_BYTES : 1;
	if (setsockopt(w->fd, SOL_SOCKET, SO_RCVLOWAT, &low, sizeof low) == 0)
		w->gathers = fast;
}

/* Refills the empty buffer: as recv. */
static ssize_t
refill(struct wire *w)
{
	ssize_t n;

	if (w->drained) {
		/* poll would say the same, and knows when that changes */
		w->drained = false;
		errno = EAGAIN;
		return -1;
	}
	do
		n = w->tunnel ? tunnel_recv(w->tunnel, w->rx, sizeof w->rx)
			      : recv(w->fd, w->rx, sizeof w->rx, 0);
	while (n < 0 && errno == EINTR);
	if (n > 0) {
		w->drained = !w->tunnel && (size_t)n < sizeof w->rx;
		w->rx_start = 0;
		w->rx_end = (size_t)n;
	}
	if (w->may_gather && (n > 0 || (n < 0 && errno == EAGAIN))) {
		int saved = errno;

		measure(w, n > 0 ? (size_t)n : 0);
		errno = saved;
	}
	return n;
}

ssize_t
wire_recv(struct wire *w, void *buf, size_t n)
{
	size_t have;

	if (w->rx_start == w->rx_end) {
		ssize_t got = refill(w);

		if (got <= 0)
			return got;
	}
	have = w->rx_end - w->rx_start;
	if (n > have)
		n = have;
	memcpy(buf, w->rx + w->rx_start, n);
	w->rx_start += n;
	return (ssize_t)n;
}

int
wire_flush(struct wire *w)
{
	while (w->tx_start < w->tx_end) {
		const unsigned char *p = w->tx + w->tx_start;
		size_t left = w->tx_end - w->tx_start;
		ssize_t n = w->tunnel ? tunnel_send(w->tunnel, p, left)
				      : send(w->fd, p, left, MSG_NOSIGNAL);

		if (n >= 0)
			w->tx_start += (size_t)n;
		else if (errno != EINTR)
			return -1;
	}
	w->tx_start = w->tx_end = 0;
	return 0;
}

ssize_t
wire_send(struct wire *w, const void *buf, size_t n)
{
	if (w->tx_end == sizeof w->tx && wire_flush(w) != 0)
		return -1;
	if (n > sizeof w->tx - w->tx_end)
		n = sizeof w->tx - w->tx_end;
	memcpy(w->tx + w->tx_end, buf, n);
	w->tx_end += n;
	return (ssize_t)n;
}

bool
wire_pending(const struct wire *w)
{
	return w->tx_end > w->tx_start;
}

void
wire_gather(struct wire *w)
{
	/* poll knows little of a tunnel */
	w->may_gather = !w->tunnel;
}

bool
wire_gathers(const struct wire *w)
{
	return w->gathers;
}

void
wire_free(struct wire *w)
{
	wipe_free(w, w ? sizeof *w : 0);
}
