/*
 * The part of the Kubernetes API that exec needs: who gets what answer.  The
 * order of the checks is the API server's.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

#include "auth.h"
#include "discovery.h"
#include "podjson.h"
#include "protocol.h"
#include "route.h"
#include "status.h"
#include "workload.h"

static const char json_type[] = "application/json";

static void
answer_json(struct api_answer *a, char *body)
{
	a->code = 200;
	a->type = json_type;
	a->body = body;
}

static void
answer_text(struct api_answer *a, int code, const char *text)
{
	a->code = code;
	a->type = "text/plain; charset=utf-8";
	a->body = xstrdup(text);
}

/* A Status; takes message over. */
static void
answer_status(struct api_answer *a, int code, const char *reason, char *message,
	      const char *pod)
{
	a->code = code;
	a->type = json_type;
	a->body = status_answer(code, reason, message, "pods", pod);
	if (code == 403)
		a->more = "X-Content-Type-Options: nosniff\r\n";
	free(message);
}

/* Appends names to the list *text. */
static void
add_names(char **text, const struct words *names)
{
	size_t i;

	for (i = 0; i < names->n; i++) {
		char *more = xasprintf("%s%s%s", *text, **text ? " " : "",
				       names->list[i]);

		free(*text);
		*text = more;
	}
}

static int
choose_container(struct api_answer *a, const struct http_request *r)
{
	struct api_exec *e = &a->exec;
	const char *name = http_param(r, "container");
	char *names;

	if (name && *name) {
		e->container = name;
		if (pod_has_container(&e->pod, name))
			return 0;
		answer_status(a, 400, "BadRequest",
			      xasprintf("container %s is not valid for pod %s",
					name, e->pod.name),
			      NULL);
		return -1;
	}
	e->container = e->pod.containers.list[0];
	if (e->pod.containers.n == 1)
		return 0;
	names = xstrdup("");
	add_names(&names, &e->pod.init);
	add_names(&names, &e->pod.sidecars);
	add_names(&names, &e->pod.containers);
	add_names(&names, &e->pod.ephemeral);
	add_names(&names, &e->pod.made);
	answer_status(
	    a, 400, "BadRequest",
	    xasprintf("a container name must be specified for pod %s, choose "
		      "one of: [%s]",
		      e->pod.name, names),
	    NULL);
	free(names);
	return -1;
}

static void
take_params(struct api_exec *e, const struct http_request *r)
{
	size_t i, n = 0;

	e->argv = xmalloc((r->n_params + 1) * sizeof(*e->argv));
	for (i = 0; i < r->n_params; i++)
		if (strcmp(r->params[i].key, "command") == 0)
			e->argv[n++] = r->params[i].value;
	e->argv[n] = NULL;
	e->in = http_param_bool(r, "stdin");
	e->out = http_param_bool(r, "stdout");
	e->tty = http_param_bool(r, "tty");
	e->err = http_param_bool(r, "stderr") && !e->tty;
}

/* Whether r asks for one of the transports, and which. */
static bool
wants_upgrade(struct api_exec *e, const struct http_request *r)
{
	if (!http_has_token(r, "Connection", "upgrade"))
		return false;
	if (http_has_token(r, "Upgrade", "SPDY/3.1")) {
		e->transport = API_SPDY;
		return true;
	}
	e->transport = API_WEBSOCKET;
	return http_has_token(r, "Upgrade", "websocket") &&
	       http_header(r, "Sec-WebSocket-Key");
}

/* Settles the protocol; -1 when a is a refusal. */
static int
choose_protocol(struct api_answer *a, const struct http_request *r)
{
	char *why = NULL;

	if (a->exec.transport == API_WEBSOCKET) {
		if (protocol_websocket(&a->exec, r) == 0)
			return 0;
		a->code = 403;
		a->bare = true;
		return -1;
	}
	switch (protocol_spdy(&a->exec, r, &why)) {
	case PROTOCOL_CHOSEN:
		return 0;
	case PROTOCOL_NONE_OFFERED:
		answer_text(a, 400, why);
		break;
	case PROTOCOL_NONE_KNOWN:
		answer_text(a, 403, why);
		a->more = protocol_accepted;
		break;
	}
	free(why);
	return -1;
}

/* Reads the pod into p, with all that was added to it; -1 and a is a refusal
 * when there is none. */
static int
load_pod(struct api_answer *a, struct pod *p, const struct config *c,
	 const char *namespace, const char *name)
{
	if (pod_load(p, c->root, namespace, name) < 0) {
		answer_status(a, 404, "NotFound",
			      xasprintf("pods \"%s\" not found", name), name);
		return -1;
	}
	ephemeral_show(c->ephemerals, p);
	return 0;
}

static void
answer_forbidden(struct api_answer *a, const char *user, const char *verb,
		 const char *resource, const char *namespace, const char *name)
{
	answer_status(a, 403, "Forbidden",
		      xasprintf("pods \"%s\" is forbidden: User \"%s\" cannot "
				"%s resource \"pods/%s\" in API group \"\" in "
				"the namespace \"%s\"",
				name, user, verb, resource, namespace),
		      name);
}

static void
answer_exec(struct api_answer *a, const struct config *c,
	    const struct http_request *r, const char *user,
	    const char *namespace, const char *name)
{
	struct api_exec *e = &a->exec;

	if (strcmp(r->method, "GET") != 0 && strcmp(r->method, "POST") != 0) {
		answer_status(
		    a, 405, "MethodNotAllowed",
		    xstrdup("the server does not allow this method on the "
			    "requested resource"),
		    NULL);
		return;
	}
	if (!auth_may_exec(c, user)) {
		answer_forbidden(a, user,
				 strcmp(r->method, "GET") == 0 ? "get"
							       : "create",
				 "exec", namespace, name);
		return;
	}
	if (load_pod(a, &e->pod, c, namespace, name) < 0 ||
	    choose_container(a, r) < 0)
		return;
	e->debug = ephemeral_find(c->ephemerals, &e->pod, e->container);
	if (!e->pod.node) {
		answer_status(a, 400, "BadRequest",
			      xasprintf("pod %s does not have a host assigned",
					name),
			      NULL);
		return;
	}
	if (!wants_upgrade(e, r)) {
		answer_status(a, 400, "BadRequest",
			      xstrdup("Upgrade request required"), NULL);
		return;
	}
	take_params(e, r);
	if (choose_protocol(a, r) < 0)
		return;
	/* The translator of v5 says these two in the stream. */
	if (e->protocol != API_V5 && !pod_runs(&e->pod, e->container)) {
		char *why =
		    xasprintf("container not found (\"%s\")", e->container);

		answer_text(a, 500, why);
		free(why);
		return;
	}
	if (e->protocol != API_V5 && !e->in && !e->out && !e->err) {
		answer_text(
		    a, 400,
		    "you must specify at least 1 of stdin, stdout, stderr\n");
		return;
	}
	a->code = 101;
	switch (e->pod.fault.answer) {
	case FAULT_ANSWER_RIGHT:
	case FAULT_ANSWER_BAD_ACCEPT:
		break;
	case FAULT_ANSWER_200:
		answer_text(a, 200,
			    "<html><body>Please log in</body></html>\n");
		a->type = "text/html";
		break;
	case FAULT_ANSWER_502:
		answer_text(a, 502, "upstream connect error\n");
		a->type = "text/plain";
		break;
	}
}

/* The list of pods, or a watch. */
static void
answer_pods(struct api_answer *a, const struct config *c,
	    const struct http_request *r, const char *namespace)
{
	const char *seconds = http_param(r, "timeoutSeconds");
	struct podlist list;

	if (podquery_init(&a->watch, c->root, namespace,
			  http_param(r, "labelSelector"),
			  http_param(r, "fieldSelector")) < 0) {
		answer_status(a, 400, "BadRequest",
			      xstrdup("this selector is not understood"), NULL);
		return;
	}
	if (http_param_bool(r, "watch")) {
		a->code = 200;
		a->type = json_type;
		a->watches = true;
		a->watch_seconds = seconds ? strtol(seconds, NULL, 10) : 0;
		return;
	}
	podlist_load(&list, &a->watch);
	answer_json(a, podlist_json(&list));
	podlist_free(&list);
}

static void
answer_pod(struct api_answer *a, const struct config *c, const char *namespace,
	   const char *name)
{
	struct pod p;

	if (load_pod(a, &p, c, namespace, name) < 0)
		return;
	answer_json(a, podjson(&p));
	pod_free(&p);
}

/* PATCH of pods/NAME/ephemeralcontainers. */
static void
answer_ephemeral(struct api_answer *a, const struct config *c,
		 const struct http_request *r, const char *user,
		 const char *namespace, const char *name)
{
	const char *type = http_header(r, "Content-Type");
	struct ephemeral_refusal no;
	struct pod p;

	if (strcmp(r->method, "PATCH") != 0) {
		answer_status(a, 405, "MethodNotAllowed",
			      xstrdup("the server does not allow this method "
				      "on the requested resource"),
			      NULL);
		return;
	}
	if (!auth_may_exec(c, user)) {
		answer_forbidden(a, user, "patch", "ephemeralcontainers",
				 namespace, name);
		return;
	}
	if (!type ||
	    strcmp(type, "application/strategic-merge-patch+json") != 0) {
		answer_status(a, 415, "UnsupportedMediaType",
			      xstrdup("the body of the request was in an "
				      "unknown format"),
			      NULL);
		return;
	}
	if (load_pod(a, &p, c, namespace, name) < 0)
		return;
	if (p.debug && strcmp(p.debug, "none") == 0) {
		answer_status(a, 404, "NotFound",
			      xstrdup("the server could not find the "
				      "requested resource"),
			      NULL);
		pod_free(&p);
		return;
	}
	no = ephemeral_patch(c->ephemerals, &p, r->content);
	pod_free(&p);
	if (no.message)
		answer_status(a, no.code, no.reason, no.message, name);
	else
		answer_pod(a, c, namespace, name);
}

static void
answer_workload(struct api_answer *a, const struct config *c,
		const struct workload_kind *k, const struct route *route)
{
	char *message, *dot, *resource;

	if (!route->name) {
		answer_json(a,
			    workload_list_json(k, c->root, route->namespace));
		return;
	}
	a->body = workload_json(k, c->root, route->namespace, route->name);
	a->type = json_type;
	a->code = 200;
	if (a->body)
		return;
	/* "deployments.apps", but "services" */
	resource = xasprintf("%s.%s", k->resource, k->group_version);
	dot = strchr(resource, strchr(k->group_version, '/') ? '/' : '.');
	*dot = '\0';
	message = xasprintf("%s \"%s\" not found", resource, route->name);
	a->code = 404;
	a->body =
	    status_answer(404, "NotFound", message, k->resource, route->name);
	free(message);
	free(resource);
}

/* What is below /api and /apis; returns whether there is such a thing. */
static bool
answer_route(struct api_answer *a, const struct config *c,
	     const struct http_request *r, const char *user,
	     const struct route *route)
{
	const struct workload_kind *k =
	    workload_find(route->group_version, route->resource);
	bool pods = strcmp(route->group_version, "v1") == 0 &&
		    strcmp(route->resource, "pods") == 0;

	if (pods && !route->name)
		answer_pods(a, c, r, route->namespace);
	else if (pods && route->namespace && !route->sub)
		answer_pod(a, c, route->namespace, route->name);
	else if (pods && route->namespace && strcmp(route->sub, "exec") == 0)
		answer_exec(a, c, r, user, route->namespace, route->name);
	else if (pods && route->namespace &&
		 strcmp(route->sub, "ephemeralcontainers") == 0)
		answer_ephemeral(a, c, r, user, route->namespace, route->name);
	else if (k && route->namespace && !route->sub)
		answer_workload(a, c, k, route);
	else
		return false;
	return true;
}

void
api_answer(struct api_answer *a, const struct config *c,
	   const struct http_request *r, const char *user)
{
	size_t prefix = strlen(c->prefix);
	const char *path = r->path;
	struct route route;
	char *document;

	memset(a, 0, sizeof(*a));
	if (strncmp(path, c->prefix, prefix) != 0 || path[prefix] != '/') {
		answer_text(a, 404, "404 page not found\n");
		return;
	}
	path += prefix;
	if (!user) {
		answer_status(a, 401, "Unauthorized", xstrdup("Unauthorized"),
			      NULL);
		return;
	}
	document = discovery_json(path);
	if (document) {
		answer_json(a, document);
		return;
	}
	if (route_parse(&route, path) < 0 ||
	    !answer_route(a, c, r, user, &route))
		answer_text(a, 404, "404 page not found\n");
	route_free(&route);
}

void
api_answer_free(struct api_answer *a)
{
	pod_free(&a->exec.pod);
	podquery_free(&a->watch);
	free(a->exec.argv);
	free(a->body);
	memset(a, 0, sizeof(*a));
}
