/*
 * The model of a kubeconfig: lists of named entries, which of them a run is
 * about, and what the options change in them.  Precedence is kubectl's: an
 * option, then the file; the first file that defines a name has it whole.
 * Pure.
 */
#include "kubeconfig.h"

#include <stdio.h>
#include <string.h>

#include "lib/kubeopts.h"

#include "arena.h"

bool
is_set(const char *s)
{
	return s && *s;
}

static size_t
hash(const char *s)
{
	size_t h = 5381;

	while (*s)
		h = h * 33 + (unsigned char)*s++;
	return h % N_HASHES;
}

const char *
pairs_get(const struct pairs *p, const char *key)
{
	for (size_t i = 0; i < p->n; i++) {
		if (strcmp(p->item[i].key, key) == 0)
			return p->item[i].values.item[0];
	}
	return NULL;
}

struct entry *
entries_find(const struct entries *list, const char *name)
{
	struct entry *e = list->by_hash[hash(name)];

	while (e && strcmp(e->name, name) != 0)
		e = e->same;
	return e;
}

int
entries_add(struct entries *list, struct entry *e)
{
	struct entry **same = &list->by_hash[hash(e->name)];
	bool taken = false;

	for (; *same; same = &(*same)->same) {
		if (strcmp((*same)->name, e->name) != 0)
			continue;
		/* a file's name is one string: the pointer tells files apart */
		if ((*same)->file == e->file)
			return -1;
		taken = true;
	}
	*same = e;
	if (taken)
		return 0;
	if (list->last)
		list->last->next = e;
	else
		list->first = e;
	list->last = e;
	return 0;
}

/*
 * The entry that is meant: by option, then it must exist, or by the context.
 * Returns 0 and it, or NULL, in *found; -1 when the option's is not there.
 */
static int
pick(const struct entries *list, const char *option, const char *named,
     const char **name, const struct entry **found)
{
	*name = is_set(option) ? option : is_set(named) ? named : NULL;
	/* what names nothing means the entry without a name, if there is one */
	*found = entries_find(list, *name ? *name : "");
	return is_set(option) && !*found ? -1 : 0;
}

int
kubeconfig_choose(const struct kubeconfig *k, const struct kubeopts *o,
		  struct choice *c, char *why, size_t cap)
{
	static const struct context none;
	const struct context *context = &none;
	const struct entry *e;

	c->slip[SLIP_TOP] = k->slip;
	c->context = is_set(o->context) ? o->context : k->current_context;
	if (!is_set(c->context))
		c->context = NULL;
	e = entries_find(&k->contexts, c->context ? c->context : "");
	if (c->context && !e) {
		snprintf(why, cap, "context \"%s\": does not exist%s",
			 c->context,
			 is_set(o->context) ? "" : ", but is the current");
		return -1;
	}
	if (e) {
		context = (const struct context *)e;
		c->by = *e;
		c->slip[SLIP_CONTEXT] = e->slip;
	}
	if (pick(&k->clusters, o->cluster, context->cluster, &c->cluster_name,
		 &e) != 0) {
		snprintf(why, cap, "cluster \"%s\": does not exist",
			 c->cluster_name);
		return -1;
	}
	if (e) {
		c->cluster = *(const struct cluster *)e;
		c->slip[SLIP_CLUSTER] = e->slip;
	}
	if (pick(&k->users, o->user, context->user, &c->user_name, &e) != 0) {
		snprintf(why, cap, "user \"%s\": does not exist", c->user_name);
		return -1;
	}
	if (e) {
		c->user = *(const struct user *)e;
		c->slip[SLIP_USER] = e->slip;
	}
	c->namespace = is_set(o->namespace)         ? o->namespace
		       : is_set(context->namespace) ? context->namespace
						    : NULL;
	return 0;
}

/* An entry that was changed is no more what its file says. */
static void
override(const char **field, const char *option, struct entry *e)
{
	if (!is_set(option))
		return;
	*field = option;
	e->line = 0;
}

static void
override_cluster(struct cluster *c, const struct kubeopts *o)
{
	static const struct blob empty;

	if (is_set(o->server))
		c->tls_server_name = NULL;
	override(&c->server, o->server, &c->entry);
	override(&c->tls_server_name, o->tls_server_name, &c->entry);
	override(&c->proxy_url, o->proxy_url, &c->entry);
	if (o->insecure || is_set(o->certificate_authority)) {
		c->ca_file = NULL;
		c->ca_data = empty;
		c->insecure = o->insecure;
	}
	override(&c->ca_file, o->certificate_authority, &c->entry);
}

/* as-user-extra of the file, with the keys of the options in their place. */
static void
override_extra(struct user *u, const struct kubeopts *o, struct arena *a)
{
	struct pairs new = {0};

	if (o->n_as_user_extra == 0)
		return;
	new.item = arena_alloc(a, (u->as_user_extra.n + o->n_as_user_extra) *
				      sizeof *new.item);
	for (size_t i = 0; i < o->n_as_user_extra; i++) {
		const char *word = o->as_user_extra[i];
		const char *value = strchr(word, '=') + 1;
		const char *key =
		    arena_copy(a, word, (size_t)(value - 1 - word));
		struct pair *p = NULL;

		for (size_t j = 0; j < new.n && !p; j++) {
			if (strcmp(new.item[j].key, key) == 0)
				p = &new.item[j];
		}
		if (!p) {
			p = &new.item[new.n++];
			p->key = key;
			p->values.item =
			    arena_alloc(a, o->n_as_user_extra *
					       sizeof *p->values.item);
		}
		p->values.item[p->values.n++] = value;
	}
	for (size_t i = 0, given = new.n; i < u->as_user_extra.n; i++) {
		const struct pair *old = &u->as_user_extra.item[i];
		bool replaced = false;

		for (size_t j = 0; j < given; j++)
			replaced |= strcmp(new.item[j].key, old->key) == 0;
		if (!replaced)
			new.item[new.n++] = *old;
	}
	u->as_user_extra = new;
}

static void
override_user(struct user *u, const struct kubeopts *o, struct arena *a)
{
	static const struct blob empty;

	if (is_set(o->client_certificate))
		u->cert_data = empty;
	if (is_set(o->client_key))
		u->key_data = empty;
	override(&u->cert_file, o->client_certificate, &u->entry);
	override(&u->key_file, o->client_key, &u->entry);
	override(&u->token, o->token, &u->entry);
	override(&u->token_file, o->token_file, &u->entry);
	override(&u->as, o->as, &u->entry);
	override(&u->as_uid, o->as_uid, &u->entry);
	if (o->n_as_groups > 0) {
		u->as_groups.item = o->as_groups;
		u->as_groups.n = o->n_as_groups;
	}
	override_extra(u, o, a);
}

void
kubeconfig_override(struct choice *c, const struct kubeopts *o, struct arena *a)
{
	/* the pod's own token stands or falls as a pair */
	if (c->in_cluster && is_set(o->token))
		c->user.token_file = NULL;
	override_cluster(&c->cluster, o);
	override_user(&c->user, o, a);
}

const char *
kubeconfig_place(const struct entry *e, const char *kind, const char *name,
		 struct arena *a)
{
	if (!name)
		return kind;
	if (e->line == 0)
		return arena_format(a, "%s \"%s\"", kind, name);
	return arena_format(a, "%s: line %zu: %s \"%s\"", e->file, e->line,
			    kind, name);
}
