/*
 * Workloads out of small files.
 */
#include "workload.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

#include "conf.h"
#include "pod.h"
#include "podjson.h"
#include "status.h"

const struct workload_kind workload_kinds[] = {
    {"apps/v1", "deployments", "Deployment", "deployment", "deploy", false},
    {"apps/v1", "replicasets", "ReplicaSet", "replicaset", "rs", false},
    {"apps/v1", "statefulsets", "StatefulSet", "statefulset", "sts", false},
    {"apps/v1", "daemonsets", "DaemonSet", "daemonset", "ds", false},
    {"batch/v1", "jobs", "Job", "job", "", false},
    {"v1", "replicationcontrollers", "ReplicationController",
     "replicationcontroller", "rc", true},
    {"v1", "services", "Service", "service", "svc", true},
    {NULL, NULL, NULL, NULL, NULL, false},
};

const struct workload_kind *
workload_find(const char *group_version, const char *resource)
{
	const struct workload_kind *k;

	for (k = workload_kinds; k->resource; k++)
		if (strcmp(k->group_version, group_version) == 0 &&
		    strcmp(k->resource, resource) == 0)
			return k;
	return NULL;
}

/* Writes one matchExpression: a key and, but for the first, values. */
static void
put_expression(FILE *f, size_t *n, const char *operator, char * const * words,
	       size_t count)
{
	char *key = status_quote(words[0]);
	size_t i;

	fprintf(f, "%s{\"key\":%s,\"operator\":\"%s\"", (*n)++ ? "," : "",
		key, operator);
	free(key);
	for (i = 1; i < count; i++) {
		char *value = status_quote(words[i]);

		fprintf(f, "%s%s", i == 1 ? ",\"values\":[" : ",", value);
		free(value);
	}
	fputs(count > 1 ? "]}" : "}", f);
}

static void
put_expressions(FILE *f, const struct conf *c)
{
	static const struct {
		const char *key, *operator;
		bool set;
	} operators[] = {{"in", "In", true},
			 {"notin", "NotIn", true},
			 {"exists", "Exists", false},
			 {"lacks", "DoesNotExist", false}};
	size_t i, k, o, n = 0;

	for (i = 0; i < c->n; i++) {
		const struct conf_line *l = &c->lines[i];

		for (o = 0; o < sizeof(operators) / sizeof(*operators); o++) {
			if (strcmp(operators[o].key, l->key) != 0 || l->n == 0)
				continue;
			if (operators[o].set) {
				put_expression(f, &n, operators[o].operator,
					       l->words, l->n);
				continue;
			}
			for (k = 0; k < l->n; k++)
				put_expression(
				    f, &n, operators[o].operator, & l->words[k],
				    1);
		}
	}
}

/* Writes the selector that c describes, if it describes one. */
static void
put_selector(FILE *f, const struct workload_kind *k, const struct conf *c)
{
	struct words match = {0};
	char *map;

	words_take(&match, c, "match");
	map = podjson_map(&match);
	if (k->plain && match.n > 0) {
		fprintf(f, "\"selector\":%s", map);
	} else if (!k->plain && c->n > 0) {
		fprintf(f,
			"\"selector\":{\"matchLabels\":%s,"
			"\"matchExpressions\":[",
			map);
		put_expressions(f, c);
		fprintf(f, "]}");
	}
	free(map);
	words_free(&match);
}

char *
workload_json(const struct workload_kind *k, const char *root,
	      const char *namespace, const char *name)
{
	char *path = NULL, *out = NULL;
	struct conf c = {0};
	size_t len = 0;
	FILE *f;

	if (!pod_name_good(namespace) || !pod_name_good(name))
		return NULL;
	path = xasprintf("%s/%s/.%s/%s", root, namespace, k->resource, name);
	if (conf_load(&c, path) == 0) {
		f = open_memstream(&out, &len);
		fprintf(f,
			"{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{"
			"\"name\":\"%s\",\"namespace\":\"%s\",\"uid\":"
			"\"00000000-0000-4000-8000-000000000000\","
			"\"resourceVersion\":\"1\",\"creationTimestamp\":"
			"\"2025-01-01T00:00:00Z\"},\"spec\":{",
			k->kind, k->group_version, name, namespace);
		put_selector(f, k, &c);
		fprintf(f, "},\"status\":{}}\n");
		fclose(f);
	}
	conf_free(&c);
	free(path);
	return out;
}

char *
workload_list_json(const struct workload_kind *k, const char *root,
		   const char *namespace)
{
	char *dir = xasprintf("%s/%s/.%s", root, namespace, k->resource);
	struct dirent **entries;
	int i, count = pod_name_good(namespace)
			   ? scandir(dir, &entries, NULL, alphasort)
			   : -1;
	char *out = NULL;
	size_t len = 0, n = 0;
	FILE *f = open_memstream(&out, &len);

	fprintf(f,
		"{\"kind\":\"%sList\",\"apiVersion\":\"%s\","
		"\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[",
		k->kind, k->group_version);
	for (i = 0; i < count; i++) {
		char *json =
		    workload_json(k, root, namespace, entries[i]->d_name);

		if (json)
			fprintf(f, "%s%s", n++ ? "," : "", json);
		free(json);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	fprintf(f, "]}\n");
	fclose(f);
	free(dir);
	return out;
}
