/*
 * The answer to a request for SPDY.
 */
#include "spdyanswer.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

#include "spdy.h"

const char *
spdy_answer_fault(const struct http_reply *r)
{
	if (!r->upgrade || !http_has_token(r->upgrade, "SPDY/3.1") ||
	    !r->connection_upgrade)
		return "the server switched to another protocol";
	if (!r->stream_protocol || !*r->stream_protocol)
		return "the server chose no stream protocol";
	if (strcmp(r->stream_protocol, SPDY_V4) != 0)
		return "the server chose a stream protocol that was not "
		       "offered";
	return NULL;
}

char *
spdy_answer_refusal(struct exchange *h, struct conn *c, int64_t deadline,
		    bool *final)
{
	static const char stripped[] = "Upgrade request required";
	char *text = exchange_status(h, c, deadline), *more;

	*final = text != NULL;
	if (!text)
		return xasprintf("answer %d %s", h->reply.code,
				 h->reply.reason);
	if (strncmp(text, stripped, sizeof stripped - 1) == 0) {
		/* something on the way took the upgrade out: it is the API
		 * server's answer to another request than ours */
		*final = false;
	} else if (h->reply.code == 403 && strstr(text, "cannot create ")) {
		more = xasprintf("%s; --protocol v5 asks for the verb get "
				 "instead, from Kubernetes 1.35 on for both",
				 text);
		free(text);
		text = more;
	}
	return text;
}
