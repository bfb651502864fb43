/*
 * Pods out of folders.
 */
#include "pod.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/mem.h"

static const char beginning[] = "2025-01-01T00:00:00Z";

bool
pod_name_good(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-.");

	return n > 0 && n < 254 && !s[n] && s[0] != '.' && s[0] != '-';
}

/* The word of key, or fallback, which may be NULL, for free. */
static char *
word_or(const struct conf *c, const char *key, const char *fallback)
{
	const char *word = conf_word(c, key);

	if (!word)
		word = fallback;
	return word ? xstrdup(word) : NULL;
}

/* The same, but none and no are NULL. */
static char *
word_unless(const struct conf *c, const char *key, const char *fallback,
	    const char *none)
{
	char *word = word_or(c, key, fallback);

	if (word && strcmp(word, none) == 0) {
		free(word);
		return NULL;
	}
	return word;
}

static void
read_conf(struct pod *p, const char *root, const char *folder)
{
	char *name = xasprintf("%s/%s/.%s", root, p->namespace, folder);
	struct conf c;

	conf_load(&c, name);
	free(name);
	words_take(&p->containers, &c, "containers");
	words_take(&p->init, &c, "init");
	words_take(&p->sidecars, &c, "sidecars");
	words_take(&p->ephemeral, &c, "ephemeral");
	words_take(&p->labels, &c, "labels");
	words_take(&p->annotations, &c, "annotations");
	words_take(&p->restarts, &c, "restarts");
	p->path = word_or(&c, "path", NULL);
	p->only = word_or(&c, "only", NULL);
	p->share = word_or(&c, "share", NULL);
	p->security = word_or(&c, "security", NULL);
	p->debug = word_or(&c, "debug", NULL);
	if (conf_word(&c, "uid"))
		p->uid = (unsigned)strtoul(conf_word(&c, "uid"), NULL, 10);
	p->phase = word_or(&c, "phase", "Running");
	p->node = word_unless(&c, "node", "node", "none");
	p->created = word_or(&c, "created", beginning);
	p->deleted = word_or(&c, "deleted", NULL);
	p->ready =
	    word_unless(&c, "ready",
			strcmp(p->phase, "Running") == 0 ? beginning : NULL,
			"no");
	conf_free(&c);
	if (p->containers.n == 0)
		words_add(&p->containers, "main");
}

int
pod_load(struct pod *p, const char *root, const char *namespace,
	 const char *name)
{
	const char *folder = name;
	struct stat st;

	memset(p, 0, sizeof(*p));
	if (!pod_name_good(name) || !pod_name_good(namespace))
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
	free(p->only);
	free(p->share);
	free(p->security);
	free(p->debug);
	free(p->made_specs);
	free(p->made_statuses);
	free(p->phase);
	free(p->node);
	free(p->created);
	free(p->deleted);
	free(p->ready);
	words_free(&p->containers);
	words_free(&p->init);
	words_free(&p->sidecars);
	words_free(&p->ephemeral);
	words_free(&p->made);
	words_free(&p->idle);
	words_free(&p->labels);
	words_free(&p->annotations);
	words_free(&p->restarts);
	memset(p, 0, sizeof(*p));
}

bool
pod_has_container(const struct pod *p, const char *container)
{
	return words_have(&p->containers, container) ||
	       words_have(&p->init, container) ||
	       words_have(&p->sidecars, container) ||
	       words_have(&p->ephemeral, container) ||
	       words_have(&p->made, container);
}

bool
pod_runs(const struct pod *p, const char *container)
{
	/* An init container has ended when the pod runs. */
	return strcmp(p->phase, "Running") == 0 &&
	       !words_have(&p->init, container) &&
	       !words_have(&p->idle, container);
}

char *
pod_folder(const struct pod *p, const char *container)
{
	char *own = xasprintf("%s/%s", p->dir, container);
	bool only =
	    p->containers.n + p->init.n + p->sidecars.n + p->ephemeral.n == 1;
	struct stat st;

	if (pod_name_good(container) && !only && stat(own, &st) == 0 &&
	    S_ISDIR(st.st_mode))
		return own;
	free(own);
	return xstrdup(p->dir);
}

char *
pod_path(const struct pod *p, const char *machine)
{
	if (p->only)
		return xstrdup(p->only);
	if (!machine)
		machine = "/bin";
	return p->path ? xasprintf("%s:%s", p->path, machine)
		       : xstrdup(machine);
}
