/*
 * Ephemeral containers: their life goes by what their image is called.
 */
#include "ephemeral.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/json.h"
#include "lib/mem.h"

#include "status.h"

/* How long a container is being made, and how long a pull is only in error. */
enum { CREATING_MS = 40, PULLING_MS = 100 };

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static struct ephemeral_refusal
refuse(int code, const char *reason, char *message)
{
	struct ephemeral_refusal no = {code, reason, message};

	return no;
}

/* PATH in an image: that of busybox has nothing else. */
static char *
image_path(const struct pod *p, const char *image)
{
	char *bin = xasprintf("%s/../../.userland", p->dir);
	char *path = realpath(bin, NULL);
	const char *machine = getenv("PATH");

	free(bin);
	if (path && begins(image, "busybox"))
		return path;
	free(path);
	return xstrdup(machine ? machine : "/bin");
}

/* Starts the command, unless the image is one that does not come. */
static void
start(struct ephemeral *e, const struct pod *p, const struct json *spec)
{
	const struct json *command = json_get(spec, "command");
	size_t n = json_count(command), i;
	char **argv = xmalloc((n + 2) * sizeof(*argv));
	const struct json *user;
	struct pidns_start s;
	double uid;

	e->path = image_path(p, e->image);
	e->started = !begins(e->image, "missing") && !begins(e->image, "Bad") &&
		     !begins(e->image, "slow");
	for (i = 0; i < n; i++)
		argv[i] = xstrdup(json_text(json_at(command, i)));
	if (n == 0)
		argv[n++] = xstrdup("true");
	argv[n] = NULL;
	user = json_get(json_get(spec, "securityContext"), "runAsUser");
	if (user && json_number(user, &uid) == 0)
		e->uid = (unsigned)uid;
	s = (struct pidns_start){.root = p->debug ? NULL : p->dir,
				 .argv = argv,
				 .path = e->path,
				 .first_uid = p->uid,
				 .uid = e->uid};
	if (e->started && pidns_start(&e->inside, &s) != 0)
		e->started = false;
	for (i = 0; i < n; i++)
		free(argv[i]);
	free(argv);
}

static bool
is_of(const struct ephemeral *e, const struct pod *p)
{
	return strcmp(e->namespace, p->namespace) == 0 &&
	       strcmp(e->pod, p->name) == 0;
}

const struct ephemeral *
ephemeral_find(const struct ephemerals *all, const struct pod *p,
	       const char *name)
{
	const struct ephemeral *e;

	for (e = all->first; e; e = e->next)
		if (is_of(e, p) && strcmp(e->name, name) == 0)
			return e;
	return NULL;
}

/* Whether it is only said again. */
static bool
unchanged(const struct ephemeral *e, const struct json *spec)
{
	char *text = json_print_line(spec);
	bool same = strcmp(text, e->spec) == 0;

	free(text);
	return same;
}

static struct ephemeral_refusal
add(struct ephemerals *all, const struct pod *p, const struct json *spec)
{
	const char *name = "", *image = "", *target = "", *what = NULL;
	struct ephemeral *e, **end;
	const struct ephemeral *old;

	json_get_string(spec, "name", &name);
	json_get_string(spec, "image", &image);
	json_get_string(spec, "targetContainerName", &target);
	old = ephemeral_find(all, p, name);
	if (old && unchanged(old, spec))
		return refuse(0, NULL, NULL);
	if (old)
		what = "Forbidden: existing ephemeral containers may not be "
		       "changed";
	else if (!pod_name_good(name) || strchr(name, '.'))
		what = "name: Invalid value";
	else if (pod_has_container(p, name))
		what = "name: Duplicate value";
	else if (!*image)
		what = "image: Required value";
	else if (*target && !pod_has_container(p, target))
		what = "targetContainerName: Not found";
	if (what)
		return refuse(422, "Invalid",
			      xasprintf("Pod \"%s\" is invalid: "
					"spec.ephemeralContainers[0].%s",
					p->name, what));
	for (end = &all->first; *end; end = &(*end)->next)
		continue;
	*end = e = xmalloc(sizeof(*e));
	memset(e, 0, sizeof(*e));
	e->namespace = xstrdup(p->namespace);
	e->pod = xstrdup(p->name);
	e->name = xstrdup(name);
	e->image = xstrdup(image);
	e->target = xstrdup(target);
	e->spec = json_print_line(spec);
	e->since = now_ms();
	start(e, p, spec);
	return refuse(0, NULL, NULL);
}

struct ephemeral_refusal
ephemeral_patch(struct ephemerals *all, const struct pod *p, const char *body)
{
	char why[128];
	struct json *doc = json_parse(body, strlen(body), why, sizeof(why));
	const struct json *list =
	    json_get(json_get(doc, "spec"), "ephemeralContainers");
	struct ephemeral_refusal no = {0, NULL, NULL};
	size_t i;

	if (!doc)
		no = refuse(400, "BadRequest",
			    xasprintf("invalid patch: %s", why));
	for (i = 0; i < json_count(list) && !no.message; i++)
		no = add(all, p, json_at(list, i));
	json_free(doc);
	return no;
}

/* What its state is called, as JSON, and whether it runs. */
static char *
state(const struct ephemeral *e, bool *runs)
{
	const char *image = e->image;
	int64_t age = now_ms() - e->since;
	char *quoted, *text;
	int code = 0;

	*runs = false;
	if (begins(image, "Bad"))
		return xstrdup("\"waiting\":{\"reason\":\"InvalidImageName\","
			       "\"message\":\"Failed to apply default image "
			       "tag\"}");
	if (begins(image, "missing")) {
		if (age < PULLING_MS)
			return xstrdup("\"waiting\":{\"reason\":"
				       "\"ErrImagePull\"}");
		text = xasprintf("Back-off pulling image \"%s\"", image);
		quoted = status_quote(text);
		free(text);
		text = xasprintf("\"waiting\":{\"reason\":\"ImagePullBackOff\","
				 "\"message\":%s}",
				 quoted);
		free(quoted);
		return text;
	}
	if (!e->started || age < CREATING_MS)
		return xstrdup("\"waiting\":{\"reason\":"
			       "\"ContainerCreating\"}");
	if (pidns_ended(&e->inside, &code))
		return xasprintf("\"terminated\":{\"exitCode\":%d,"
				 "\"reason\":\"%s\"}",
				 code, code ? "Error" : "Completed");
	*runs = true;
	return xstrdup("\"running\":{\"startedAt\":\"2025-01-01T00:00:00Z\"}");
}

/* Appends more to a list of JSON. */
static void
append(char **list, const char *more)
{
	char *longer = *list ? xasprintf("%s,%s", *list, more) : xstrdup(more);

	free(*list);
	*list = longer;
}

void
ephemeral_show(const struct ephemerals *all, struct pod *p)
{
	const struct ephemeral *e;

	for (e = all->first; e; e = e->next) {
		char *now, *image, *line;
		bool runs;

		if (!is_of(e, p))
			continue;
		now = state(e, &runs);
		words_add(&p->made, e->name);
		if (!runs)
			words_add(&p->idle, e->name);
		append(&p->made_specs, e->spec);
		image = status_quote(e->image);
		line = xasprintf("{\"name\":\"%s\",\"state\":{%s},"
				 "\"lastState\":{},\"ready\":false,"
				 "\"restartCount\":0,\"image\":%s,"
				 "\"imageID\":\"\"}",
				 e->name, now, image);
		append(&p->made_statuses, line);
		free(line);
		free(image);
		free(now);
	}
}

void
ephemeral_free(struct ephemerals *all)
{
	struct ephemeral *e;

	while ((e = all->first) != NULL) {
		all->first = e->next;
		if (e->started)
			pidns_end(&e->inside);
		free(e->namespace);
		free(e->pod);
		free(e->name);
		free(e->image);
		free(e->target);
		free(e->spec);
		free(e->path);
		free(e);
	}
}
