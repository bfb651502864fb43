/*
 * Lists of pods, page by page (Kubernetes API concepts, "retrieving large
 * results sets in chunks").
 */
#include "podlist.h"

#include <stdlib.h>
#include <string.h>

#include "apipath.h"
#include "json.h"
#include "jsonlist.h"
#include "mem.h"

/* 250 pods a page, in 64 MiB; of a million pods. */
#define PAGE_PODS "250"
enum { PAGE_BYTES = 64 << 20, MAX_PAGES = 4000 };

struct page {
	const struct podlist_query *q;
	podlist_take *take;
	void *arg;
	struct jsonlist list;
	size_t bytes;
	char why[256];
};

static const char *
take_item(void *arg, const char *text, size_t len)
{
	struct page *g = arg;
	struct json *doc = json_parse(text, len, g->why, sizeof g->why);
	const char *why = g->why;
	struct pod p;

	if (doc && pod_read(&p, doc, &why) == 0) {
		if (g->q->namespace &&
		    strcmp(p.namespace, g->q->namespace) != 0)
			why = "a pod of another namespace";
		else
			why = g->take(g->arg, &p) ? NULL : "too many pods";
		pod_free(&p);
	}
	json_free(doc);
	return why;
}

static const char *
take_bytes(void *arg, const char *data, size_t n)
{
	struct page *g = arg;

	if (n > PAGE_BYTES - g->bytes)
		return "the list is too long";
	g->bytes += n;
	return jsonlist_take(&g->list, data, n);
}

static char *
page_path(const struct api *a, const struct podlist_query *q, const char *token)
{
	struct apipath p = {NULL, 0, 0};

	apipath_put(&p, a->url.prefix);
	apipath_put(&p, "/api/v1/");
	if (q->namespace) {
		apipath_put(&p, "namespaces/");
		apipath_encode(&p, q->namespace);
		apipath_put(&p, "/");
	}
	apipath_put(&p, "pods?limit=" PAGE_PODS);
	if (q->labels && *q->labels) {
		apipath_put(&p, "&labelSelector=");
		apipath_encode(&p, q->labels);
	}
	if (q->fields && *q->fields) {
		apipath_put(&p, "&fieldSelector=");
		apipath_encode(&p, q->fields);
	}
	if (token) {
		apipath_put(&p, "&continue=");
		apipath_encode(&p, token);
	}
	return p.text;
}

/* What is around the items: *next is where the list goes on, or NULL. */
static const char *
read_rest(struct page *g, char **next)
{
	size_t len;
	const char *text = jsonlist_rest(&g->list, &len), *token = NULL;
	const char *fault = NULL;
	const struct json *items;
	struct json *doc;

	*next = NULL;
	if (!text)
		return "the list is not whole";
	doc = json_parse(text, len, g->why, sizeof g->why);
	if (!doc)
		return g->why;
	/* "items" may be null where there are none, and absent nowhere; a
	 * key that is "items" by way of escapes was not seen as such */
	if (json_get_array(doc, "items", &items) < 0 ||
	    (json_get(doc, "items") && json_count(items) > 0) ||
	    json_get_string(json_get(doc, "metadata"), "continue", &token) < 0)
		fault = "the answer is no list";
	else if (!json_get(doc, "items") && !json_get(doc, "metadata"))
		fault = "the answer is no list";
	else if (token && *token)
		*next = xstrdup(token);
	json_free(doc);
	return fault;
}

int
podlist_each(struct api *a, const struct podlist_query *q, podlist_take *take,
	     void *arg, struct api_failure *f)
{
	char *token = NULL, *next, *path;
	const char *fault = NULL;
	int rc, pages = 0;

	do {
		struct page g = {.q = q, .take = take, .arg = arg};

		g.list.item = take_item;
		g.list.arg = &g;
		path = page_path(a, q, token);
		rc = api_get(a, path, take_bytes, &g, f);
		free(path);
		next = NULL;
		if (rc == 0)
			fault = read_rest(&g, &next);
		if (!fault && next && token && strcmp(next, token) == 0)
			fault = "the list goes on where it was";
		else if (!fault && next && ++pages == MAX_PAGES)
			fault = "the list has too many pages";
		if (fault)
			f->text = xstrdup(fault);
		free(token);
		token = next;
		jsonlist_free(&g.list);
	} while (rc == 0 && !fault && token);
	free(token);
	return rc == 0 && !fault ? 0 : -1;
}
