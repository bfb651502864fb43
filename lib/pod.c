/*
 * Pods out of JSON.
 */
#include "pod.h"

#include <stdlib.h>
#include <string.h>

#include "apipath.h"
#include "json.h"
#include "mem.h"
#include "timestamp.h"

#define DEFAULT_CONTAINER "kubectl.kubernetes.io/default-container"

/* A time that may be missing: 0 then; false when it is none. */
static bool
get_time(const struct json *obj, const char *key, long long *at)
{
	const char *text;
	int rc = json_get_string(obj, key, &text);

	*at = 0;
	return rc == 0 || (rc > 0 && timestamp_parse(text, at));
}

/* A text that may be missing: "" then; false when it is none. */
static bool
get_text(const struct json *obj, const char *key, char **out)
{
	const char *text = "";

	if (json_get_string(obj, key, &text) < 0)
		return false;
	*out = xstrdup(text);
	return true;
}

static bool
read_metadata(struct pod *p, const struct json *meta)
{
	const struct json *annotations;
	const char *text;

	if (!get_text(meta, "name", &p->name) ||
	    !get_text(meta, "namespace", &p->namespace) ||
	    !apipath_host_name(p->name) || !apipath_host_name(p->namespace))
		return false;
	annotations = json_get(meta, "annotations");
	if (json_get_string(annotations, DEFAULT_CONTAINER, &text) > 0 && *text)
		p->default_container = xstrdup(text);
	p->deleted = json_get(meta, "deletionTimestamp") != NULL;
	return get_time(meta, "deletionTimestamp", &p->deleted_at) &&
	       get_time(meta, "creationTimestamp", &p->created);
}

static bool
read_containers(struct pod *p, const struct json *spec, const char *key,
		enum pod_class class)
{
	const struct json *list;
	const char *name;
	size_t n;

	if (json_get_array(spec, key, &list) <= 0)
		return !json_get(spec, key);
	n = json_count(list);
	p->containers = xrealloc(p->containers,
				 (p->n_containers + n) * sizeof *p->containers);
	for (size_t i = 0; i < n; i++) {
		if (json_get_string(json_at(list, i), "name", &name) <= 0)
			return false;
		p->containers[p->n_containers++] =
		    (struct pod_container){xstrdup(name), class};
	}
	return true;
}

/* Whether the init container name runs on beside the others. */
static bool
is_sidecar(const struct json *spec, const char *name)
{
	const struct json *list = json_get(spec, "initContainers");

	for (size_t i = 0; i < json_count(list); i++) {
		const char *this, *policy;

		if (json_get_string(json_at(list, i), "name", &this) > 0 &&
		    strcmp(this, name) == 0)
			return json_get_string(json_at(list, i),
					       "restartPolicy", &policy) > 0 &&
			       strcmp(policy, "Always") == 0;
	}
	return false;
}

/* The most restarts in a list of states; with spec only of sidecars. */
static double
most_restarts(const struct json *states, const struct json *spec)
{
	double most = 0, n;

	for (size_t i = 0; i < json_count(states); i++) {
		const struct json *state = json_at(states, i);
		const struct json *count = json_get(state, "restartCount");
		const char *name = "";

		json_get_string(state, "name", &name);
		if (count && json_number(count, &n) == 0 && n > most &&
		    (!spec || is_sidecar(spec, name)))
			most = n;
	}
	return most;
}

static bool
read_status(struct pod *p, const struct json *status, const struct json *spec)
{
	const struct json *conditions = json_get(status, "conditions");

	if (!get_text(status, "phase", &p->phase))
		return false;
	for (size_t i = 0; i < json_count(conditions); i++) {
		const struct json *c = json_at(conditions, i);
		const char *type = "", *state = "";

		json_get_string(c, "type", &type);
		json_get_string(c, "status", &state);
		if (strcmp(type, "Ready") != 0)
			continue;
		p->ready = strcmp(state, "True") == 0;
		if (!get_time(c, "lastTransitionTime", &p->ready_since))
			return false;
		break;
	}
	p->restarts =
	    most_restarts(json_get(status, "containerStatuses"), NULL);
	/* a hostile list of n by n names is not gone through */
	if (p->n_containers <= 1000)
		p->sidecar_restarts =
		    most_restarts(json_get(status, "initContainerStatuses"),
				  spec);
	return true;
}

int
pod_read(struct pod *p, const struct json *doc, const char **why)
{
	const struct json *spec = json_get(doc, "spec");
	char *node = NULL;

	memset(p, 0, sizeof *p);
	*why = NULL;
	if (!read_metadata(p, json_get(doc, "metadata"))) {
		*why = "a pod whose metadata are wrong";
	} else if (!get_text(spec, "nodeName", &node) ||
		   !read_containers(p, spec, "containers", POD_REGULAR)) {
		*why = "a pod whose spec is wrong";
	} else {
		p->assigned = *node != '\0';
		p->n_regular = p->n_containers;
		if (!read_containers(p, spec, "ephemeralContainers",
				     POD_EPHEMERAL) ||
		    !read_containers(p, spec, "initContainers", POD_INIT))
			*why = "a pod whose spec is wrong";
		else if (!read_status(p, json_get(doc, "status"), spec))
			*why = "a pod whose status is wrong";
	}
	free(node);
	if (!*why)
		return 0;
	pod_free(p);
	return -1;
}

void
pod_free(struct pod *p)
{
	for (size_t i = 0; i < p->n_containers; i++)
		free(p->containers[i].name);
	free(p->containers);
	free(p->name);
	free(p->namespace);
	free(p->phase);
	free(p->default_container);
	memset(p, 0, sizeof *p);
}
