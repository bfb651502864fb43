/*
 * Buffers and order.
 */
#include "link.h"

#include <string.h>

#include "lib/clock.h"
#include "lib/wire.h"

void
link_init(struct link *l, struct conn *c, const struct exchange *h)
{
	l->conn = c;
	wire_gather(conn_wire(c));
	l->tx_start = l->tx_end = 0;
	l->tx_dead = false;
	l->heard = clock_ms();
	/* the first frames may have come with the head; both are bounded by
	 * the same size */
	l->rx_start = 0;
	l->rx_end = h->len - h->head_len;
	memcpy(l->rx, h->buf + h->head_len, l->rx_end);
}

void
link_send(struct link *l)
{
	while (l->tx_start < l->tx_end && !l->tx_dead) {
		ssize_t n = conn_write(l->conn, l->tx + l->tx_start,
				       l->tx_end - l->tx_start);

		if (n == CONN_AGAIN)
			return;
		/* what the peer still says may hold the verdict */
		if (n <= 0)
			l->tx_dead = true;
		else
			l->tx_start += (size_t)n;
	}
	l->tx_start = l->tx_end = 0;
	if (!l->tx_dead && conn_flush(l->conn) == CONN_FAILED)
		l->tx_dead = true;
}

bool
link_sending(const struct link *l)
{
	return l->tx_end > l->tx_start ||
	       (!l->tx_dead && conn_pending(l->conn));
}

unsigned char *
link_body(struct link *l)
{
	return link_sending(l) || l->tx_dead ? NULL : l->tx + LINK_BODY_AT;
}

void
link_put(struct link *l, size_t head, size_t n)
{
	l->tx_start = LINK_BODY_AT - head;
	l->tx_end = LINK_BODY_AT + n;
	link_send(l);
}

unsigned char *
link_small(struct link *l, size_t n)
{
	unsigned char *p = l->tx + l->tx_end;

	if (l->tx_dead || sizeof l->tx - l->tx_end < n)
		return NULL;
	l->tx_end += n;
	return p;
}

bool
link_spare(const struct link *l)
{
	return sizeof l->tx - l->tx_end >= LINK_SMALL_ROOM / 2;
}

ssize_t
link_fill(struct link *l)
{
	ssize_t n = conn_read(l->conn, l->rx, sizeof l->rx);

	if (n <= 0)
		return n;
	l->rx_start = 0;
	l->rx_end = (size_t)n;
	l->heard = clock_ms();
	return n;
}

short
link_events(const struct link *l, bool receiving)
{
	short events = 0;

	if (receiving)
		events |= conn_read_events(l->conn);
	if (link_sending(l))
		events |= conn_write_events(l->conn);
	return events;
}
