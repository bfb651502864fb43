/*
 * Exec credential plugins: which program, what it is told, and what comes of
 * it.  No shell is in between, and no secret in its arguments.
 */
#include "plugin.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/mem.h"

#include "arena.h"
#include "cache.h"
#include "child.h"
#include "execcred.h"
#include "files.h"
#include "kubeconfig.h"
#include "kuberc.h"
#include "path.h"
#include "program.h"

extern char **environ;

static const char info_name[] = "KUBERNETES_EXEC_INFO";
static const char limit_name[] = "KPIPE_PLUGIN_TIMEOUT";

/* A login in a browser takes its time, too. */
enum { DEFAULT_SECONDS = 300, MAX_SECONDS = 86400 };

/* The seconds that a plugin may take, or -1. */
static int
limit(void)
{
	const char *s = getenv(limit_name);
	char *end;
	long n;

	if (!is_set(s))
		return DEFAULT_SECONDS;
	n = strtol(s, &end, 10);
	if (strspn(s, "0123456789") != strlen(s) || n > MAX_SECONDS) {
		warn(0, "%s: \"%s\": not a number of seconds", limit_name, s);
		return -1;
	}
	return (int)n;
}

/* Sets a variable, in a list that has room for it. */
static void
set(char **envp, const char *name, const char *value, struct arena *a)
{
	char *text = arena_format(a, "%s=%s", name, value);
	size_t n = strcspn(text, "=") + 1, kept = 0;

	for (char **e = envp; *e; e++) {
		if (strncmp(*e, text, n) != 0)
			envp[kept++] = *e;
	}
	envp[kept++] = text;
	envp[kept] = NULL;
}

/* Ours, then the plugin's of which the later wins, then what it is told. */
static char **
environment(const struct plugin *p, const char *info, struct arena *a)
{
	size_t n = 0;
	char **envp;

	while (environ[n])
		n++;
	envp = arena_alloc(a, (n + p->env.n + 2) * sizeof *envp);
	memcpy(envp, environ, n * sizeof *envp);
	for (size_t i = 0; i < p->env.n; i++)
		set(envp, p->env.item[i].key, p->env.item[i].values.item[0], a);
	set(envp, info_name, info, a);
	return envp;
}

static char **
arguments(const struct plugin *p, const char *command, struct arena *a)
{
	char **argv = arena_alloc(a, (p->args.n + 2) * sizeof *argv);

	argv[0] = arena_format(a, "%s", command);
	for (size_t i = 0; i < p->args.n; i++)
		argv[i + 1] = arena_format(a, "%s", p->args.item[i]);
	return argv;
}

/* How it ended, if that is no answer. */
static int
explain(const struct plugin *p, const char *place, const struct child *c,
	enum child_end end, int code)
{
	bool hint = is_set(p->install_hint);

	switch (end) {
	case CHILD_EXITED:
		if (code == 0)
			return 0;
		warn(0, "%s: failed with exit code %d", place, code);
		break;
	case CHILD_SIGNALLED:
		warn(0, "%s: killed by signal %d", place, code);
		break;
	case CHILD_STOPPED:
		warn(0, "%s: stopped by signal %d, and killed", place, code);
		break;
	case CHILD_LATE:
		warn(0, "%s: no answer after %d seconds (%s), and killed",
		     place, c->seconds, limit_name);
		break;
	case CHILD_LOUD:
		warn(0, "%s: printed more than %zu bytes, and was killed",
		     place, c->max);
		break;
	case CHILD_CUT:
		break;
	case CHILD_FAILED:
		warn(0, "%s: %s%s%s", place,
		     code == ENOENT ? "executable not found" : strerror(code),
		     hint ? ": " : "", hint ? p->install_hint : "");
		break;
	}
	return -1;
}

/* Asks the user's policy; path is where the plugin is, or NULL.  Returns 0, or
 * -1 when something was said. */
static int
permit(const struct choice *c, const char *place, const char *path,
       struct arena *a)
{
	struct kuberc k = {0};
	const char *why;

	if (files_kuberc(&k, a, c->kuberc) != 0)
		return -1;
	why = kuberc_refusal(&k, path_clean(a, c->user.plugin->command), path,
			     program_find, a);
	if (why)
		warn(0, "%s: not allowed: %s", place, why);
	return why ? -1 : 0;
}

/* What is to be run; -1 when something was said. */
static int
prepare(struct child *child, const struct choice *c, const char *place,
	const char *ca, bool interactive, struct arena *a)
{
	const struct plugin *p = c->user.plugin;
	const char *command = path_clean(a, p->command);
	char *info;
	int code;

	child->keep_stdin = interactive;
	child->max = EXECCRED_MAX_BYTES;
	child->seconds = limit();
	if (child->seconds < 0)
		return -1;
	child->path = program_find(a, command);
	code = errno;
	/* before what it once gave is looked for; and what is not allowed is
	 * not to be installed either */
	if (permit(c, place, child->path, a) != 0)
		return -1;
	if (!child->path)
		return explain(p, place, child, CHILD_FAILED, code);
	info = execcred_request(c, ca, interactive);
	if (!info) {
		warn(0, "%s: provideClusterInfo: not UTF-8", place);
		return -1;
	}
	child->argv = arguments(p, command, a);
	child->envp = environment(p, info, a);
	wipe_str(info);
	return 0;
}

/* Runs it and reads what it prints; -1 when something was said. */
static int
run(struct execcred *cred, const struct child *child, const struct choice *c,
    const char *place, struct arena *a)
{
	const struct plugin *p = c->user.plugin;
	char why[512], *out;
	enum child_end end;
	size_t len;
	int code, rc;

	end = child_run(child, &out, &len, &code);
	rc = explain(p, place, child, end, code);
	if (rc == 0) {
		rc = execcred_read(cred, a, p->api_version, out, len, why,
				   sizeof why);
		if (rc != 0)
			warn(0, "%s: %s", place, why);
	}
	wipe_free(out, len);
	return rc;
}

/* The credential that is kept, or that the plugin makes. */
static int
obtain(struct execcred *cred, const struct child *child, const struct choice *c,
       const char *place, struct arena *a)
{
	const struct plugin *p = c->user.plugin;
	struct cache cache = {.quiet = c->quiet, .verbose = c->verbose};
	int rc = 0;

	if (!c->cache || cache_open(&cache, child, p->api_version) != 0)
		return run(cred, child, c, place, a);
	if (!cache_get(&cache, cred, a)) {
		rc = run(cred, child, c, place, a);
		if (rc == 0)
			cache_put(&cache, cred);
	}
	cache_close(&cache);
	return rc;
}

/* Whether it may talk to the user: 1 or 0; -1 where it must and cannot. */
static int
may_interact(const struct plugin *p)
{
	const char *mode = p->interactive_mode;

	if (is_set(mode) && strcmp(mode, "Never") == 0)
		return 0;
	if (isatty(STDIN_FILENO))
		return 1;
	return is_set(mode) && strcmp(mode, "Always") == 0 ? -1 : 0;
}

static struct blob
blob(const char *text)
{
	return (struct blob){.data = text, .len = text ? strlen(text) : 0};
}

int
plugin_ask(struct user *u, const char **expires, const struct choice *c,
	   const char *ca, struct arena *a)
{
	const struct plugin *p = c->user.plugin;
	const char *place =
	    arena_format(a, "%s: exec plugin \"%s\"",
			 kubeconfig_place(&c->user.entry, "user", c->user_name,
					  a),
			 p->command);
	int interactive = may_interact(p);
	struct child child = {0};
	struct execcred cred;

	if (interactive < 0) {
		warn(0,
		     "%s: cannot support interactive mode: standard input is "
		     "not a terminal",
		     place);
		return -1;
	}
	if (prepare(&child, c, place, ca, interactive == 1, a) != 0 ||
	    obtain(&cred, &child, c, place, a) != 0)
		return -1;
	if (cred.expires && cred.expires_at <= (long long)time(NULL) &&
	    !c->quiet)
		warn(0, "%s: its credential expired at %s", place,
		     cred.expires);
	*expires = cred.expires;
	u->token = cred.token;
	u->key_file = NULL;
	u->cert_data = blob(cred.cert);
	u->key_data = blob(cred.key);
	return 0;
}
