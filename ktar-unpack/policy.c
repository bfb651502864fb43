/*
 * Which members may be made, and under which name.  Names are compared and
 * cut by components, never as text; what is not plainly inside is refused,
 * not cleaned up.  Pure.
 */
#include "policy.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/pattern.h"

/* The length of the component at s, 0 at the end. */
static size_t
span(const char *s)
{
	return strcspn(s, "/");
}

static bool
is_dot(const char *s, size_t n)
{
	return n == 0 || (n == 1 && s[0] == '.');
}

static bool
is_dotdot(const char *s, size_t n)
{
	return n == 2 && s[0] == '.' && s[1] == '.';
}

/*
 * Writes name to *out with its components cleaned and the first strip of
 * them taken off.  Returns NULL, or why the name is refused; *cut is set when
 * there were fewer components than had to be taken off.
 */
static const char *
clean(const char *name, size_t strip, char **out, size_t *len, size_t *cap,
      bool *cut)
{
	size_t need = strlen(name) + 1, used = 0;

	*cut = false;
	*len = 0;
	if (need > *cap) {
		*cap = need * 2;
		*out = xrealloc(*out, *cap);
	}
	(*out)[0] = '\0';
	if (name[0] == '\0')
		return "empty name";
	if (name[0] == '/')
		return "absolute name";
	for (const char *s = name; *s;
	     s += s[span(s)] ? span(s) + 1 : span(s)) {
		size_t n = span(s);

		if (is_dotdot(s, n))
			return "'..' in the name";
		if (is_dot(s, n))
			continue;
		if (strip > 0) {
			strip--;
			continue;
		}
		if (used > 0)
			(*out)[used++] = '/';
		memcpy(*out + used, s, n);
		used += n;
	}
	(*out)[used] = '\0';
	*len = used;
	*cut = strip > 0;
	return NULL;
}

/*
 * Takes prefix, compared by components, off the clean path.  Returns -1 when
 * path is neither at nor beneath it.
 */
static int
unprefix(const char *prefix, char *path, size_t *len)
{
	const char *s = prefix, *at = path;

	while (*s) {
		size_t n = span(s);

		if (!is_dot(s, n)) {
			if (span(at) != n || memcmp(at, s, n) != 0)
				return -1;
			at += at[n] ? n + 1 : n;
		}
		s += s[n] ? n + 1 : n;
	}
	*len -= (size_t)(at - path);
	memmove(path, at, *len + 1);
	return 0;
}

static int64_t
depth(const char *path)
{
	int64_t n = path[0] != '\0';

	for (; *path; path++)
		n += *path == '/';
	return n;
}

/*
 * A symbolic link stays inside when its target climbs no higher than the
 * root, and climbs only at its start: behind a name, which may be a link
 * itself, ".." leads anywhere.
 */
static const char *
check_symlink(const char *path, const char *target)
{
	int64_t up = depth(path) - 1;
	bool named = false;

	if (target[0] == '\0')
		return "link without a target";
	if (target[0] == '/')
		return "link to an absolute name";
	for (const char *s = target; *s;
	     s += s[span(s)] ? span(s) + 1 : span(s)) {
		size_t n = span(s);

		if (is_dot(s, n))
			continue;
		if (!is_dotdot(s, n))
			named = true;
		else if (named)
			return "link with '..' behind a name";
		else if (--up < 0)
			return "link that leads outside";
	}
	return NULL;
}

static const char *
check_link(const struct policy *p, const struct scan_member *m,
	   struct policy_take *t)
{
	const char *why;
	bool cut;

	if (m->type == SCAN_HARDLINK) {
		why = clean(m->link, 0, &t->link, &t->link_len, &t->link_cap,
			    &cut);
		if (!why && p->prefix &&
		    unprefix(p->prefix, t->link, &t->link_len) != 0)
			return "hard link to a name outside the prefix";
		if (!why && p->strip > 0) {
			char *whole = xstrdup(t->link);

			why = clean(whole[0] ? whole : ".", p->strip, &t->link,
				    &t->link_len, &t->link_cap, &cut);
			free(whole);
		}
		if (why || t->link_len == 0)
			return "hard link to a name that is no member's";
		return NULL;
	}
	if (p->links == POLICY_LINKS_NONE)
		return "symbolic link";
	if (p->links == POLICY_LINKS_INSIDE &&
	    (why = check_symlink(t->path, m->link)))
		return why;
	t->link_len = strlen(m->link);
	if (t->link_len == 0)
		return "link without a target";
	if (t->link_len + 1 > t->link_cap) {
		t->link_cap = t->link_len + 1;
		t->link = xrealloc(t->link, t->link_cap);
	}
	memcpy(t->link, m->link, t->link_len + 1);
	return NULL;
}

/*
 * The limits of the command line; they end the run.  Members that are refused
 * or not selected count too: they all have to be read.
 */
static const char *
check_limits(const struct policy *p, const struct scan_member *m,
	     struct policy_take *t)
{
	if (p->max_files >= 0 && t->files >= p->max_files)
		return "more members than --max-files";
	t->files++;
	if (p->max_bytes >= 0 && m->size > p->max_bytes - t->bytes)
		return "more data than --max-bytes";
	/* no stream is that long, but sparse files can say so */
	if (m->size > INT64_MAX - t->bytes)
		return "more data than any disk holds";
	t->bytes += m->size;
	return NULL;
}

/* Whether a pattern of list matches name; each that does is marked. */
static bool
any_matches(const struct policy_patterns *list, const char *name)
{
	bool any = false;

	for (size_t i = 0; i < list->n; i++) {
		if (pattern_matches(list->item[i].text, name))
			any = list->item[i].used = true;
	}
	return any;
}

static bool
selected(const struct policy *p, const char *name)
{
	bool in = p->include.n == 0 || any_matches(&p->include, name);

	return !any_matches(&p->exclude, name) && in;
}

/* Whether Linux has numbers for such a device. */
static bool
device_fits(const struct scan_member *m)
{
	return m->dev_major <= 0xfff && m->dev_minor <= 0xfffff;
}

/* What a member that was selected and keeps a name may become. */
static enum policy_verdict
decide_type(const struct policy *p, const struct scan_member *m,
	    struct policy_take *t, const char **why)
{
	switch (m->type) {
	case SCAN_FILE:
	case SCAN_DIR:
		return POLICY_TAKE;
	case SCAN_HARDLINK:
	case SCAN_SYMLINK:
		*why = check_link(p, m, t);
		return *why ? POLICY_REFUSE : POLICY_TAKE;
	case SCAN_CHAR:
	case SCAN_BLOCK:
		*why = p->special ? "no such device can exist" : "device";
		return p->special && device_fits(m) ? POLICY_TAKE
						    : POLICY_REFUSE;
	case SCAN_FIFO:
		*why = "FIFO";
		return p->special ? POLICY_TAKE : POLICY_REFUSE;
	}
	*why = "unknown type of member";
	return POLICY_REFUSE;
}

enum policy_verdict
policy_decide(const struct policy *p, const struct scan_member *m,
	      struct policy_take *t, const char **why)
{
	const char *bad, *limit;
	bool cut, wanted;

	t->link_len = 0;
	bad = clean(m->name, 0, &t->path, &t->path_len, &t->path_cap, &cut);
	wanted = bad || selected(p, t->path);
	*why = "not beneath the prefix";
	if (p->prefix &&
	    (bad || unprefix(p->prefix, t->path, &t->path_len) != 0))
		return POLICY_STOP;
	if ((limit = check_limits(p, m, t))) {
		*why = limit;
		return POLICY_STOP;
	}
	if ((*why = bad))
		return POLICY_REFUSE;
	if (!wanted)
		return POLICY_SKIP;
	if (p->strip > 0) {
		char *whole = xstrdup(t->path);

		*why = clean(whole[0] ? whole : ".", p->strip, &t->path,
			     &t->path_len, &t->path_cap, &cut);
		free(whole);
		if (m->type == SCAN_DIR && t->path_len == 0)
			return POLICY_SKIP;
	}
	if (t->path_len == 0 && m->type != SCAN_DIR) {
		*why = "nothing of the name is left";
		return POLICY_REFUSE;
	}
	if (p->max_depth >= 0 && depth(t->path) > p->max_depth) {
		*why = "deeper than --max-depth";
		return POLICY_STOP;
	}
	return decide_type(p, m, t, why);
}

void
policy_free(struct policy_take *t)
{
	free(t->path);
	free(t->link);
	*t = (struct policy_take){0};
}

void
policy_add(struct policy_patterns *list, const char *text)
{
	list->item = xrealloc(list->item, (list->n + 1) * sizeof *list->item);
	list->item[list->n++] = (struct policy_pattern){text, false};
}

void
policy_forget(struct policy *p)
{
	free(p->include.item);
	free(p->exclude.item);
	p->include = p->exclude = (struct policy_patterns){NULL, 0};
}
