/*
 * An ephemeral container in the pod, for an image's tools beside the processes
 * of one that has none.
 */
#include "debug.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "lib/clock.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/pod.h"
#include "lib/workload.h"

#include "container.h"
#include "ephemeral.h"
#include "status.h"

/* The pod is looked at again after that long, which doubles each time up to
 * the other, until the container runs; ms. */
enum { POLL_MS = 50, POLL_MAX_MS = 400 };

/* A name that no other container has, for the caller to free. */
static char *
new_name(void)
{
	static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";
	unsigned char bytes[8];
	char tail[sizeof bytes + 1];

	if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
		die(EXIT_UNKNOWN, errno, "random bytes");
	for (size_t i = 0; i < sizeof bytes; i++)
		tail[i] = letters[bytes[i] % (sizeof letters - 1)];
	tail[sizeof bytes] = '\0';
	return xasprintf("kexec-debug-%s", tail);
}

static char *
pod_url(const struct api *a, const struct opts *o, const struct place *p)
{
	return workload_path(workload_type("pod", 3), a->url.prefix,
			     o->target.namespace, p->pod);
}

static struct json *
get_pod(struct api *a, const struct opts *o, const struct place *p)
{
	char *path = pod_url(a, o, p);
	struct api_failure f;
	struct json *doc;

	find_connect(a, o, api_deadline(a));
	doc = api_get_json(a, path, &f);
	if (!doc)
		find_failed(a, p->name, &f);
	free(path);
	return doc;
}

/* The container whose processes it is to see, for the caller to free; "" for
 * none. */
static char *
choose_target(const struct opts *o, const struct place *p,
	      const struct json *doc)
{
	const char *name, *shared = ephemeral_shared(doc), *why;
	struct pod pod;
	char *note, *target;

	if (pod_read(&pod, doc, &why) != 0)
		die(EXIT_UNKNOWN, 0, "%s: %s", p->name, why);
	find_alive(p, &pod);
	if (o->debug_target && !*o->debug_target) {
		pod_free(&pod);
		return xstrdup("");
	}
	name = container_choose(&pod, o->debug_target, &note);
	if (!name)
		die(EXIT_UNKNOWN, 0, "%s: %s", p->name, note);
	if (shared)
		die(EXIT_UNKNOWN, 0,
		    "%s: %s: all its containers see the same processes, so "
		    "none of them can be the target (--target '')",
		    p->name, shared);
	if (note && pod.n_regular > 1 && !o->quiet)
		warn(0, "%s", note);
	free(note);
	target = xstrdup(name);
	pod_free(&pod);
	return target;
}

/* Adds the container; or says why not. */
static void
add(struct api *a, const struct opts *o, const struct place *p,
    const struct json *doc, const char *target)
{
	struct ephemeral_ask ask = {
	    .name = p->container,
	    .image = o->debug_image,
	    .target = target,
	    .user = o->debug_user,
	    .group = o->debug_group,
	    .security = *target ? ephemeral_security(doc, target) : NULL};
	char *pod = pod_url(a, o, p);
	char *path = xasprintf("%s/ephemeralcontainers", pod);
	char *patch = ephemeral_patch(&ask);
	struct api_failure f;
	struct json *now;

	if (!patch)
		die(EXIT_UNKNOWN, 0, "%s: not UTF-8", o->debug_image);
	if (o->verbose)
		warn(0, "%s: ephemeral container %s from %s", p->name,
		     p->container, o->debug_image);
	find_connect(a, o, api_deadline(a));
	now = api_patch_json(a, path, patch, &f);
	if (!now && f.server)
		find_failed(a, p->name, &f);
	/* the pod is there */
	if (!now)
		die(EXIT_UNKNOWN, 0, "%s: no ephemeral container%s: %s",
		    p->name,
		    f.code == 404 && !strstr(f.text, "not found")
			? ", the server has none or does not allow them"
			: "",
		    f.text);
	json_free(now);
	free(patch);
	free(path);
	free(pod);
}

/* Waits until it runs; the pod has been looked at. */
static void
wait_for(struct api *a, const struct opts *o, const struct place *p,
	 struct ephemeral e)
{
	struct timespec pause = {0, POLL_MS * 1000000L};
	int64_t end = clock_ms() + o->pod_running_timeout;
	const char *image = o->debug_image, *name = p->container;

	for (;;) {
		struct json *doc;

		switch (e.state) {
		case EPHEMERAL_RUNS:
			free(e.why);
			return;
		case EPHEMERAL_ENDED:
			die(EXIT_UNKNOWN, 0,
			    "%s: ephemeral container %s (%s) has ended, and "
			    "cannot run again%s%s",
			    p->name, name, image, *e.why ? ": " : "", e.why);
		case EPHEMERAL_FAILED:
			die(EXIT_UNKNOWN, 0,
			    "%s: ephemeral container %s (%s) does not run: %s",
			    p->name, name, image, e.why);
		case EPHEMERAL_NONE:
		case EPHEMERAL_WAITS:
			break;
		}
		if (clock_ms() >= end)
			die(EXIT_UNKNOWN, 0,
			    "%s: ephemeral container %s (%s) does not run "
			    "yet%s%s",
			    p->name, name, image, *e.why ? ": " : "", e.why);
		free(e.why);
		(void)nanosleep(&pause, NULL);
		if (pause.tv_nsec < POLL_MAX_MS * 1000000L)
			pause.tv_nsec *= 2;
		doc = get_pod(a, o, p);
		e = ephemeral_look(doc, name);
		json_free(doc);
	}
}

void
debug_container(struct api *a, const struct opts *o, struct place *p)
{
	struct json *doc = get_pod(a, o, p);
	char *target = choose_target(o, p, doc);
	struct ephemeral e;

	free(p->container);
	p->container = o->container ? xstrdup(o->container) : new_name();
	e = ephemeral_look(doc, p->container);
	if (e.state == EPHEMERAL_NONE)
		add(a, o, p, doc, target);
	else if (strcmp(e.target, target) != 0)
		die(EXIT_UNKNOWN, 0,
		    "%s: ephemeral container %s is there, and its target is "
		    "%s, not %s",
		    p->name, p->container, *e.target ? e.target : "none",
		    *target ? target : "none");
	json_free(doc);
	wait_for(a, o, p, e);
	free(target);
}
