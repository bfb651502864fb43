/*
 * Choosing among what the client offers.  Pure.
 */
#include "protocol.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

static const struct known {
	const char *name;
	enum api_protocol protocol;
	bool websocket, spdy;
} known[] = {
    {"v5.channel.k8s.io", API_V5, false, false},
    {"v4.channel.k8s.io", API_V4, true, true},
    {"v3.channel.k8s.io", API_V3, false, true},
    {"v2.channel.k8s.io", API_V2, false, true},
    {"channel.k8s.io", API_V1, true, true},
};

#define ACCEPTED "X-Accepted-Stream-Protocol-Versions: "
const char protocol_accepted[] =
    ACCEPTED "v4.channel.k8s.io\r\n" ACCEPTED "v3.channel.k8s.io\r\n" ACCEPTED
	     "v2.channel.k8s.io\r\n" ACCEPTED "channel.k8s.io\r\n";

/* Takes the first name in the headers that is known; false when none is. */
static bool
take_first(struct api_exec *e, const struct http_request *r, const char *header,
	   bool spdy)
{
	struct http_tokens t = {.request = r, .name = header};
	size_t i;

	while (http_next_token(&t)) {
		for (i = 0; i < sizeof(known) / sizeof(*known); i++) {
			const struct known *k = &known[i];

			if ((spdy ? k->spdy : k->websocket) &&
			    strlen(k->name) == t.n &&
			    memcmp(k->name, t.token, t.n) == 0) {
				e->protocol = k->protocol;
				e->subprotocol = k->name;
				return true;
			}
		}
	}
	return false;
}

/* The API server looks for v5 anywhere in the list; without it the runtime
 * takes the first name that it knows. */
int
protocol_websocket(struct api_exec *e, const struct http_request *r)
{
	static const char header[] = "Sec-WebSocket-Protocol";

	e->protocol = API_V1;
	e->subprotocol = "";
	if (!http_header(r, header))
		return 0;
	if (http_has_token(r, header, known[0].name)) {
		e->protocol = known[0].protocol;
		e->subprotocol = known[0].name;
		return 0;
	}
	return take_first(e, r, header, false) ? 0 : -1;
}

/* The names that r offers, as Go prints a list; for free. */
static char *
offered(const struct http_request *r, const char *header)
{
	struct http_tokens t = {.request = r, .name = header};
	char *list = xstrdup("");

	while (http_next_token(&t)) {
		char *more = xasprintf("%s%s%.*s", list, *list ? " " : "",
				       (int)t.n, t.token);

		free(list);
		list = more;
	}
	return list;
}

enum protocol_choice
protocol_spdy(struct api_exec *e, const struct http_request *r, char **why)
{
	static const char header[] = "X-Stream-Protocol-Version";
	char *names;

	if (!http_header(r, header)) {
		*why = xasprintf("unable to upgrade: %s is required\n", header);
		return PROTOCOL_NONE_OFFERED;
	}
	if (take_first(e, r, header, true))
		return PROTOCOL_CHOSEN;
	names = offered(r, header);
	*why = xasprintf("unable to upgrade: unable to negotiate protocol: "
			 "client supports [%s], server accepts "
			 "[v4.channel.k8s.io v3.channel.k8s.io "
			 "v2.channel.k8s.io channel.k8s.io]\n",
			 names);
	free(names);
	return PROTOCOL_NONE_KNOWN;
}
