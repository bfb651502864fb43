/*
 * Which transport carries a session: SPDY/3.1 first, which is faster on
 * today's servers and keeps the verdict of a command that leaves its stdin
 * unread; WebSocket where something on the way lets no SPDY through.
 */
#include "stream.h"

#include <stdlib.h>

#include "lib/clock.h"
#include "lib/conn.h"
#include "lib/err.h"
#include "lib/http.h"
#include "lib/mem.h"
#include "lib/record.h"
#include "lib/url.h"

#include "spdy.h"
#include "status.h"
#include "ws.h"

#define SPDY_NAME "SPDY/3.1"
#define WS_NAME   "WebSocket"

struct attempt {
	const struct opts *o;
	const struct record *r;
	const char *name;
	struct url url;
	struct transport_request request;
};

/* The subprotocols to offer, best first.  v4 cannot end stdin, so it is no
 * choice where stdin is forwarded. */
static const char *
offer(const struct opts *o)
{
	if (o->protocol == PROTOCOL_V4)
		return WS_V4;
	if (o->protocol == PROTOCOL_V5 || !o->no_stdin)
		return WS_V5;
	return WS_V5 ", " WS_V4;
}

/* One attempt, on a connection of its own; one that fails ends the process. */
static struct transport *
try_one(const struct attempt *a, bool spdy, struct transport_refusal *no)
{
	const struct opts *o = a->o;
	const char *protocol;
	struct transport *t;
	struct conn *c;
	char why[512];

	if (o->verbose)
		warn(0, "%s: connecting", a->r->server);
	c = conn_open(&a->url, a->r, a->request.deadline, why, sizeof why);
	if (!c)
		die(EXIT_UNKNOWN, 0, "%s: %s", a->r->server, why);
	if (spdy) {
		t = spdy_open(c, &a->request, !o->no_stdin, no);
		if (t && o->verbose)
			warn(0, "%s: " SPDY_NAME " (" SPDY_V4 ")", a->name);
		return t;
	}
	t = ws_open(c, &a->request, offer(o), &protocol, no);
	if (!t)
		return NULL;
	if (o->verbose)
		warn(0, "%s: " WS_NAME " (%s)", a->name, protocol);
	if (protocol[1] == '4' && !o->no_stdin && !o->quiet)
		warn(0,
		     "%s: " WS_V4 " cannot tell the command that stdin "
		     "ended",
		     a->name);
	return t;
}

/*
 * Tries what o allows, in turn.  A second attempt is only made where the first
 * was SPDY, which starts no command before its streams are open: nothing runs
 * twice.
 */
static struct transport *
try_all(const struct attempt *a)
{
	enum protocol p = a->o->protocol;
	bool spdy = p == PROTOCOL_AUTO || p == PROTOCOL_SPDY;
	struct transport_refusal no, first;
	struct transport *t = try_one(a, spdy, &no);

	if (t)
		return t;
	if (no.final)
		die(EXIT_UNKNOWN, 0, "%s: %s", a->name, no.text);
	if (p != PROTOCOL_AUTO)
		die(EXIT_UNKNOWN, 0, "%s: no exec stream: %s", a->name,
		    no.text);
	if (a->o->verbose)
		warn(0, "%s: no " SPDY_NAME ": %s", a->name, no.text);
	first = no;
	t = try_one(a, false, &no);
	if (!t)
		die(EXIT_UNKNOWN, 0,
		    "%s: no exec stream: " SPDY_NAME ": %s; " WS_NAME ": %s",
		    a->name, first.text, no.text);
	free(first.text);
	return t;
}

struct transport *
stream_open(const struct opts *o, const struct record *r, const char *name)
{
	struct exec_request ask = {.namespace = o->target.namespace,
				   .pod = o->target.pod,
				   .container = o->container,
				   .command = o->command,
				   .stdin_wanted = !o->no_stdin};
	struct attempt a = {.o = o, .r = r, .name = name};
	const char *field, *fault;
	char *path, *identity = xstrdup("");
	struct transport *t;

	/* either address may hold a password, and is not shown before that is
	 * known to be otherwise */
	if (url_parse(&a.url, r->server, &fault) != 0)
		die(EXIT_UNKNOWN, 0, "server: %s", fault);
	if (r->proxy_url)
		die(EXIT_UNKNOWN, 0,
		    "proxy-url: proxies are not supported; it is the "
		    "kubeconfig's, or that of the environment (HTTPS_PROXY)");
	if (!a.url.tls && (r->token || r->username || r->key))
		die(EXIT_UNKNOWN, 0, "%s: no TLS, so no credentials go there",
		    r->server);
	if (http_identity(&identity, r, &field) != 0)
		die(EXIT_UNKNOWN, 0, "%s: holds a byte that no header can",
		    field);
	ask.prefix = a.url.prefix;
	path = target_path(&ask);
	a.request.hostname = a.url.hostname;
	a.request.path = path;
	a.request.identity = identity;
	a.request.deadline =
	    o->connect_timeout ? clock_ms() + o->connect_timeout : -1;
	t = try_all(&a);
	wipe_str(identity);
	free(path);
	url_free(&a.url);
	return t;
}
