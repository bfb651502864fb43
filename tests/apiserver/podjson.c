/*
 * Pods as JSON.  Pure.
 */
#include "podjson.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

#include "status.h"

/* Writes text in quotes. */
static void
put_text(FILE *f, const char *text)
{
	char *quoted = status_quote(text);

	fputs(quoted, f);
	free(quoted);
}

/* Writes ,"key":"text" when there is a text. */
static void
put_member(FILE *f, const char *key, const char *text)
{
	if (!text)
		return;
	fprintf(f, ",\"%s\":", key);
	put_text(f, text);
}

char *
podjson_map(const struct words *w)
{
	char *out = NULL;
	size_t len = 0, i;
	FILE *f = open_memstream(&out, &len);

	putc('{', f);
	for (i = 0; i < w->n; i++) {
		char *key = xstrndup(w->list[i], strcspn(w->list[i], "="));

		fputs(i ? "," : "", f);
		put_text(f, key);
		putc(':', f);
		put_text(f, words_value(w, key));
		free(key);
	}
	putc('}', f);
	fclose(f);
	return out;
}

/* Writes ,"key":{...} when there is something in it. */
static void
put_map(FILE *f, const char *key, const struct words *w)
{
	char *map;

	if (w->n == 0)
		return;
	map = podjson_map(w);
	fprintf(f, ",\"%s\":%s", key, map);
	free(map);
}

/* Writes the specs of containers; more is put into each, n says how many
 * stand before them. */
static size_t
put_specs(FILE *f, size_t n, const struct words *names, const char *more)
{
	size_t i;

	for (i = 0; i < names->n; i++) {
		fputs(n + i ? ",{\"name\":" : "{\"name\":", f);
		put_text(f, names->list[i]);
		fprintf(f, ",\"image\":\"test\"%s}", more);
	}
	return n + names->n;
}

static size_t
put_statuses(FILE *f, size_t n, const struct pod *p, const struct words *names)
{
	size_t i;

	for (i = 0; i < names->n; i++) {
		const char *restarts =
		    words_value(&p->restarts, names->list[i]);
		bool runs = pod_runs(p, names->list[i]);
		bool waits = strcmp(p->phase, "Pending") == 0;

		fputs(n + i ? ",{\"name\":" : "{\"name\":", f);
		put_text(f, names->list[i]);
		fprintf(f,
			",\"state\":{%s},\"lastState\":{},\"ready\":%s,"
			"\"restartCount\":%ld,\"image\":\"test\","
			"\"imageID\":\"\"}",
			runs    ? "\"running\":{\"startedAt\":"
				  "\"2025-01-01T00:00:00Z\"}"
			: waits ? "\"waiting\":{\"reason\":"
				  "\"ContainerCreating\"}"
				: "\"terminated\":{\"exitCode\":0}",
			runs && p->ready ? "true" : "false",
			restarts ? strtol(restarts, NULL, 10) : 0);
	}
	return n + names->n;
}

/* Writes those that were added, behind the n that are there. */
static void
put_made(FILE *f, size_t n, const char *made)
{
	if (made)
		fprintf(f, "%s%s", n ? "," : "", made);
}

static void
put_spec(FILE *f, const struct pod *p)
{
	char *more = p->security
			 ? xasprintf(",\"securityContext\":%s", p->security)
			 : xstrdup("");
	size_t n;

	fprintf(f, ",\"spec\":{\"containers\":[");
	put_specs(f, 0, &p->containers, more);
	free(more);
	putc(']', f);
	if (p->init.n + p->sidecars.n > 0) {
		fprintf(f, ",\"initContainers\":[");
		n = put_specs(f, 0, &p->init, "");
		put_specs(f, n, &p->sidecars, ",\"restartPolicy\":\"Always\"");
		putc(']', f);
	}
	if (p->ephemeral.n + p->made.n > 0) {
		fprintf(f, ",\"ephemeralContainers\":[");
		n = put_specs(f, 0, &p->ephemeral, "");
		put_made(f, n, p->made_specs);
		putc(']', f);
	}
	if (p->share)
		fprintf(f, ",\"%s\":true",
			strcmp(p->share, "host") == 0
			    ? "hostPID"
			    : "shareProcessNamespace");
	/* a real server puts it there, and kubectl 1.33 relies on it */
	fputs(",\"securityContext\":{}", f);
	put_member(f, "nodeName", p->node);
	putc('}', f);
}

static void
put_status(FILE *f, const struct pod *p)
{
	size_t n;

	fprintf(f, ",\"status\":{\"phase\":");
	put_text(f, p->phase);
	fprintf(f, ",\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\"",
		p->ready ? "True" : "False");
	put_member(f, "lastTransitionTime", p->ready ? p->ready : p->created);
	fprintf(f, "}],\"containerStatuses\":[");
	put_statuses(f, 0, p, &p->containers);
	putc(']', f);
	if (p->init.n + p->sidecars.n > 0) {
		fprintf(f, ",\"initContainerStatuses\":[");
		n = put_statuses(f, 0, p, &p->init);
		put_statuses(f, n, p, &p->sidecars);
		putc(']', f);
	}
	if (p->ephemeral.n + p->made.n > 0) {
		fprintf(f, ",\"ephemeralContainerStatuses\":[");
		n = put_statuses(f, 0, p, &p->ephemeral);
		put_made(f, n, p->made_statuses);
		putc(']', f);
	}
	putc('}', f);
}

char *
podjson(const struct pod *p)
{
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);

	fprintf(f,
		"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{"
		"\"name\":\"%s\",\"namespace\":\"%s\",\"uid\":"
		"\"00000000-0000-4000-8000-000000000000\","
		"\"resourceVersion\":\"1\"",
		p->name, p->namespace);
	put_member(f, "creationTimestamp", p->created);
	put_member(f, "deletionTimestamp", p->deleted);
	put_map(f, "labels", &p->labels);
	put_map(f, "annotations", &p->annotations);
	putc('}', f);
	put_spec(f, p);
	put_status(f, p);
	fprintf(f, "}\n");
	fclose(f);
	return out;
}
