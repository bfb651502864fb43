/*
 * A list of pods from a hostile server, in two pieces; its items as pods, two
 * of which are compared, and as workloads.
 *
 * links: kexec/container kexec/rank lib/apipath lib/jsonlist lib/pod
 * links: lib/timestamp lib/workload lib/json lib/mem lib/err
 * pkgs: jansson
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kexec/container.h"
#include "kexec/rank.h"
#include "lib/apipath.h"
#include "lib/json.h"
#include "lib/jsonlist.h"
#include "lib/pod.h"
#include "lib/workload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
as_workload(const struct json *doc)
{
	static const char *const types[] = {"deploy", "svc"};
	const char *why;

	for (size_t i = 0; i < 2; i++) {
		char *selector =
		    workload_selector(workload_type(types[i], strlen(types[i])),
				      doc, &why);

		/* nothing in it could end the query's value in a query */
		if (selector && strpbrk(selector, "&#?%\n"))
			abort();
		free(selector);
	}
}

static const char *
take(void *arg, const char *text, size_t len)
{
	struct pod *last = arg, p;
	char why[128], *note;
	struct json *doc = json_parse(text, len, why, sizeof why);
	const char *fault = "no pod";

	if (doc)
		as_workload(doc);
	if (doc && pod_read(&p, doc, &fault) == 0) {
		if (!apipath_segment(p.name) || !apipath_segment(p.namespace))
			abort();
		container_choose(&p, NULL, &note);
		free(note);
		if (last->name && (rank_compare(last, &p) < 0) !=
				      (rank_compare(&p, last) > 0))
			abort();
		pod_free(last);
		*last = p;
		fault = NULL;
	}
	json_free(doc);
	return fault;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct pod last = {.name = NULL};
	struct jsonlist l = {.item = take, .arg = &last};
	size_t half = size / 2, len;

	if (!jsonlist_take(&l, text, half) &&
	    !jsonlist_take(&l, text + half, size - half) &&
	    jsonlist_rest(&l, &len) && len > size)
		abort();
	jsonlist_free(&l);
	pod_free(&last);
	return 0;
}
