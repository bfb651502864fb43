/*
 * kexec: stdin and stdout of a command in a pod.  Options, credentials,
 * connection, session, exit status; each step has a file of its own.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/kubeopts.h"
#include "lib/mem.h"
#include "lib/record.h"

#include "clock.h"
#include "conn.h"
#include "creds.h"
#include "opts.h"
#include "pump.h"
#include "session.h"
#include "status.h"
#include "target.h"
#include "upgrade.h"
#include "url.h"
#include "ws.h"

/* Connects, asks for the command and gives the stream; or ends the process. */
static struct transport *
open_stream(const struct opts *o, const struct record *r, const char *name)
{
	int64_t deadline =
	    o->connect_timeout ? clock_ms() + o->connect_timeout : -1;
	struct exec_request ask = {.namespace = o->target.namespace,
				   .pod = o->target.pod,
				   .container = o->container,
				   .command = o->command,
				   .stdin_wanted = !o->no_stdin};
	struct ws_request ws = {.offer = o->offer, .deadline = deadline};
	const char *field, *fault;
	char why[512], *path, *identity = xstrdup(""), *refusal;
	struct transport *t;
	struct conn *c;
	struct url u;
	bool v4 = false;

	/* either address may hold a password, and is not shown before that is
	 * known to be otherwise */
	if (url_parse(&u, r->server, &fault) != 0)
		die(EXIT_UNKNOWN, 0, "server: %s", fault);
	if (r->proxy_url)
		die(EXIT_UNKNOWN, 0, "proxy-url: proxies are not supported");
	if (!u.tls && (r->token || r->username || r->key))
		die(EXIT_UNKNOWN, 0, "%s: no TLS, so no credentials go there",
		    r->server);
	if (upgrade_identity(&identity, r, &field) != 0)
		die(EXIT_UNKNOWN, 0, "%s: holds a byte that no header can",
		    field);
	ask.prefix = u.prefix;
	path = target_path(&ask);
	ws.hostname = u.hostname;
	ws.path = path;
	ws.identity = identity;
	if (o->verbose)
		warn(0, "%s: connecting", r->server);
	c = conn_open(&u, r, deadline, why, sizeof why);
	if (!c)
		die(EXIT_UNKNOWN, 0, "%s: %s", r->server, why);
	t = ws_open(c, &ws, &v4, &refusal);
	wipe_str(identity);
	if (!t)
		die(EXIT_UNKNOWN, 0, "%s: %s", name, refusal);
	if (o->verbose)
		warn(0, "%s: %s", name, v4 ? WS_V4 : WS_V5);
	if (v4 && !o->no_stdin && !o->quiet)
		warn(0,
		     "%s: " WS_V4 " cannot tell the command that stdin "
		     "ended",
		     name);
	free(path);
	url_free(&u);
	return t;
}

/* Ends as a program does that writes to a pipe nobody reads. */
static _Noreturn void
die_of_sigpipe(void)
{
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
	exit(EXIT_UNKNOWN);
}

/* Says what there is to say about the verdict; the exit code. */
static int
conclude(const struct session *s, const struct opts *o, const char *name)
{
	const struct verdict *v = &s->verdict;

	switch (v->kind) {
	case VERDICT_EXITED:
		break;
	case VERDICT_FAILED:
		warn(0, "%s: %s", name, v->message);
		break;
	case VERDICT_NONE:
	case VERDICT_FAULT:
		warn(0, "%s: exit status unknown: %s", name,
		     v->message ? v->message : "no status");
		return EXIT_UNKNOWN;
	}
	if (o->verbose)
		warn(0, "%s: exit status %d, %llu bytes sent, %llu received",
		     name, v->code, (unsigned long long)s->sent,
		     (unsigned long long)s->received);
	return v->code;
}

int
main(int argc, char *argv[])
{
	struct opts o;
	struct record r;
	struct session s;
	struct transport *t;
	char *name, *words;
	size_t words_len;
	int closed, code = EXIT_UNKNOWN, errnum = 0;

	err_init("kexec", EXIT_UNKNOWN);
	closed = io_hold_std();
	opts_parse(&o, argc, argv);
	if (closed < 0 || closed & 2)
		die(EXIT_UNKNOWN, EBADF, "stdout");
	signal(SIGPIPE, SIG_IGN);
	/* ignored, it would take kconf's status away */
	signal(SIGCHLD, SIG_DFL);
	if (!o.record) {
		words = kubeopts_words(&o.kube, &words_len);
		opts_hide_token(argc, argv);
		creds_resolve(&r, words, words_len);
	} else {
		opts_hide_token(argc, argv);
		creds_read(&r, o.record);
	}
	if (!o.target.namespace)
		o.target.namespace =
		    xstrdup(r.namespace ? r.namespace : "default");
	name = xasprintf("%s/%s", o.target.namespace, o.target.pod);
	t = open_stream(&o, &r, name);
	record_wipe(&r);

	o.pump.stdin_closed = closed & 1;
	o.pump.stderr_closed = closed & 4;
	session_init(&s, !o.no_stdin);
	switch (pump_run(t, &s, &o.pump, &errnum)) {
	case PUMP_ENDED:
		code = conclude(&s, &o, name);
		if (close(STDOUT_FILENO) != 0) {
			warn(errno, "stdout");
			code = EXIT_UNKNOWN;
		}
		break;
	case PUMP_READER_GONE:
		die_of_sigpipe();
	case PUMP_STDIN:
		warn(errnum, "stdin");
		break;
	case PUMP_STDOUT:
		warn(errnum, "stdout");
		break;
	case PUMP_STDERR:
		warn(errnum, "stderr");
		break;
	}
	t->ops->close(t);
	session_free(&s);
	target_free(&o.target);
	kubeopts_free(&o.kube);
	free(name);
	return code;
}
