/*
 * kconf: from kubeconfigs to the one record that the other tools take.
 * Options, files, choice, record, print; then everything is wiped.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/record.h"
#include "lib/usage.h"

#include "args.h"
#include "arena.h"
#include "check.h"
#include "files.h"
#include "gather.h"
#include "incluster.h"
#include "kubeconfig.h"
#include "print.h"
#include "url.h"

enum { EXIT_UNRESOLVED = 1 };

/* Secrets are not for screens, and not for core files. */
static void
guard(const struct args *a)
{
	static const struct rlimit none;
	int closed = io_hold_std();

	if (closed < 0)
		die(EXIT_UNRESOLVED, errno, "/dev/null");
	if (closed & 2)
		die(EXIT_UNRESOLVED, EBADF, "stdout");
	/* the limit does not hold for a program that takes core files */
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0);
	if (!a->list && !a->redact && !a->raw_to_terminal &&
	    print_is_secret(a->format) && isatty(STDOUT_FILENO))
		usage_error("stdout: a terminal is no place for secrets; see "
			    "--redact and --raw-to-terminal");
}

/* Nothing was named, neither by option nor by file. */
static bool
is_open(const struct choice *c)
{
	return !c->context && !c->cluster_name && !c->user_name &&
	       !c->cluster.entry.name;
}

static int
nothing_chosen(const struct choice *c, int files, const char *where,
	       struct arena *a)
{
	const char *slip = gather_slip(&c->slip[SLIP_TOP], a);

	if (files == 0)
		warn(0, "%s: no kubeconfig there, and this is no pod", where);
	else
		warn(0, "no context: neither --context nor current-context%s%s",
		     slip ? ": " : "", slip ? slip : "");
	return -1;
}

static int
choose(struct choice *c, const struct kubeconfig *k, int files,
       const char *where, const struct args *args, struct arena *a)
{
	char why[1024];

	if (kubeconfig_choose(k, &args->kube, c, why, sizeof why) != 0) {
		warn(0, "%s: %s", where, why);
		return -1;
	}
	if (is_open(c) && !is_set(args->kube.server) && !incluster_choose(c, a))
		return nothing_chosen(c, files, where, a);
	if (!c->namespace)
		c->namespace = incluster_namespace(a);
	if (!c->namespace)
		c->namespace = "default";
	if (!c->quiet && is_set(args->kube.token) &&
	    is_set(c->user.token_file) && !c->in_cluster)
		warn(0, "--token: not used, since the user has a tokenFile");
	kubeconfig_override(c, &args->kube, a);
	if (check_choice(c, a, why, sizeof why) != 0) {
		warn(0, "%s", why);
		return -1;
	}
	return 0;
}

/* What may be said of a choice that works. */
static void
comment(const struct choice *c, const struct record *r, const struct args *args,
	struct arena *a)
{
	if (args->verbose)
		warn(0, "context \"%s\", cluster \"%s\", user \"%s\": %s",
		     r->context, r->cluster, r->user, r->server);
	if (args->verbose && r->proxy_url)
		warn(0, "proxy %s%s", url_without_user(a, r->proxy_url),
		     is_set(c->cluster.proxy_url) ? ""
						  : ", of the environment");
	for (size_t i = 0; !c->quiet && i < N_SLIPS; i++) {
		if (c->slip[i].key)
			warn(0, "%s", gather_slip(&c->slip[i], a));
	}
}

/* The text to print, or NULL after having said what is wrong. */
static char *
resolve(const struct args *args, struct arena *a)
{
	struct kubeconfig k = {0};
	struct choice c = {.quiet = args->quiet,
			   .verbose = args->verbose,
			   .cache = args->cache,
			   .kuberc = args->kube.kuberc};
	struct record r = {0};
	struct origins from = {0};
	const char *where;
	char *text = NULL;
	int files;

	files = files_load(&k, a, args->kube.kubeconfig, &where);
	if (files < 0)
		return NULL;
	if (args->list && files == 0) {
		warn(0, "%s: no kubeconfig there", where);
		return NULL;
	}
	if (args->list)
		return print_list(&k);
	if (choose(&c, &k, files, where, args, a) == 0 &&
	    gather(&r, &from, &c, a) == 0) {
		comment(&c, &r, args, a);
		text = print_record(args->format, &r, &from, args->redact);
	}
	record_wipe(&r);
	return text;
}

/* What is to be forgotten at the end, whichever way that comes. */
struct state {
	struct args args;
	struct arena arena;
	char *text;
	sigset_t mask; /* as we were given it */
};

/* Wipes all that may be secret; then we die of a signal that had to wait. */
static void
forget(int status, void *arg)
{
	struct state *s = arg;

	(void)status;
	wipe_str(s->text);
	arena_wipe(&s->arena);
	args_wipe(&s->args);
	wipe_stack();
	(void)sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

/* Whether we are to die of a signal that waits. */
static bool
is_fatal(const struct state *s, int sig)
{
	struct sigaction action;
	sigset_t waits;

	return sigpending(&waits) == 0 && sigismember(&waits, sig) &&
	       !sigismember(&s->mask, sig) &&
	       sigaction(sig, NULL, &action) == 0 &&
	       action.sa_handler != SIG_IGN;
}

/* Prints the text; a signal that this brings has to wait, too. */
static int
put(const struct state *s)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGPIPE);
	sigaddset(&ends, SIGXFSZ);
	(void)sigprocmask(SIG_BLOCK, &ends, NULL);
	if (io_write_full(STDOUT_FILENO, s->text, strlen(s->text)) == 0 &&
	    close(STDOUT_FILENO) == 0)
		return EXIT_SUCCESS;
	/* whoever dies of it need not say it; errno is that of the write */
	if (!is_fatal(s, SIGPIPE) && !is_fatal(s, SIGXFSZ))
		warn(errno, "stdout");
	return EXIT_UNRESOLVED;
}

int
main(int argc, char *argv[])
{
	struct state s = {0};
	const struct args *a = &s.args;
	int status = EXIT_UNRESOLVED;

	err_init("kconf", EXIT_UNRESOLVED);
	(void)sigprocmask(SIG_BLOCK, NULL, &s.mask);
	/* s is there as long as main has not returned, and it never does */
	if (on_exit(forget, &s) != 0)
		die(EXIT_UNRESOLVED, ENOMEM, "memory");
	args_take(&s.args, argc, argv);
	guard(a);
	s.text = resolve(a, &s.arena);
	/* names are whatever the kubeconfig says; the rest is escaped already
	 */
	if (s.text && !a->list && !a->redact && !a->raw_to_terminal &&
	    isatty(STDOUT_FILENO))
		s.text = print_for_terminal(s.text);
	if (s.text)
		status = put(&s);
	exit(status);
}
