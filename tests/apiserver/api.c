/*
 * The part of the Kubernetes API that exec needs: who gets what answer.  The
 * order of the checks is the API server's.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

#include "auth.h"
#include "protocol.h"
#include "status.h"

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
	a->body = status_answer(code, reason, message, pod);
	if (code == 403)
		a->more = "X-Content-Type-Options: nosniff\r\n";
	free(message);
}

static int
choose_container(struct api_answer *a, const struct http_request *r)
{
	struct api_exec *e = &a->exec;
	const char *name = http_param(r, "container");
	char *names;
	size_t i;

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
	e->container = e->pod.containers[0];
	if (e->pod.n_containers == 1)
		return 0;
	names = xstrdup("");
	for (i = 0; i < e->pod.n_containers; i++) {
		char *more = xasprintf("%s%s%s", names, i ? " " : "",
				       e->pod.containers[i]);

		free(names);
		names = more;
	}
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
		answer_status(
		    a, 403, "Forbidden",
		    xasprintf("pods \"%s\" is forbidden: User \"%s\" cannot %s "
			      "resource \"pods/exec\" in API group \"\" in "
			      "the namespace \"%s\"",
			      name, user,
			      strcmp(r->method, "GET") == 0 ? "get" : "create",
			      namespace),
		    name);
		return;
	}
	if (pod_load(&e->pod, c->root, namespace, name) < 0) {
		answer_status(a, 404, "NotFound",
			      xasprintf("pods \"%s\" not found", name), name);
		return;
	}
	if (choose_container(a, r) < 0)
		return;
	if (!wants_upgrade(e, r)) {
		answer_status(a, 400, "BadRequest",
			      xstrdup("Upgrade request required"), NULL);
		return;
	}
	take_params(e, r);
	if (choose_protocol(a, r) < 0)
		return;
	/* The translator of v5 says this in the stream. */
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

static void
answer_pods(struct api_answer *a, const struct config *c,
	    const struct http_request *r, const char *namespace)
{
	char *body =
	    pod_list_json(c->root, namespace, http_param(r, "labelSelector"));

	if (body)
		answer_json(a, body);
	else
		answer_status(a, 400, "BadRequest",
			      xstrdup("this selector is not understood"), NULL);
}

static void
answer_pod(struct api_answer *a, const struct config *c, const char *namespace,
	   const char *name)
{
	struct pod p;

	if (pod_load(&p, c->root, namespace, name) < 0) {
		answer_status(a, 404, "NotFound",
			      xasprintf("pods \"%s\" not found", name), name);
		return;
	}
	answer_json(a, pod_json(&p));
	pod_free(&p);
}

/* /api/v1/namespaces/NS/pods[/POD[/exec]]: rest is what follows
 * "namespaces/".  Returns whether it is one. */
static bool
answer_namespaced(struct api_answer *a, const struct config *c,
		  const struct http_request *r, const char *user,
		  const char *rest)
{
	char *copy = xstrdup(rest), *save = NULL;
	char *namespace = strtok_r(copy, "/", &save);
	char *pods = strtok_r(NULL, "/", &save);
	char *name = strtok_r(NULL, "/", &save);
	char *sub = strtok_r(NULL, "/", &save);
	bool known =
	    pods && strcmp(pods, "pods") == 0 &&
	    (!sub || (strcmp(sub, "exec") == 0 && !strtok_r(NULL, "/", &save)));

	if (known && sub)
		answer_exec(a, c, r, user, namespace, name);
	else if (known && name)
		answer_pod(a, c, namespace, name);
	else if (known)
		answer_pods(a, c, r, namespace);
	free(copy);
	return known;
}

/* The documents that a client looks at to learn what the server has. */
static const char *
discovery(const char *path)
{
	static const struct {
		const char *path, *body;
	} documents[] = {
	    {"/version",
	     "{\n  \"major\": \"1\",\n  \"minor\": \"33\",\n"
	     "  \"gitVersion\": \"v1.33.0-test\",\n"
	     "  \"gitCommit\": \"\",\n  \"gitTreeState\": \"clean\",\n"
	     "  \"buildDate\": \"2025-01-01T00:00:00Z\",\n"
	     "  \"goVersion\": \"none\",\n  \"compiler\": \"cc\",\n"
	     "  \"platform\": \"linux/amd64\"\n}\n"},
	    {"/api", "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"],"
		     "\"serverAddressByClientCIDRs\":[]}\n"},
	    {"/apis", "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\","
		      "\"groups\":[]}\n"},
	    {"/api/v1",
	     "{\"kind\":\"APIResourceList\",\"groupVersion\":\"v1\","
	     "\"resources\":[{\"name\":\"namespaces\",\"singularName\":"
	     "\"namespace\",\"namespaced\":false,\"kind\":\"Namespace\","
	     "\"verbs\":[\"get\",\"list\"],\"shortNames\":[\"ns\"]},"
	     "{\"name\":\"pods\",\"singularName\":\"pod\",\"namespaced\":"
	     "true,\"kind\":\"Pod\",\"verbs\":[\"get\",\"list\"],"
	     "\"shortNames\":[\"po\"],\"categories\":[\"all\"]},"
	     "{\"name\":\"pods/exec\",\"singularName\":\"\",\"namespaced\":"
	     "true,\"kind\":\"PodExecOptions\",\"verbs\":[\"create\","
	     "\"get\"]}]}\n"},
	};
	size_t i;

	for (i = 0; i < sizeof(documents) / sizeof(*documents); i++)
		if (strcmp(documents[i].path, path) == 0)
			return documents[i].body;
	return NULL;
}

void
api_answer(struct api_answer *a, const struct config *c,
	   const struct http_request *r, const char *user)
{
	static const char spaces[] = "/api/v1/namespaces/";
	size_t prefix = strlen(c->prefix);
	const char *path = r->path, *document;

	memset(a, 0, sizeof(*a));
	if (strncmp(path, c->prefix, prefix) != 0 || path[prefix] != '/') {
		answer_text(a, 404, "404 page not found\n");
		return;
	}
	path += prefix;
	document = discovery(path);
	if (!user)
		answer_status(a, 401, "Unauthorized", xstrdup("Unauthorized"),
			      NULL);
	else if (document)
		answer_json(a, xstrdup(document));
	else if (strcmp(path, "/api/v1/pods") == 0)
		answer_pods(a, c, r, NULL);
	else if (strncmp(path, spaces, strlen(spaces)) != 0 ||
		 !answer_namespaced(a, c, r, user, path + strlen(spaces)))
		answer_text(a, 404, "404 page not found\n");
}

void
api_answer_free(struct api_answer *a)
{
	pod_free(&a->exec.pod);
	free(a->exec.argv);
	free(a->body);
	memset(a, 0, sizeof(*a));
}
