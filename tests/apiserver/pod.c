/*
 * Pods out of folders.
 */
#include "pod.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/io.h"
#include "lib/mem.h"

enum { CONF_MAX = 65536 };

/* Whether s can be the name of a pod, a namespace or a container, that is of
 * a folder too. */
static bool
name_good(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-.");

	return n > 0 && n < 254 && !s[n] && s[0] != '.' && s[0] != '-';
}

static void
list_add(char ***list, size_t *n, const char *word)
{
	*list = xrealloc(*list, (*n + 1) * sizeof(**list));
	(*list)[(*n)++] = xstrdup(word);
}

static void
list_free(char **list, size_t n)
{
	while (n > 0)
		free(list[--n]);
	free(list);
}

static void
read_line(struct pod *p, char *line)
{
	char *save = NULL, *key = strtok_r(line, " ", &save), *word;

	if (!key)
		return;
	while ((word = strtok_r(NULL, " ", &save))) {
		if (strcmp(key, "containers") == 0) {
			list_add(&p->containers, &p->n_containers, word);
		} else if (strcmp(key, "labels") == 0) {
			list_add(&p->labels, &p->n_labels, word);
		} else if (strcmp(key, "path") == 0) {
			free(p->path);
			p->path = xstrdup(word);
		}
	}
}

static void
read_conf(struct pod *p, const char *root, const char *folder)
{
	char *name = xasprintf("%s/%s/.%s", root, p->namespace, folder);
	char *text, *save = NULL, *line;
	size_t len;

	if (io_slurp_path(name, CONF_MAX, &text, &len) == 0) {
		for (line = strtok_r(text, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save))
			read_line(p, line);
		free(text);
	}
	free(name);
	if (p->n_containers == 0)
		list_add(&p->containers, &p->n_containers, "main");
}

int
pod_load(struct pod *p, const char *root, const char *namespace,
	 const char *name)
{
	const char *folder = name;
	struct stat st;

	memset(p, 0, sizeof(*p));
	if (!name_good(name) || !name_good(namespace))
		return -1;
	if (fault_find(name, &p->fault))
		folder = "fault";
	p->dir = xasprintf("%s/%s/%s", root, namespace, folder);
	if (stat(p->dir, &st) < 0 || !S_ISDIR(st.st_mode)) {
		free(p->dir);
		p->dir = NULL;
		return -1;
	}
	p->name = xstrdup(name);
	p->namespace = xstrdup(namespace);
	read_conf(p, root, folder);
	return 0;
}

void
pod_free(struct pod *p)
{
	free(p->name);
	free(p->namespace);
	free(p->dir);
	free(p->path);
	list_free(p->containers, p->n_containers);
	list_free(p->labels, p->n_labels);
	memset(p, 0, sizeof(*p));
}

bool
pod_has_container(const struct pod *p, const char *container)
{
	size_t i;

	for (i = 0; i < p->n_containers; i++)
		if (strcmp(p->containers[i], container) == 0)
			return true;
	return false;
}

char *
pod_folder(const struct pod *p, const char *container)
{
	char *own = xasprintf("%s/%s", p->dir, container);
	struct stat st;

	if (name_good(container) && p->n_containers > 1 &&
	    stat(own, &st) == 0 && S_ISDIR(st.st_mode))
		return own;
	free(own);
	return xstrdup(p->dir);
}

char *
pod_json(const struct pod *p)
{
	char *out = NULL;
	size_t len = 0, i;
	FILE *f = open_memstream(&out, &len);

	fprintf(f,
		"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{"
		"\"name\":\"%s\",\"namespace\":\"%s\",\"uid\":"
		"\"00000000-0000-4000-8000-000000000000\","
		"\"resourceVersion\":\"1\",\"creationTimestamp\":"
		"\"2025-01-01T00:00:00Z\",\"labels\":{",
		p->name, p->namespace);
	for (i = 0; i < p->n_labels; i++) {
		const char *label = p->labels[i];
		size_t key = strcspn(label, "=");

		fprintf(f, "%s\"%.*s\":\"%s\"", i ? "," : "", (int)key, label,
			label[key] ? label + key + 1 : "");
	}
	fprintf(f, "}},\"spec\":{\"containers\":[");
	for (i = 0; i < p->n_containers; i++)
		fprintf(f, "%s{\"name\":\"%s\",\"image\":\"test\"}",
			i ? "," : "", p->containers[i]);
	fprintf(f, "],\"nodeName\":\"node\"},\"status\":{\"phase\":\"Running\","
		   "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\","
		   "\"lastTransitionTime\":\"2025-01-01T00:00:00Z\"}],"
		   "\"containerStatuses\":[");
	for (i = 0; i < p->n_containers; i++)
		fprintf(f,
			"%s{\"name\":\"%s\",\"state\":{\"running\":{"
			"\"startedAt\":\"2025-01-01T00:00:00Z\"}},"
			"\"lastState\":{},\"ready\":true,"
			"\"restartCount\":0,\"image\":\"test\","
			"\"imageID\":\"\"}",
			i ? "," : "", p->containers[i]);
	fprintf(f, "]}}\n");
	fclose(f);
	return out;
}

static bool
selected(const struct pod *p, const char *selector)
{
	size_t i, n;

	for (; selector && *selector; selector += n) {
		bool found = false;

		selector += *selector == ',';
		n = strcspn(selector, ",");
		for (i = 0; i < p->n_labels; i++)
			found =
			    found || (strlen(p->labels[i]) == n &&
				      memcmp(p->labels[i], selector, n) == 0);
		if (!found)
			return false;
	}
	return true;
}

/* Appends the pods of one namespace to f; *n counts them. */
static void
list_namespace(FILE *f, size_t *n, const char *root, const char *namespace,
	       const char *selector)
{
	char *dir = xasprintf("%s/%s", root, namespace);
	struct dirent **entries;
	int i, count = scandir(dir, &entries, NULL, alphasort);

	for (i = 0; i < count; i++) {
		struct pod p;

		if (pod_load(&p, root, namespace, entries[i]->d_name) == 0) {
			if (selected(&p, selector)) {
				char *json = pod_json(&p);

				fprintf(f, "%s%s", (*n)++ ? "," : "", json);
				free(json);
			}
			pod_free(&p);
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	free(dir);
}

char *
pod_list_json(const char *root, const char *namespace, const char *selector)
{
	char *out = NULL;
	size_t len = 0, n = 0;
	FILE *f;

	/* Sets and inequalities are not understood. */
	if (selector && (strpbrk(selector, "!() ") || strstr(selector, "==")))
		return NULL;
	f = open_memstream(&out, &len);
	fprintf(f, "{\"kind\":\"PodList\",\"apiVersion\":\"v1\","
		   "\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[");
	if (namespace && name_good(namespace)) {
		list_namespace(f, &n, root, namespace, selector);
	} else if (!namespace) {
		struct dirent **spaces;
		int i, count = scandir(root, &spaces, NULL, alphasort);

		for (i = 0; i < count; i++) {
			if (name_good(spaces[i]->d_name))
				list_namespace(f, &n, root, spaces[i]->d_name,
					       selector);
			free(spaces[i]);
		}
		if (count >= 0)
			free(spaces);
	}
	fprintf(f, "]}\n");
	fclose(f);
	return out;
}
