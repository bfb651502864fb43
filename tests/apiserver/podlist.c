/*
 * Lists of pods.
 */
#include "podlist.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

#include "pod.h"
#include "podjson.h"

static const struct {
	const char *name;
	size_t offset;
} fields[] = {
    {"metadata.name", offsetof(struct pod, name)},
    {"metadata.namespace", offsetof(struct pod, namespace)},
    {"status.phase", offsetof(struct pod, phase)},
    {"spec.nodeName", offsetof(struct pod, node)},
};

static const char *
find_label(const char *key, const void *arg)
{
	return words_value(&((const struct pod *)arg)->labels, key);
}

/* The value of a field, which is an empty text when it is not set; NULL for
 * one that is not known. */
static const char *
find_field(const char *key, const void *arg)
{
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (strcmp(fields[i].name, key) == 0) {
			const char *value =
			    *(char *const *)(const void *)((const char *)arg +
							   fields[i].offset);

			return value ? value : "";
		}
	}
	return NULL;
}

int
podquery_init(struct podquery *q, const char *root, const char *namespace,
	      const char *labels, const char *field_text)
{
	static const struct pod none;
	size_t i;

	memset(q, 0, sizeof(*q));
	q->root = root;
	q->namespace = namespace ? xstrdup(namespace) : NULL;
	if (selector_parse(&q->labels, labels) < 0 ||
	    selector_parse(&q->fields, field_text) < 0)
		return -1;
	for (i = 0; i < q->fields.n; i++)
		if (q->fields.requirements[i].op > SELECTOR_NOT_IN ||
		    !find_field(q->fields.requirements[i].key, &none))
			return -1;
	return 0;
}

void
podquery_free(struct podquery *q)
{
	free(q->namespace);
	selector_free(&q->labels);
	selector_free(&q->fields);
	memset(q, 0, sizeof(*q));
}

static void
add_pod(struct podlist *l, const struct podquery *q, const char *namespace,
	const char *name)
{
	struct pod p;

	if (pod_load(&p, q->root, namespace, name) < 0)
		return;
	if (selector_matches(&q->labels, find_label, &p) &&
	    selector_matches(&q->fields, find_field, &p)) {
		l->pods = xrealloc(l->pods, (l->n + 1) * sizeof(*l->pods));
		l->pods[l->n].key = xasprintf("%s/%s", namespace, name);
		l->pods[l->n++].json = podjson(&p);
	}
	pod_free(&p);
}

static void
add_namespace(struct podlist *l, const struct podquery *q,
	      const char *namespace)
{
	char *dir = xasprintf("%s/%s", q->root, namespace);
	struct dirent **entries;
	int i, count = pod_name_good(namespace)
			   ? scandir(dir, &entries, NULL, alphasort)
			   : -1;

	for (i = 0; i < count; i++) {
		add_pod(l, q, namespace, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	free(dir);
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct listed *)a)->key,
		      ((const struct listed *)b)->key);
}

void
podlist_load(struct podlist *l, const struct podquery *q)
{
	struct dirent **spaces;
	int i, count;

	memset(l, 0, sizeof(*l));
	if (q->namespace) {
		add_namespace(l, q, q->namespace);
	} else {
		count = scandir(q->root, &spaces, NULL, alphasort);
		for (i = 0; i < count; i++) {
			add_namespace(l, q, spaces[i]->d_name);
			free(spaces[i]);
		}
		if (count >= 0)
			free(spaces);
	}
	if (l->n > 0)
		qsort(l->pods, l->n, sizeof(*l->pods), by_key);
}

char *
podlist_json(const struct podlist *l)
{
	char *out = NULL;
	size_t len = 0, i;
	FILE *f = open_memstream(&out, &len);

	fprintf(f, "{\"kind\":\"PodList\",\"apiVersion\":\"v1\","
		   "\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[");
	for (i = 0; i < l->n; i++)
		fprintf(f, "%s%s", i ? "," : "", l->pods[i].json);
	fprintf(f, "]}\n");
	fclose(f);
	return out;
}

void
podlist_free(struct podlist *l)
{
	while (l->n > 0) {
		l->n--;
		free(l->pods[l->n].key);
		free(l->pods[l->n].json);
	}
	free(l->pods);
	l->pods = NULL;
}
