/*
 * From TYPE/NAME to a pod and a container: types, selectors, lists in pieces,
 * pods out of JSON, which is the better one, which container.
 *
 * links: kexec/container kexec/rank lib/apipath lib/jsonlist lib/pod
 * links: lib/timestamp lib/workload lib/json lib/mem lib/err
 * pkgs: jansson
 */
#include "tap.h"

#include <stdlib.h>

#include "kexec/container.h"
#include "kexec/rank.h"
#include "lib/json.h"
#include "lib/jsonlist.h"
#include "lib/mem.h"
#include "lib/pod.h"
#include "lib/workload.h"

static struct json *
parse(const char *text)
{
	char why[128];
	struct json *j = json_parse(text, strlen(text), why, sizeof why);

	if (!j)
		ok(0, "%s: %s", text, why);
	return j;
}

static void
types(void)
{
	static const struct {
		const char *word, *plural; /* NULL: no type, "": foreign */
	} row[] = {
	    {"pod", "pods"},
	    {"PODS", "pods"},
	    {"po", "pods"},
	    {"pods.v1.", "pods"},
	    {"pods.v1.apps", ""},
	    {"deploy", "deployments"},
	    {"deployment.apps", "deployments"},
	    {"deployments.v1.apps", "deployments"},
	    {"deployments.v1beta1.apps", ""},
	    {"deployments.extensions", ""},
	    {"deployments.", ""},
	    {"sts.apps", "statefulsets"},
	    {"ds", "daemonsets"},
	    {"rs", "replicasets"},
	    {"rc", "replicationcontrollers"},
	    {"job.batch", "jobs"},
	    {"job.apps", ""},
	    {"svc", "services"},
	    {"svc.v1.", "services"},
	    {"cj", "cronjobs"},
	    {"no", "nodes"},
	    {"things.example.com", ""},
	    {"deploys", NULL},
	    {"", NULL},
	    {"kube-system", NULL},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		const struct workload_type *t =
		    workload_type(row[i].word, strlen(row[i].word));

		is(t ? t->plural : NULL, row[i].plural, "type '%s'",
		   row[i].word);
	}
}

static void
selectors(void)
{
	static const struct {
		const char *type, *spec, *want;
	} row[] = {
	    {"deploy", "{'matchLabels':{'a/b':'c','d':''}}", "a/b=c,d="},
	    {"deploy",
	     "{'matchLabels':{'a':'b'},'matchExpressions':["
	     "{'key':'t','operator':'In','values':['x','y']},"
	     "{'key':'u','operator':'NotIn','values':['z']},"
	     "{'key':'v','operator':'Exists'},"
	     "{'key':'w','operator':'DoesNotExist'}]}",
	     "a=b,t in (x,y),u notin (z),v,!w"},
	    {"deploy", "{}", ""},
	    {"deploy", "null", NULL},
	    {"deploy", "'a=b'", NULL},
	    {"deploy", "{'matchLabels':{'a':'b,c=d'}}", NULL},
	    {"deploy", "{'matchLabels':{'a)':'b'}}", NULL},
	    {"deploy", "{'matchLabels':{'a':1}}", NULL},
	    {"deploy", "{'matchLabels':[]}", NULL},
	    {"deploy", "{'matchLabels':{'':'b'}}", NULL},
	    {"deploy", "{'matchExpressions':{}}", NULL},
	    {"deploy", "{'matchExpressions':[1]}", NULL},
	    {"deploy", "{'matchExpressions':[{'key':'a','operator':'In'}]}",
	     NULL},
	    {"deploy",
	     "{'matchExpressions':[{'key':'a','operator':'Gt','values':['1']}]"
	     "}",
	     NULL},
	    {"rc", "{'a':'b','c':'d'}", "a=b,c=d"},
	    {"rc", "{'a':{}}", NULL},
	    {"svc", "{'a':'b'}", "a=b"},
	    {"svc", "{}", NULL},
	    {"svc", "null", NULL},
	};
	char *path;

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		char *text = xasprintf("{'spec':{'selector':%s}}", row[i].spec);
		const char *why = NULL;
		struct json *doc;
		char *got;

		for (char *p = text; *p; p++)
			*p = *p == '\'' ? '"' : *p;
		doc = parse(text);
		got = workload_selector(workload_type(row[i].type,
						      strlen(row[i].type)),
					doc, &why);
		is(got, row[i].want, "selector of %s %s", row[i].type,
		   row[i].spec);
		ok(got || why, "and why there is none");
		free(got);
		free(text);
		json_free(doc);
	}
	path = workload_path(workload_type("deploy", 6), "/p", "n", "../x?");
	is(path, "/p/apis/apps/v1/namespaces/n/deployments/..%2Fx%3F",
	   "a name stays in its place");
	free(path);
}

static const char *
take_item(void *arg, const char *text, size_t len)
{
	char *got = arg;
	size_t n = strlen(got);

	snprintf(got + n, 256 - n, "<%.*s>", (int)len, text);
	return NULL;
}

static void
lists(void)
{
	static const struct {
		const char *in, *items, *rest;
	} row[] = {
	    {"{\"a\":1,\"items\":[{\"x\":[1,2]},\n "
	     "{\"y\":\"],}\\\"\"}],\"b\":2}",
	     "<{\"x\":[1,2]}><{\"y\":\"],}\\\"\"}>",
	     "{\"a\":1,\"items\":[],\"b\":2}"},
	    {"{\"items\":[]}", "", "{\"items\":[]}"},
	    {"{\"items\" : [ ] }", "", "{\"items\" : [] }"},
	    {"{\"items\":null}", "", "{\"items\":null}"},
	    {"{\"a\":{\"items\":[1]}}", "", "{\"a\":{\"items\":[1]}}"},
	    {"{\"a\":\"items\"}", "", "{\"a\":\"items\"}"},
	    {"[\"items\",[1]]", "", "[\"items\",[1]]"},
	    {"{\"items\":[{},]}", "<{}>", NULL},
	    {"{\"items\":[,{}]}", "", NULL},
	    {"{\"items\":[{}", "", NULL},
	    {"{\"items\":[}]", "", NULL},
	    {"{\"items\":[],\"items\":[]}", "", NULL},
	    {"}", "", NULL},
	    {"{\"items", "", NULL},
	    {"", "", NULL},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		for (size_t step = 1; step < 200; step += 198) {
			char got[256] = "", whole[256];
			struct jsonlist l = {.item = take_item, .arg = got};
			size_t n = strlen(row[i].in), len = 0;
			const char *fault = NULL, *rest;

			for (size_t at = 0; at < n && !fault; at += step)
				fault = jsonlist_take(&l, row[i].in + at,
						      n - at < step ? n - at
								    : step);
			rest = fault ? NULL : jsonlist_rest(&l, &len);
			snprintf(whole, sizeof whole, "%.*s", (int)len,
				 rest ? rest : "");
			is(rest ? whole : NULL, row[i].rest,
			   "list %zu by %zu: the rest", i, step);
			is(got, row[i].items, "its items");
			jsonlist_free(&l);
		}
	}
}

/* What does not end is given up. */
static void
endless(void)
{
	static const char *const heads[] = {"{\"items\":[", "{\"items\":[\"",
					    "{\"", "{"};
	char block[4096], got[256] = "";

	memset(block, '[', sizeof block);
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		struct jsonlist l = {.item = take_item, .arg = got};
		const char *fault =
		    jsonlist_take(&l, heads[i], strlen(heads[i]));
		int n = 0;

		for (; !fault && n < 2000; n++)
			fault = jsonlist_take(&l, block, sizeof block);
		ok(fault && n < 2000 && l.one.cap < JSONLIST_ITEM_MAX * 3,
		   "an endless '%s' is given up", heads[i]);
		jsonlist_free(&l);
	}
}

static void
reads(void)
{
	static const char *const wrong[] = {
	    "{}",
	    "{'metadata':{'name':'a'}}",
	    "{'metadata':{'name':'','namespace':'n'}}",
	    "{'metadata':{'name':'a/b','namespace':'n'}}",
	    "{'metadata':{'name':'..','namespace':'n'}}",
	    "{'metadata':{'name':'a\\nb','namespace':'n'}}",
	    "{'metadata':{'name':'a\\u001bb','namespace':'n'}}",
	    "{'metadata':{'name':'a b','namespace':'n'}}",
	    "{'metadata':{'name':'-a','namespace':'n'}}",
	    "{'metadata':{'name':1,'namespace':'n'}}",
	    "{'metadata':{'name':'a','namespace':['n']}}",
	    "{'metadata':{'name':'a','namespace':'n','creationTimestamp':'x'}}",
	    "{'metadata':{'name':'a','namespace':'n'},'spec':{'nodeName':1}}",
	    "{'metadata':{'name':'a','namespace':'n'},'spec':{'containers':1}}",
	    "{'metadata':{'name':'a','namespace':'n'},'spec':{'containers':[1]}"
	    "}",
	    "{'metadata':{'name':'a','namespace':'n'},'status':{'phase':1}}",
	    "{'metadata':{'name':'a','namespace':'n'},'status':{'conditions':["
	    "{'type':'Ready','lastTransitionTime':'never'}]}}",
	};
	static const char right[] =
	    "{'metadata':{'name':'a','namespace':'n','creationTimestamp':"
	    "'1970-01-01T00:01:00Z','deletionTimestamp':'1970-01-01T00:02:00Z',"
	    "'annotations':{'kubectl.kubernetes.io/default-container':'c2'}},"
	    "'spec':{'nodeName':'x','containers':[{'name':'c1'},{'name':'c2'}],"
	    "'initContainers':[{'name':'i','restartPolicy':'Always'},"
	    "{'name':'j'}],'ephemeralContainers':[{'name':'e'}]},"
	    "'status':{'phase':'Running','conditions':[{'type':'Other'},"
	    "{'type':'Ready','status':'True','lastTransitionTime':"
	    "'1970-01-01T00:00:07Z'}],'containerStatuses':[{'name':'c1',"
	    "'restartCount':3},{'name':'c2','restartCount':5}],"
	    "'initContainerStatuses':[{'name':'i','restartCount':2},"
	    "{'name':'j','restartCount':9}]}}";
	const char *why = NULL;
	struct json *doc;
	struct pod p;
	char *text;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		text = xstrdup(wrong[i]);
		for (char *c = text; *c; c++)
			*c = *c == '\'' ? '"' : *c;
		doc = parse(text);
		why = NULL;
		ok(pod_read(&p, doc, &why) == -1 && why, "no pod: %s",
		   wrong[i]);
		json_free(doc);
		free(text);
	}
	text = xstrdup(right);
	for (char *c = text; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	doc = parse(text);
	ok(pod_read(&p, doc, &why) == 0, "a pod");
	is(p.name, "a", "its name");
	is(p.default_container, "c2", "its annotation");
	ok(p.assigned && p.ready && p.deleted && p.created == 60 &&
	       p.deleted_at == 120 && p.ready_since == 7,
	   "its times");
	ok(p.restarts > 4.5 && p.restarts < 5.5 && p.sidecar_restarts > 1.5 &&
	       p.sidecar_restarts < 2.5,
	   "its restarts");
	ok(p.n_containers == 5 && p.n_regular == 2 &&
	       p.containers[2].class == POD_EPHEMERAL &&
	       p.containers[4].class == POD_INIT,
	   "its containers");
	pod_free(&p);
	json_free(doc);
	free(text);
}

static void
ranks(void)
{
	static char running[] = "Running", pending[] = "Pending",
		    unknown[] = "Unknown", succeeded[] = "Succeeded",
		    failed[] = "Failed", none[] = "";
#define GOOD                                                                  \
	.phase = running, .assigned = true, .ready = true, .ready_since = 50, \
	.created = 40
	/* the first of each is the better one, or they are equal */
	static const struct {
		const char *what;
		struct pod a, b;
		bool equal;
	} row[] = {
	    {"assigned",
	     {.phase = pending, .assigned = true},
	     {.phase = running, .ready = true},
	     false},
	    {"Running, Unknown",
	     {.phase = running, .assigned = true},
	     {.phase = unknown, .assigned = true, .ready = true},
	     false},
	    {"Unknown, Pending",
	     {.phase = unknown, .assigned = true},
	     {.phase = pending, .assigned = true, .ready = true},
	     false},
	    {"Pending, Succeeded",
	     {.phase = pending},
	     {.phase = succeeded},
	     true},
	    {"Failed, none", {.phase = failed}, {.phase = none}, true},
	    {"ready",
	     {GOOD, .deleted = true},
	     {.phase = running, .assigned = true},
	     false},
	    {"not deleted",
	     {GOOD},
	     {.phase = running,
	      .assigned = true,
	      .ready = true,
	      .deleted = true,
	      .deleted_at = 99,
	      .ready_since = 1,
	      .created = 1},
	     false},
	    {"deleted later",
	     {GOOD, .deleted = true, .deleted_at = 2},
	     {.phase = running,
	      .assigned = true,
	      .ready = true,
	      .deleted = true,
	      .deleted_at = 1,
	      .ready_since = 1},
	     false},
	    {"ready for longer",
	     {GOOD, .restarts = 9},
	     {.phase = running,
	      .assigned = true,
	      .ready = true,
	      .ready_since = 51,
	      .created = 1},
	     false},
	    {"ready since some time",
	     {GOOD},
	     {.phase = running, .assigned = true, .ready = true, .created = 1},
	     false},
	    {"fewer restarts",
	     {GOOD, .restarts = 1, .sidecar_restarts = 9},
	     {.phase = running,
	      .assigned = true,
	      .ready = true,
	      .ready_since = 50,
	      .restarts = 2,
	      .created = 1},
	     false},
	    {"fewer restarts of sidecars",
	     {GOOD, .sidecar_restarts = 1},
	     {.phase = running,
	      .assigned = true,
	      .ready = true,
	      .ready_since = 50,
	      .sidecar_restarts = 2,
	      .created = 1},
	     false},
	    {"older",
	     {GOOD},
	     {.phase = running,
	      .assigned = true,
	      .ready = true,
	      .ready_since = 50,
	      .created = 41},
	     false},
	    {"created some time",
	     {GOOD},
	     {.phase = running,
	      .assigned = true,
	      .ready = true,
	      .ready_since = 50},
	     false},
	    {"not ready: since when does not count",
	     {.phase = running, .ready_since = 9},
	     {.phase = running, .ready_since = 1},
	     true},
	    {"the same", {GOOD}, {GOOD}, true},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		int there = rank_compare(&row[i].a, &row[i].b);
		int back = rank_compare(&row[i].b, &row[i].a);

		ok(row[i].equal ? there == 0 && back == 0
				: there < 0 && back > 0,
		   "rank: %s", row[i].what);
	}
#undef GOOD
}

static void
containers(void)
{
	static char one[] = "one", two[] = "two", debug[] = "debug",
		    setup[] = "setup", name[] = "p", other[] = "other";
	struct pod_container all[] = {{one, POD_REGULAR},
				      {two, POD_REGULAR},
				      {debug, POD_EPHEMERAL},
				      {setup, POD_INIT}};
	static const char list[] = "one, two, debug (ephem), setup (init)";
	struct pod p = {.name = name,
			.containers = all,
			.n_containers = 4,
			.n_regular = 2};
	char *note, *want;

	is(container_choose(&p, "setup", &note), "setup", "an init container");
	is(note, NULL, "and nothing to say");
	is(container_choose(&p, "x", &note), NULL, "one that is not there");
	want = xasprintf("container x is not valid for pod p out of: %s", list);
	is(note, want, "and why");
	free(note);
	free(want);
	is(container_choose(&p, NULL, &note), "one", "the first one");
	want = xasprintf("Defaulted container \"one\" out of: %s", list);
	is(note, want, "and what kubectl says");
	free(note);
	p.default_container = other;
	is(container_choose(&p, NULL, &note), "one", "a wrong annotation");
	is(note, want, "and what kubectl says");
	free(note);
	free(want);
	p.default_container = two;
	is(container_choose(&p, NULL, &note), "two", "the annotation");
	is(note, NULL, "and nothing to say");
	is(container_choose(&p, "one", &note), "one", "-c before it");
	p.n_containers = p.n_regular = 1;
	p.default_container = NULL;
	is(container_choose(&p, NULL, &note), "one", "the only one");
	is(note, NULL, "and nothing to say");
	p.n_containers = p.n_regular = 0;
	is(container_choose(&p, NULL, &note), NULL, "none at all");
	is(note, "pod p has no containers", "and why");
	free(note);
}

int
main(void)
{
	types();
	selectors();
	lists();
	endless();
	reads();
	ranks();
	containers();
	return tap_end();
}
