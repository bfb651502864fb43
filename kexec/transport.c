/*
 * What all transports do alike.
 */
#include "transport.h"

#include "lib/conn.h"

enum transport_received
transport_receive(struct transport *t, struct session *s, struct sink *out,
		  struct sink *err)
{
	for (;;) {
		enum transport_received r = t->ops->take(t, s, out, err);
		ssize_t n;

		if (r != RECEIVED_ALL)
			return r;
		n = link_fill(&t->link);
		if (n == CONN_AGAIN)
			return RECEIVED_ALL;
		if (n <= 0) {
			session_end(s, conn_fault(t->link.conn));
			return RECEIVED_END;
		}
		if (t->ping_at >= 0)
			t->ping_at = t->link.heard;
	}
}
