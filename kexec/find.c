/*
 * From a workload to a pod, from a pod to a container.
 */
#include "find.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/clock.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/podlist.h"
#include "lib/record.h"
#include "lib/workload.h"

#include "container.h"
#include "rank.h"
#include "status.h"

/* A workload without pods is looked at again that often, ms. */
enum { POLL_MS = 500 };

void
find_connect(struct api *a, const struct opts *o, int64_t deadline)
{
	char why[512];

	if (api_connected(a))
		return;
	if (o->verbose)
		warn(0, "%s: connecting", a->record->server);
	if (api_connect(a, deadline, why, sizeof why) != 0)
		die(EXIT_UNKNOWN, 0, "%s: %s", a->record->server, why);
}

_Noreturn void
find_failed(const struct api *a, const char *name, const struct api_failure *f)
{
	die(EXIT_UNKNOWN, 0, "%s: %s", f->server ? a->record->server : name,
	    f->text);
}

void
find_alive(const struct place *p, const struct pod *pod)
{
	if (strcmp(pod->phase, "Succeeded") == 0 ||
	    strcmp(pod->phase, "Failed") == 0)
		die(EXIT_UNKNOWN, 0,
		    "%s: cannot exec into a container in a completed pod; "
		    "current phase is %s",
		    p->name, pod->phase);
}

/* Chooses the container of pod, which has been looked at, or ends. */
static void
choose(const struct opts *o, struct place *p, const struct pod *pod)
{
	const char *container;
	char *note;

	find_alive(p, pod);
	container = container_choose(pod, o->container, &note);
	if (!container)
		die(EXIT_UNKNOWN, 0, "%s: %s", p->name, note);
	if (note && !o->quiet)
		warn(0, "%s", note);
	free(note);
	free(p->container);
	p->container = xstrdup(container);
	if (o->verbose)
		warn(0, "%s: container %s", p->name, container);
}

/* The selector of the workload called name in messages. */
static char *
get_selector(struct api *a, const struct opts *o, const char *name)
{
	const struct target *t = &o->target;
	char *path =
	    workload_path(t->type, a->url.prefix, t->namespace, t->name);
	struct api_failure f;
	struct json *doc;
	const char *why;
	char *selector;

	find_connect(a, o, api_deadline(a));
	doc = api_get_json(a, path, &f);
	if (!doc)
		find_failed(a, name, &f);
	selector = workload_selector(t->type, doc, &why);
	if (!selector)
		die(EXIT_UNKNOWN, 0, "%s: %s", name, why);
	json_free(doc);
	free(path);
	return selector;
}

/* The best pod so far. */
struct best {
	struct pod pod;
	bool any;
};

static bool
take_pod(void *arg, struct pod *p)
{
	struct best *b = arg;

	/* of equal ones the first */
	if (b->any && rank_compare(p, &b->pod) >= 0)
		return true;
	if (b->any)
		pod_free(&b->pod);
	b->pod = *p;
	memset(p, 0, sizeof *p);
	b->any = true;
	return true;
}

void
find_by_workload(struct api *a, const struct opts *o, struct place *p)
{
	static const struct timespec pause = {0, POLL_MS * 1000000L};
	const struct target *t = &o->target;
	int64_t end = clock_ms() + o->pod_running_timeout;
	struct podlist_query q = {.namespace = t->namespace};
	struct best best = {.any = false};
	struct api_failure f;
	char *name, *selector;

	name = xasprintf("%s/%s/%s", t->namespace, t->type->plural, t->name);
	selector = get_selector(a, o, name);
	q.labels = selector;
	for (;;) {
		find_connect(a, o, api_deadline(a));
		if (podlist_each(a, &q, take_pod, &best, &f) != 0)
			find_failed(a, name, &f);
		if (best.any)
			break;
		if (clock_ms() >= end)
			die(EXIT_UNKNOWN, 0, "%s: it has no pod, and none came",
			    name);
		(void)nanosleep(&pause, NULL);
	}
	p->pod = xstrdup(best.pod.name);
	p->name = xasprintf("%s/%s", t->namespace, p->pod);
	if (o->verbose)
		warn(0, "%s: pod %s", name, p->pod);
	/* an ephemeral one is yet to be made */
	if (!o->debug_image)
		choose(o, p, &best.pod);
	pod_free(&best.pod);
	free(selector);
	free(name);
}

void
find_container(struct api *a, const struct opts *o, struct place *p,
	       const char *refusal)
{
	const struct workload_type *pods = workload_type("pod", 3);
	char *path =
	    workload_path(pods, a->url.prefix, o->target.namespace, p->pod);
	struct api_failure f;
	struct json *doc;
	const char *why;
	struct pod pod;

	find_connect(a, o, api_deadline(a));
	doc = api_get_json(a, path, &f);
	if (!doc)
		die(EXIT_UNKNOWN, 0, "%s: %s; its default is not known: %s",
		    p->name, refusal, f.text);
	if (pod_read(&pod, doc, &why) != 0)
		die(EXIT_UNKNOWN, 0, "%s: %s", p->name, why);
	json_free(doc);
	free(path);
	choose(o, p, &pod);
	pod_free(&pod);
}
