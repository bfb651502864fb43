/*
 * Targets and the exec request's path (Kubernetes PodExecOptions).
 */
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/mem.h"

/* The words that kubectl takes for a workload in front of the slash. */
static const char *const workloads[] = {"deployment",
					"deployments",
					"deploy",
					"replicaset",
					"replicasets",
					"rs",
					"replicationcontroller",
					"replicationcontrollers",
					"rc",
					"statefulset",
					"statefulsets",
					"sts",
					"daemonset",
					"daemonsets",
					"ds",
					"job",
					"jobs",
					"service",
					"services",
					"svc"};

static bool
is_pod_word(const char *s, size_t n)
{
	static const char *const words[] = {"pod", "pods", "po"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strlen(words[i]) == n && strncasecmp(s, words[i], n) == 0)
			return true;
	}
	return false;
}

/* deploy, deploy.apps and deployments.v1.apps are all one type. */
static bool
is_workload(const char *s, size_t n)
{
	const char *dot = memchr(s, '.', n);
	size_t len = dot ? (size_t)(dot - s) : n;

	for (size_t i = 0; i < sizeof workloads / sizeof workloads[0]; i++) {
		if (strlen(workloads[i]) == len &&
		    strncasecmp(s, workloads[i], len) == 0)
			return true;
	}
	return false;
}

int
target_parse(struct target *t, const char *text, const char *namespace,
	     const char **why)
{
	const char *slash = strchr(text, '/'), *pod = slash ? slash + 1 : text;
	size_t n = slash ? (size_t)(slash - text) : 0;

	memset(t, 0, sizeof *t);
	/* as kubectl: an empty -n is none */
	if (namespace && !*namespace)
	namespace = NULL;
	if (slash && is_workload(text, n)) {
		*why = "only a pod can be named, not a workload";
		return -1;
	}
	if (!*pod || (slash && n == 0) || strchr(pod, '/')) {
		*why = "not POD, pod/POD or NAMESPACE/POD";
		return -1;
	}
	if (slash && !is_pod_word(text, n)) {
		if (namespace && (strlen(namespace) != n ||
				  strncmp(namespace, text, n) != 0)) {
			*why = "names another namespace than -n";
			return -1;
		}
		t->namespace = xstrndup(text, n);
	} else if (namespace) {
		t->namespace = xstrdup(namespace);
	}
	t->pod = xstrdup(pod);
	return 0;
}

void
target_free(struct target *t)
{
	free(t->namespace);
	free(t->pod);
	memset(t, 0, sizeof *t);
}

/* A path that grows; the only one who writes it is add. */
struct path {
	char *text;
	size_t len, cap;
};

static void
add(struct path *p, const char *s, bool encode)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *s; s++) {
		if (p->len + 4 > p->cap) {
			p->cap = p->cap * 2 + 256;
			p->text = xrealloc(p->text, p->cap);
		}
		if (!encode || strchr(plain, *s))
			p->text[p->len++] = *s;
		else
			p->len += (size_t)snprintf(p->text + p->len, 4,
						   "%%%02X", (unsigned char)*s);
		p->text[p->len] = '\0';
	}
}

char *
target_path(const struct exec_request *r)
{
	struct path p = {NULL, 0, 0};

	add(&p, r->prefix, false);
	add(&p, "/api/v1/namespaces/", false);
	add(&p, r->namespace, true);
	add(&p, "/pods/", false);
	add(&p, r->pod, true);
	add(&p, "/exec?", false);
	for (char *const *word = r->command; *word; word++) {
		add(&p, "command=", false);
		add(&p, *word, true);
		add(&p, "&", false);
	}
	if (r->container) {
		add(&p, "container=", false);
		add(&p, r->container, true);
		add(&p, "&", false);
	}
	add(&p, "stderr=true", false);
	if (r->stdin_wanted)
		add(&p, "&stdin=true", false);
	add(&p, "&stdout=true", false);
	return p.text;
}
