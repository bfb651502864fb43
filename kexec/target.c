/*
 * Targets and the exec request's path (Kubernetes PodExecOptions).
 */
#include "target.h"

#include <stdlib.h>
#include <string.h>

#include "lib/apipath.h"
#include "lib/mem.h"
#include "lib/workload.h"

int
target_parse(struct target *t, const char *text, const char *namespace,
	     const char **why)
{
	const char *slash = strchr(text, '/'), *name = slash ? slash + 1 : text;
	size_t n = slash ? (size_t)(slash - text) : 0;
	const struct workload_type *type =
	    slash ? workload_type(text, n) : NULL;

	memset(t, 0, sizeof *t);
	/* as kubectl: an empty -n is none */
	if (namespace && !*namespace)
	namespace = NULL;
	if (type && type->selector == WORKLOAD_NONE) {
		*why = "no pod can be chosen by such a type (where it is a "
		       "namespace: pod/NAME -n NAMESPACE)";
		return -1;
	}
	if ((slash && n == 0) || !*name || strchr(name, '/')) {
		*why = "not POD, NAMESPACE/POD or TYPE/NAME";
		return -1;
	}
	if (slash && !type) {
		if (namespace && (strlen(namespace) != n ||
				  strncmp(namespace, text, n) != 0)) {
			*why = "names another namespace than -n";
			return -1;
		}
		t->namespace = xstrndup(text, n);
	} else if (namespace) {
		t->namespace = xstrdup(namespace);
	}
	t->name = xstrdup(name);
	if (type && type->selector != WORKLOAD_POD)
		t->type = type;
	if (apipath_segment(name) &&
	    (!t->namespace || apipath_segment(t->namespace)))
		return 0;
	*why = "has a name that can be none";
	target_free(t);
	return -1;
}

void
target_free(struct target *t)
{
	free(t->namespace);
	free(t->name);
	memset(t, 0, sizeof *t);
}

static void
add_value(struct apipath *p, const char *key, const char *value)
{
	apipath_put(p, key);
	apipath_encode(p, value);
}

char *
target_path(const struct exec_request *r)
{
	struct apipath p = {NULL, 0, 0};

	apipath_put(&p, r->prefix);
	add_value(&p, "/api/v1/namespaces/", r->namespace);
	add_value(&p, "/pods/", r->pod);
	apipath_put(&p, "/exec?");
	for (char *const *word = r->command; *word; word++) {
		add_value(&p, "command=", *word);
		apipath_put(&p, "&");
	}
	if (r->container) {
		add_value(&p, "container=", r->container);
		apipath_put(&p, "&");
	}
	if (!r->tty)
		apipath_put(&p, "stderr=true&");
	if (r->stdin_wanted)
		apipath_put(&p, "stdin=true&");
	apipath_put(&p, "stdout=true");
	if (r->tty)
		apipath_put(&p, "&tty=true");
	return p.text;
}
