/*
 * kpods: the pods that are ready, a line each.  All of them or, when the list
 * breaks off, none: half a list would be taken for a whole one.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/api.h"
#include "lib/creds.h"
#include "lib/err.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/podlist.h"
#include "lib/record.h"
#include "lib/workload.h"

#include "names.h"
#include "opts.h"

enum { EXIT_NONE = 1, EXIT_FAILED = 2 };

/* Says why there was no answer to a request about name, and ends. */
static _Noreturn void
fail(const struct api *a, const char *name, const struct api_failure *f)
{
	die(EXIT_FAILED, 0, "%s: %s", f->server ? a->record->server : name,
	    f->text);
}

/* a and b, with a comma between where both are there; the caller frees it. */
static char *
both(const char *a, const char *b)
{
	if (!a || !*a)
		return xstrdup(b ? b : "");
	return !b || !*b ? xstrdup(a) : xasprintf("%s,%s", a, b);
}

/* The selector of the workload; "" for what is none. */
static char *
workload_labels(struct api *a, const struct opts *o, const char *namespace,
		const char *name)
{
	struct api_failure f;
	char *path, *labels;
	struct json *doc;
	const char *why;

	if (!o->type || o->type->selector == WORKLOAD_POD)
		return xstrdup("");
	path = workload_path(o->type, a->url.prefix, namespace, o->name);
	doc = api_get_json(a, path, &f);
	if (!doc)
		fail(a, name, &f);
	labels = workload_selector(o->type, doc, &why);
	if (!labels)
		die(EXIT_FAILED, 0, "%s: %s", name, why);
	json_free(doc);
	free(path);
	return labels;
}

static bool
take(void *arg, struct pod *p)
{
	return names_take(arg, p);
}

/* What is asked for, in words. */
static char *
describe(const struct opts *o, const char *namespace)
{
	char *where, *text;

	if (!namespace)
		where = xstrdup("all namespaces");
	else if (o->type)
		where =
		    xasprintf("%s/%s/%s", namespace, o->type->plural, o->name);
	else
		where = xstrdup(namespace);
	text = xasprintf("%s%s%s%s%s", where, o->selector ? ": " : "",
			 o->selector ? o->selector : "", o->fields ? ": " : "",
			 o->fields ? o->fields : "");
	free(where);
	return text;
}

/* Puts the names of all pods that are ready into s. */
static void
list(const struct opts *o, const struct record *r, struct names *s,
     const char *namespace, const char *name)
{
	char *labels, *all_labels, *fields, *all_fields, *one = NULL;
	struct podlist_query q = {.namespace = namespace};
	struct api_failure f;
	struct api a;
	char why[512];

	if (api_init(&a, r, o->connect_timeout, why, sizeof why) != 0)
		die(EXIT_FAILED, 0, "%s", why);
	if (o->verbose)
		warn(0, "%s: connecting", r->server);
	if (api_connect(&a, api_deadline(&a), why, sizeof why) != 0)
		die(EXIT_FAILED, 0, "%s: %s", r->server, why);
	labels = workload_labels(&a, o, namespace, name);
	all_labels = both(labels, o->selector);
	if (o->type && o->type->selector == WORKLOAD_POD)
		one = xasprintf("metadata.name=%s", o->name);
	/* the server leaves out what would be left out here */
	fields = both("status.phase=Running", one);
	all_fields = both(fields, o->fields);
	q.labels = all_labels;
	q.fields = all_fields;
	if (podlist_each(&a, &q, take, s, &f) != 0)
		fail(&a, name, &f);
	names_sort(s);
	api_free(&a);
	free(labels);
	free(all_labels);
	free(one);
	free(fields);
	free(all_fields);
}

int
main(int argc, char *argv[])
{
	struct names s = {NULL, 0, 0};
	struct opts o;
	struct record r;
	const char *namespace = NULL;
	char *words, *name;
	size_t words_len;
	int closed, code;

	err_init("kpods", EXIT_FAILED);
	closed = io_hold_std();
	opts_parse(&o, argc, argv);
	if (closed < 0 || closed & 2)
		die(EXIT_FAILED, EBADF, "stdout");
	/* a server that closes is an error, not an end */
	signal(SIGPIPE, SIG_IGN);
	/* ignored, it would take kconf's status away */
	signal(SIGCHLD, SIG_DFL);
	if (o.record) {
		kubeopts_hide_token(argc, argv);
		creds_read(&r, o.record);
	} else {
		words = kubeopts_words(&o.kube, &words_len);
		kubeopts_hide_token(argc, argv);
		creds_resolve(&r, "kpods", words, words_len);
	}
	if (!o.all_namespaces)
	namespace = o.kube.namespace ? o.kube.namespace
		    : r.namespace    ? r.namespace
				     : "default";
	name = describe(&o, namespace);
	list(&o, &r, &s, namespace, name);
	signal(SIGPIPE, SIG_DFL);
	for (size_t i = 0; i < s.n; i++)
		printf("%s%c", s.list[i], o.nul ? '\0' : '\n');
	if (io_finish_stdout() != 0)
		die(EXIT_FAILED, errno, "stdout");
	if (s.n == 0 && !o.quiet)
		warn(0, "%s: no pod is ready", name);
	code = s.n > 0 ? 0 : EXIT_NONE;
	record_wipe(&r);
	names_free(&s);
	kubeopts_free(&o.kube);
	free(name);
	return code;
}
