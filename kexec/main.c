/*
 * kexec: stdin and stdout of a command in a pod.  Options, credentials,
 * connection, session, exit status; each step has a file of its own.
 */
#include <errno.h>
#include <getopt.h>
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
#include "lib/usage.h"

#include "clock.h"
#include "conn.h"
#include "creds.h"
#include "duration.h"
#include "pump.h"
#include "session.h"
#include "status.h"
#include "target.h"
#include "upgrade.h"
#include "url.h"
#include "ws.h"

static const char help[] =
    "usage: kexec [OPTIONS] TARGET -- COMMAND [ARG...]\n"
    "Runs COMMAND in a pod, with this stdin, stdout and stderr.\n"
    "TARGET is POD, pod/POD or NAMESPACE/POD.\n"
    "\n"
    "  -c, --container NAME    the container, where the pod has several\n"
    "  -i, --stdin             accepted and ignored: stdin is forwarded\n"
    "      --no-stdin          do not read stdin, give the command none\n"
    "  -K, --record FILE       a record that kconf made before\n"
    "      --protocol NAME     auto (default), v5 or v4\n"
    "      --connect-timeout T give up connecting after T (30s)\n"
    "      --idle-timeout T    give up when no byte moved for T (0: never)\n"
    "      --ping-interval T   ask the server for life every T (30s, 0: "
    "never)\n"
    "  -q, --quiet             no warnings\n"
    "  -v, --verbose           say what is done\n"
    "\n"
    "Which cluster, and who asks, as kubectl takes it:\n"
    "  --kubeconfig --context --cluster --user -n/--namespace -s/--server\n"
    "  --token --token-file --as --as-group --as-uid --as-user-extra\n"
    "  --certificate-authority --client-certificate --client-key\n"
    "  --tls-server-name --insecure-skip-tls-verify --proxy-url\n"
    "  --request-timeout\n"
    "\n"
    "Exit: the command's own status; 126 or 127 when it cannot be run or is\n"
    "not there; 255 when its status is unknown; 2 usage.\n";

enum {
	OPT_NO_STDIN = KUBEOPT_END,
	OPT_PROTOCOL,
	OPT_CONNECT_TIMEOUT,
	OPT_IDLE_TIMEOUT,
	OPT_PING_INTERVAL,
	OPT_HELP,
	OPT_VERSION
};

static const struct option longs[] = {
    KUBEOPT_LONG,
    {"container", required_argument, NULL, 'c'},
    {"stdin", no_argument, NULL, 'i'},
    {"no-stdin", no_argument, NULL, OPT_NO_STDIN},
    {"record", required_argument, NULL, 'K'},
    {"protocol", required_argument, NULL, OPT_PROTOCOL},
    {"connect-timeout", required_argument, NULL, OPT_CONNECT_TIMEOUT},
    {"idle-timeout", required_argument, NULL, OPT_IDLE_TIMEOUT},
    {"ping-interval", required_argument, NULL, OPT_PING_INTERVAL},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0}};

struct opts {
	struct kubeopts kube;
	const char *container, *record;
	const char *offer; /* subprotocols; NULL for what fits */
	bool no_stdin, quiet;
	int verbose, connect_timeout;
	struct pump_opts pump;
	struct target target;
	char *const *command;
};

static int
take_duration(const char *name, const char *text)
{
	int ms = duration_ms(text);

	if (ms < 0)
		usage_error("--%s: %s: not a length of time", name, text);
	return ms;
}

static const char *
take_protocol(const char *text)
{
	if (strcmp(text, "auto") == 0)
		return NULL;
	if (strcmp(text, "v5") == 0)
		return WS_V5;
	if (strcmp(text, "v4") == 0)
		return WS_V4;
	usage_error("--protocol: %s: not auto, v5 or v4", text);
}

static void
take_option(struct opts *o, int c, char *const argv[])
{
	const char *why;

	switch (c) {
	case 'c':
		o->container = optarg;
		return;
	case 'i':
		return;
	case 'K':
		o->record = optarg;
		return;
	case 'q':
		o->quiet = true;
		return;
	case 'v':
		o->verbose++;
		return;
	case OPT_NO_STDIN:
		o->no_stdin = true;
		return;
	case OPT_PROTOCOL:
		o->offer = take_protocol(optarg);
		return;
	case OPT_CONNECT_TIMEOUT:
		o->connect_timeout = take_duration("connect-timeout", optarg);
		return;
	case OPT_IDLE_TIMEOUT:
		o->pump.idle_timeout = take_duration("idle-timeout", optarg);
		return;
	case OPT_PING_INTERVAL:
		o->pump.ping_interval = take_duration("ping-interval", optarg);
		return;
	case OPT_HELP:
		usage_print(help);
	case OPT_VERSION:
		usage_print("kexec " VERSION "\n");
	case '?':
	case ':':
		usage_bad_option(c, argv);
	}
	if (kubeopts_take(&o->kube, c, optarg, &why) < 0)
		usage_error("%s: %s", optarg, why);
}

/*
 * Options may stand on both sides of TARGET, as kubectl's users write them;
 * "--" ends them, and nothing behind it is looked at.
 */
static void
parse(struct opts *o, int argc, char *argv[])
{
	int c, end = 1, operands = 0;
	const char *why, *target = NULL;

	while (end < argc && strcmp(argv[end], "--") != 0)
		end++;
	memset(o, 0, sizeof *o);
	o->connect_timeout = o->pump.ping_interval = 30000;
	opterr = 0;
	/* "-": operands come in their place, as the argument of option 1 */
	while ((c = getopt_long(end, argv, "-:c:iK:qv" KUBEOPT_SHORT, longs,
				NULL)) != -1) {
		if (c != 1) {
			take_option(o, c, argv);
			continue;
		}
		if (operands++ > 0)
			usage_error("%s: a command must stand behind --",
				    optarg);
		target = optarg;
	}
	if (!target)
		usage_error("no TARGET");
	if (end + 1 >= argc)
		usage_error("no COMMAND behind --");
	o->command = argv + end + 1;
	if (o->container && !*o->container)
		usage_error("-c: empty name");
	if (target_parse(&o->target, target, o->kube.namespace, &why) != 0)
		usage_error("%s: %s", target, why);
}

/* Hides a token that was given on the command line from other users' ps. */
static void
hide_token(int argc, char *argv[])
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--token") == 0 && i + 1 < argc)
			memset(argv[i + 1], 'x', strlen(argv[i + 1]));
		else if (strncmp(argv[i], "--token=", 8) == 0)
			memset(argv[i] + 8, 'x', strlen(argv[i] + 8));
	}
}

static const char *
offer(const struct opts *o)
{
	if (o->offer)
		return o->offer;
	/* v4 cannot end stdin, so it is no choice where stdin is forwarded */
	return o->no_stdin ? WS_V5 ", " WS_V4 : WS_V5;
}

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
	struct ws_request ws = {.offer = offer(o), .deadline = deadline};
	const char *field, *fault;
	char why[512], *path, *identity = xstrdup(""), *refusal;
	struct transport *t;
	struct conn *c;
	struct url u;
	bool v4 = false;

	if (url_parse(&u, r->server, &fault) != 0)
		die(EXIT_UNKNOWN, 0, "%s: %s", r->server, fault);
	if (r->proxy_url)
		die(EXIT_UNKNOWN, 0, "%s: proxies are not supported",
		    r->proxy_url);
	if (!u.tls && (r->token || r->username || r->key))
		die(EXIT_UNKNOWN, 0,
		    "%s: will not send credentials without "
		    "TLS",
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
	char *name;
	int closed, code = EXIT_UNKNOWN, errnum = 0;

	err_init("kexec", EXIT_UNKNOWN);
	closed = io_hold_std();
	parse(&o, argc, argv);
	if (closed < 0 || closed & 2)
		die(EXIT_UNKNOWN, EBADF, "stdout");
	signal(SIGPIPE, SIG_IGN);
	if (o.record)
		creds_read(&r, o.record);
	else
		creds_resolve(&r, &o.kube);
	hide_token(argc, argv);
	if (!o.target.namespace)
		o.target.namespace =
		    xstrdup(r.namespace ? r.namespace : "default");
	name = xasprintf("%s/%s", o.target.namespace, o.target.pod);
	t = open_stream(&o, &r, name);
	record_wipe(&r);

	o.pump.stdin_closed = closed & 1;
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
	case PUMP_OUTPUT:
		warn(errnum, "stdout");
		break;
	}
	t->ops->close(t);
	session_free(&s);
	target_free(&o.target);
	kubeopts_free(&o.kube);
	free(name);
	return code;
}
