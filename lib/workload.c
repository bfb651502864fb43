/*
 * Types by their words, and selectors.
 */
#include "workload.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "apipath.h"
#include "json.h"
#include "mem.h"

/* The words end with NULL. */
static const struct {
	struct workload_type type;
	const char *words[4];
} types[] = {
    {{"v1", "pods", WORKLOAD_POD}, {"pod", "pods", "po"}},
    {{"apps/v1", "deployments", WORKLOAD_SELECTOR},
     {"deployment", "deployments", "deploy"}},
    {{"apps/v1", "replicasets", WORKLOAD_SELECTOR},
     {"replicaset", "replicasets", "rs"}},
    {{"apps/v1", "statefulsets", WORKLOAD_SELECTOR},
     {"statefulset", "statefulsets", "sts"}},
    {{"apps/v1", "daemonsets", WORKLOAD_SELECTOR},
     {"daemonset", "daemonsets", "ds"}},
    {{"batch/v1", "jobs", WORKLOAD_SELECTOR}, {"job", "jobs"}},
    {{"v1", "replicationcontrollers", WORKLOAD_LABELS},
     {"replicationcontroller", "replicationcontrollers", "rc"}},
    {{"v1", "services", WORKLOAD_LABELS}, {"service", "services", "svc"}},
    {{"batch/v1", "cronjobs", WORKLOAD_NONE}, {"cronjob", "cronjobs", "cj"}},
    {{"v1", "nodes", WORKLOAD_NONE}, {"node", "nodes", "no"}},
    {{"v1", "namespaces", WORKLOAD_NONE}, {"namespace", "namespaces", "ns"}},
    {{"v1", "configmaps", WORKLOAD_NONE}, {"configmap", "configmaps", "cm"}},
    {{"v1", "secrets", WORKLOAD_NONE}, {"secret", "secrets"}},
    {{"v1", "endpoints", WORKLOAD_NONE}, {"endpoints", "ep"}},
    {{"v1", "serviceaccounts", WORKLOAD_NONE},
     {"serviceaccount", "serviceaccounts", "sa"}},
    {{"v1", "persistentvolumeclaims", WORKLOAD_NONE},
     {"persistentvolumeclaim", "persistentvolumeclaims", "pvc"}},
    {{"networking.k8s.io/v1", "ingresses", WORKLOAD_NONE},
     {"ingress", "ingresses", "ing"}},
    {{"autoscaling/v2", "horizontalpodautoscalers", WORKLOAD_NONE},
     {"horizontalpodautoscaler", "horizontalpodautoscalers", "hpa"}},
};

static const struct workload_type foreign = {"", "", WORKLOAD_NONE};

/* Whether the n bytes at s, behind the first dot, are the type's group, or its
 * version and group; of the core, whose group has no name, "v1." */
static bool
is_group(const struct workload_type *t, const char *s, size_t n)
{
	const char *slash = strchr(t->group_version, '/');
	size_t group = slash ? (size_t)(slash - t->group_version) : 0;
	const char *version = slash ? slash + 1 : t->group_version;
	size_t v = strlen(version);

	if (n > v && strncasecmp(s, version, v) == 0 && s[v] == '.') {
		s += v + 1;
		n -= v + 1;
	}
	return n == group && strncasecmp(s, t->group_version, n) == 0;
}

const struct workload_type *
workload_type(const char *word, size_t n)
{
	const char *dot = memchr(word, '.', n);
	size_t len = dot ? (size_t)(dot - word) : n;

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		const char *const *w = types[i].words;

		for (; w < types[i].words + 4 && *w; w++) {
			if (strlen(*w) == len &&
			    strncasecmp(*w, word, len) == 0 &&
			    (!dot ||
			     is_group(&types[i].type, dot + 1, n - len - 1)))
				return &types[i].type;
		}
	}
	return dot ? &foreign : NULL;
}

char *
workload_path(const struct workload_type *t, const char *prefix,
	      const char *namespace, const char *name)
{
	struct apipath p = {NULL, 0, 0};

	apipath_put(&p, prefix);
	apipath_put(&p, strchr(t->group_version, '/') ? "/apis/" : "/api/");
	apipath_put(&p, t->group_version);
	apipath_put(&p, "/namespaces/");
	apipath_encode(&p, namespace);
	apipath_put(&p, "/");
	apipath_put(&p, t->plural);
	apipath_put(&p, "/");
	apipath_encode(&p, name);
	return p.text;
}

/* Appends the key or value s; false when it can be none. */
static bool
add_word(struct apipath *p, const char *s, bool key)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
			     "uvwxyz0123456789-_./");

	if (s[n] || (key ? n == 0 : strchr(s, '/') != NULL))
		return false;
	apipath_put(p, s);
	return true;
}

static int
add_label(const char *key, const struct json *value, void *arg)
{
	struct apipath *p = arg;
	const char *text = json_text(value);

	if (p->len > 0)
		apipath_put(p, ",");
	if (!add_word(p, key, true))
		return -1;
	apipath_put(p, "=");
	return text && add_word(p, text, false) ? 0 : -1;
}

/* Appends a requirement (meta/v1 LabelSelectorRequirement). */
static bool
add_expression(struct apipath *p, const struct json *e)
{
	const struct json *values = json_get(e, "values");
	const char *key, *op;

	if (json_get_string(e, "key", &key) <= 0 ||
	    json_get_string(e, "operator", &op) <= 0)
		return false;
	if (p->len > 0)
		apipath_put(p, ",");
	if (strcmp(op, "DoesNotExist") == 0)
		apipath_put(p, "!");
	if (!add_word(p, key, true))
		return false;
	if (strcmp(op, "Exists") == 0 || strcmp(op, "DoesNotExist") == 0)
		return true;
	if (strcmp(op, "In") != 0 && strcmp(op, "NotIn") != 0)
		return false;
	apipath_put(p, *op == 'I' ? " in (" : " notin (");
	for (size_t i = 0; i < json_count(values); i++) {
		const char *text = json_text(json_at(values, i));

		if (i > 0)
			apipath_put(p, ",");
		if (!text || !add_word(p, text, false))
			return false;
	}
	apipath_put(p, ")");
	return json_count(values) > 0;
}

char *
workload_selector(const struct workload_type *t, const struct json *doc,
		  const char **why)
{
	const struct json *s, *labels = NULL, *list = NULL;
	struct apipath p = {NULL, 0, 0};
	bool good = true, empty;

	if (json_get_object(json_get(doc, "spec"), "selector", &s) <= 0) {
		*why = "it is defined without a selector";
		return NULL;
	}
	if (t->selector == WORKLOAD_LABELS) {
		labels = s;
	} else {
		good = json_get_object(s, "matchLabels", &labels) >= 0 &&
		       json_get_array(s, "matchExpressions", &list) >= 0;
	}
	good = good && (!labels || json_each(labels, add_label, &p) == 0);
	for (size_t i = 0; good && i < json_count(list); i++)
		good = add_expression(&p, json_at(list, i));
	empty = p.len == 0 && strcmp(t->plural, "services") == 0;
	if (good && !empty)
		return p.text ? p.text : xstrdup("");
	*why = good ? "it is defined without a selector"
		    : "its selector is not understood";
	free(p.text);
	return NULL;
}
