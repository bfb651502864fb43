/*
 * Which transport carries a session: SPDY/3.1 first, which is faster on
 * today's servers and keeps the verdict of a command that leaves its stdin
 * unread; WebSocket where something on the way lets no SPDY through.
 */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

#include "lib/api.h"
#include "lib/err.h"
#include "lib/mem.h"
#include "lib/record.h"

#include "debug.h"
#include "find.h"
#include "report.h"
#include "spdy.h"
#include "status.h"
#include "target.h"
#include "ws.h"

#define SPDY_NAME "SPDY/3.1"
#define WS_NAME   "WebSocket"

struct attempt {
	const struct opts *o;
	struct api *api;
	struct place place;
	struct transport_request request;
	const char *protocol; /* what it came to, as --protocol names it */
};

/* The subprotocols to offer, best first.  v4 cannot end stdin, so it is no
 * choice where stdin is forwarded, unless it is a terminal, which never ends
 * before the session does. */
static const char *
offer(const struct opts *o)
{
	if (o->protocol == PROTOCOL_V4)
		return WS_V4;
	if (o->protocol == PROTOCOL_V5 || (!o->no_stdin && !o->tty))
		return WS_V5;
	return WS_V5 ", " WS_V4;
}

/* One attempt; one that finds no server ends the process. */
static struct transport *
try_one(struct attempt *a, bool spdy, struct transport_refusal *no)
{
	const struct opts *o = a->o;
	const char *protocol, *name = a->place.name;
	struct transport *t;
	struct conn *c;

	find_connect(a->api, o, a->request.deadline);
	c = api_take(a->api);
	t = spdy ? spdy_open(&c, &a->request, !o->no_stdin, no)
		 : ws_open(&c, &a->request, offer(o), &protocol, no);
	if (c)
		api_give(a->api, c);
	if (!t)
		return NULL;
	a->protocol = spdy ? "spdy" : protocol[1] == '4' ? "v4" : "v5";
	if (o->verbose && spdy)
		warn(0, "%s: " SPDY_NAME " (" SPDY_V4 ")", name);
	else if (o->verbose)
		warn(0, "%s: " WS_NAME " (%s)", name, protocol);
	if (!spdy && protocol[1] == '4' && !o->no_stdin && !o->tty && !o->quiet)
		warn(0,
		     "%s: " WS_V4 " cannot tell the command that stdin "
		     "ended",
		     name);
	return t;
}

/*
 * An attempt on the connection that is there.  SPDY starts no command before
 * its streams are open, so when a connection that has been used ends without
 * an answer, as one may that has been idle, it is tried again on a new one.
 */
static struct transport *
try_spdy(struct attempt *a, struct transport_refusal *no)
{
	bool used = api_connected(a->api) && a->api->used;
	struct transport *t = try_one(a, true, no);

	if (t || !used || !no->mute)
		return t;
	free(no->text);
	return try_one(a, true, no);
}

/*
 * Tries what o allows, in turn.  A second attempt is only made where the first
 * was SPDY, which starts no command before its streams are open: nothing runs
 * twice.  Returns NULL and *no when the API server refused; any other failure
 * ends the process.
 */
static struct transport *
try_all(struct attempt *a, struct transport_refusal *no)
{
	enum protocol p = a->o->protocol;
	bool spdy = p == PROTOCOL_AUTO || p == PROTOCOL_SPDY;
	const char *name = a->place.name;
	struct transport_refusal first;
	struct transport *t;

	t = spdy ? try_spdy(a, no) : try_one(a, false, no);
	if (t || no->final)
		return t;
	if (p != PROTOCOL_AUTO)
		die(EXIT_UNKNOWN, 0, "%s: no exec stream: %s", name, no->text);
	if (a->o->verbose)
		warn(0, "%s: no " SPDY_NAME ": %s", name, no->text);
	first = *no;
	t = try_one(a, false, no);
	if (!t)
		die(EXIT_UNKNOWN, 0,
		    "%s: no exec stream: " SPDY_NAME ": %s; " WS_NAME ": %s",
		    name, first.text, no->text);
	free(first.text);
	return t;
}

/* Asks for the command in a->place. */
static struct transport *
ask(struct attempt *a, struct transport_refusal *no)
{
	const struct opts *o = a->o;
	struct exec_request ask = {.prefix = a->api->url.prefix,
				   .namespace = o->target.namespace,
				   .pod = a->place.pod,
				   .container = a->place.container,
				   .command = o->command,
				   .stdin_wanted = !o->no_stdin,
				   .tty = o->tty};
	char *path = target_path(&ask);
	struct transport *t;

	a->request.path = path;
	a->request.tty = o->tty;
	a->request.deadline = api_deadline(a->api);
	t = try_all(a, no);
	free(path);
	return t;
}

/* Whether the server wants to be told which of several containers it is. */
static bool
wants_container(const struct transport_refusal *no)
{
	static const char text[] = "a container name must be specified";

	return no->code == 400 && strncmp(no->text, text, sizeof text - 1) == 0;
}

struct transport *
stream_open(const struct opts *o, const struct record *r, struct api *api,
	    struct report *report, char **name)
{
	struct attempt a = {.o = o, .api = api};
	struct report_peer peer = {.server = r->server,
				   .namespace = o->target.namespace};
	struct transport_refusal no;
	struct transport *t;
	char why[512];

	if (api_init(api, r, o->connect_timeout, why, sizeof why) != 0)
		die(EXIT_UNKNOWN, 0, "%s", why);
	a.request.hostname = api->url.hostname;
	a.request.identity = api->identity;
	if (o->target.type) {
		find_by_workload(api, o, &a.place);
	} else {
		a.place.pod = xstrdup(o->target.name);
		a.place.container = o->container ? xstrdup(o->container) : NULL;
		a.place.name =
		    xasprintf("%s/%s", o->target.namespace, a.place.pod);
	}
	if (o->debug_image)
		debug_container(api, o, &a.place);
	t = ask(&a, &no);
	if (!t && !a.place.container && wants_container(&no)) {
		find_container(api, o, &a.place, no.text);
		free(no.text);
		t = ask(&a, &no);
	}
	if (!t)
		die(EXIT_UNKNOWN, 0, "%s: %s", a.place.name, no.text);
	peer.protocol = a.protocol;
	peer.pod = a.place.pod;
	peer.container = a.place.container;
	report_connected(report, &peer);
	*name = a.place.name;
	free(a.place.pod);
	free(a.place.container);
	api_free(api);
	return t;
}
