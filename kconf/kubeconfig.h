#ifndef KCONF_KUBECONFIG_H
#define KCONF_KUBECONFIG_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct kubeopts;
struct node;

/*
 * The model: what kubeconfigs say, in the words of kubectl's types.  Strings
 * live in an arena; NULL and "" both mean "not set".
 */

struct blob {
	const char *data; /* a NUL is behind it, and may be in it */
	size_t len;
	/* where this is set, data is not yet: it is len bytes in good base64,
	 * since of many such few are wanted */
	const char *base64;
};

struct strings {
	const char **item;
	size_t n;
};

/* A key with its values: as-user-extra; one value each: plugin variables and
 * provider settings. */
struct pair {
	const char *key;
	struct strings values;
};

struct pairs {
	struct pair *item;
	size_t n;
};

/* A key that is a field's name but for its case, which kubectl passes over. */
struct slip {
	const char *key, *right; /* key is NULL when there is none */
	const char *file;
	size_t line;
};

/* What clusters, users and contexts have in common. */
struct entry {
	const char *name, *file;
	size_t line; /* from 1; 0 when options changed it, or in no file */
	struct slip slip;
	struct entry *next;
	struct entry *same; /* the next of this hash, other files' too */
};

struct cluster {
	struct entry entry;
	const char *server, *tls_server_name, *proxy_url, *ca_file;
	struct blob ca_data;
	bool insecure, disable_compression;
	const struct node *exec_config; /* for exec plugins, or NULL */
};

/* An exec credential plugin. */
struct plugin {
	const char *api_version, *command, *interactive_mode, *install_hint;
	struct strings args;
	struct pairs env;
	bool provide_cluster_info;
};

/* An auth-provider. */
struct provider {
	const char *name;
	struct pairs config;
};

struct user {
	struct entry entry;
	const char *cert_file, *key_file;
	struct blob cert_data, key_data;
	const char *token, *token_file, *username, *password;
	const char *as, *as_uid;
	struct strings as_groups;
	struct pairs as_user_extra;
	struct plugin *plugin;
	struct provider *provider;
};

struct context {
	struct entry entry;
	const char *cluster, *user, *namespace;
};

enum { N_HASHES = 4096 };

/* In the order of the files, and by the hash of the name. */
struct entries {
	struct entry *first, *last;
	struct entry *by_hash[N_HASHES];
};

/* All files together; an empty one is all zero. */
struct kubeconfig {
	struct entries clusters, users, contexts;
	const char *current_context;
	struct slip slip; /* outside of the entries */
};

/* Where a slip was made that may matter to a choice. */
enum { SLIP_TOP, SLIP_CONTEXT, SLIP_CLUSTER, SLIP_USER, N_SLIPS };

/* The one cluster and user that a run is about. */
struct choice {
	const char *context;      /* NULL when none was named or found */
	struct entry by;          /* the context, which names the rest */
	const char *cluster_name; /* as above */
	const char *user_name;
	const char *namespace;  /* of the option or the context, or NULL */
	struct cluster cluster; /* with the options applied */
	struct user user;
	struct slip slip[N_SLIPS];
	const char *kuberc; /* of the option, or NULL */
	bool in_cluster;
	bool quiet;   /* no warnings */
	bool verbose; /* what is done is said */
	bool cache;   /* what a plugin gives may be kept */
};

/* Whether s is neither NULL nor "". */
bool is_set(const char *s);

/* The value of key, in pairs that have one each; NULL where it is not. */
const char *pairs_get(const struct pairs *p, const char *key);

/* The first entry called name, or NULL. */
struct entry *entries_find(const struct entries *list, const char *name);

/*
 * Appends e, which must live as long as the list.  The first file that
 * defines a name has it: an entry that another file defined before is left
 * out.  Returns 0, or -1 when the same file has the name already.
 */
int entries_add(struct entries *list, struct entry *e);

/*
 * Picks context, cluster and user, by option or by current-context, into c,
 * which is empty before.  Nothing is applied yet.  Returns 0; or -1 and in
 * why what was asked for and is not there.
 */
int kubeconfig_choose(const struct kubeconfig *k, const struct kubeopts *o,
		      struct choice *c, char *why, size_t cap);

/*
 * Applies the options that override single fields: a server clears the TLS
 * server name, a CA the insecure flag and the other form, and so on, as
 * kubectl does it.  Lists that are new live in a.
 */
void kubeconfig_override(struct choice *c, const struct kubeopts *o,
			 struct arena *a);

/*
 * Where an entry is and what it is called, for messages, in a: its file and
 * line, unless options changed it, then kind and name.
 */
const char *kubeconfig_place(const struct entry *e, const char *kind,
			     const char *name, struct arena *a);

#endif
