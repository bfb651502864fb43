/*
 * The command line of kexec.
 */
#include "opts.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/duration.h"
#include "lib/usage.h"

#include "bucket.h"
#include "tty.h"

static const char help[] =
    "usage: kexec [OPTIONS] TARGET -- COMMAND [ARG...]\n"
    "Runs COMMAND in a pod, with this stdin, stdout and stderr.\n"
    "TARGET is POD, NAMESPACE/POD, or TYPE/NAME with a type that has pods:\n"
    "pod, deploy, rs, sts, ds, job, rc, svc.\n"
    "\n"
    "  -c, --container NAME    the container (the pod's default)\n"
    "  -i, --stdin             accepted and ignored: stdin is forwarded\n"
    "  -t, --tty               a terminal for the command, on this one\n"
    "      --no-stdin          do not read stdin, give the command none\n"
    "      --escape-stderr     of its stderr only what drives no terminal\n"
    "  -K, --record FILE       a record that kconf made before\n"
    "      --debug-image IMAGE run it in an ephemeral container, called NAME\n"
    "      --target CONTAINER  whose processes that one sees (the default)\n"
    "      --debug-user UID[:GID]   who it is there (as the target)\n"
    "      --protocol NAME     auto (default), spdy, v5 or v4\n"
    "      --connect-timeout T give up connecting after T (30s)\n"
    "      --pod-running-timeout T   wait for a pod, for --debug-image (1m0s)\n"
    "      --idle-timeout T    give up when no byte moved for T (0: never)\n"
    "      --ping-interval T   ask the server for life every T (30s, 0: "
    "never)\n"
    "      --status-fd N       events on descriptor N, a JSON object a line\n"
    "      --bwlimit RATE      KiB/s each way; K, M, G (0: no limit)\n"
    "      --progress          draw bytes, rate and time on stderr\n"
    "      --expect BYTES|FILE how many will go, for the time left\n"
    "      --line FILE         share the line of --progress by FILE\n"
    "  -q, --quiet             no warnings\n"
    "  -v, --verbose           say what is done\n"
    "\n"
    "Which cluster, and who asks, as kubectl takes it:\n"
    "  --kubeconfig --context --cluster --user -n/--namespace -s/--server\n"
    "  --token --token-file --as --as-group --as-uid --as-user-extra\n"
    "  --certificate-authority --client-certificate --client-key\n"
    "  --tls-server-name --insecure-skip-tls-verify --proxy-url\n"
    "  --kuberc --request-timeout\n"
    "\n"
    "Exit: the command's own status; 126 or 127 when it cannot be run or is\n"
    "not there; 255 when its status is unknown; 2 usage.\n";

enum {
	OPT_NO_STDIN = KUBEOPT_END,
	OPT_ESCAPE_STDERR,
	OPT_DEBUG_IMAGE,
	OPT_TARGET,
	OPT_DEBUG_USER,
	OPT_PROTOCOL,
	OPT_CONNECT_TIMEOUT,
	OPT_POD_RUNNING_TIMEOUT,
	OPT_IDLE_TIMEOUT,
	OPT_PING_INTERVAL,
	OPT_STATUS_FD,
	OPT_PROGRESS,
	OPT_EXPECT,
	OPT_LINE,
	OPT_BWLIMIT,
	OPT_HELP,
	OPT_VERSION
};

static const struct option longs[] = {
    KUBEOPT_LONG,
    {"container", required_argument, NULL, 'c'},
    {"stdin", no_argument, NULL, 'i'},
    {"tty", no_argument, NULL, 't'},
    {"no-stdin", no_argument, NULL, OPT_NO_STDIN},
    {"escape-stderr", no_argument, NULL, OPT_ESCAPE_STDERR},
    {"record", required_argument, NULL, 'K'},
    {"debug-image", required_argument, NULL, OPT_DEBUG_IMAGE},
    {"target", required_argument, NULL, OPT_TARGET},
    {"debug-user", required_argument, NULL, OPT_DEBUG_USER},
    {"protocol", required_argument, NULL, OPT_PROTOCOL},
    {"connect-timeout", required_argument, NULL, OPT_CONNECT_TIMEOUT},
    {"pod-running-timeout", required_argument, NULL, OPT_POD_RUNNING_TIMEOUT},
    {"idle-timeout", required_argument, NULL, OPT_IDLE_TIMEOUT},
    {"ping-interval", required_argument, NULL, OPT_PING_INTERVAL},
    {"status-fd", required_argument, NULL, OPT_STATUS_FD},
    {"bwlimit", required_argument, NULL, OPT_BWLIMIT},
    {"progress", no_argument, NULL, OPT_PROGRESS},
    {"expect", required_argument, NULL, OPT_EXPECT},
    {"line", required_argument, NULL, OPT_LINE},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0}};

static int
take_duration(const char *name, const char *text)
{
	int ms = duration_ms(text);

	if (ms < 0)
		usage_error("--%s: %s: not a length of time", name, text);
	return ms;
}

/* A descriptor that is open for writing, and is none of the standard ones. */
static int
take_descriptor(const char *name, const char *text)
{
	char *end;
	unsigned long n;
	int flags;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || n > INT_MAX)
		usage_error("--%s: %s: not a descriptor", name, text);
	if (n <= STDERR_FILENO)
		usage_error("--%s: %s: is stdin, stdout or stderr", name, text);
	flags = fcntl((int)n, F_GETFL);
	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY || flags & O_PATH)
		usage_error("--%s: %s: not open for writing", name, text);
	return (int)n;
}

/* One number of UID[:GID] up to end, or to the end of the text; -1. */
static long
user_number(const char *text, char end, const char **rest)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 10 || (text[n] && text[n] != end))
		return -1;
	*rest = text + n;
	return strtol(text, NULL, 10);
}

static void
take_user(struct opts *o, const char *text)
{
	const char *rest = "";

	o->debug_user = user_number(text, ':', &rest);
	o->debug_group = *rest ? user_number(rest + 1, '\0', &rest) : -1;
	if (o->debug_user < 0 || *rest || o->debug_user > INT_MAX ||
	    o->debug_group > INT_MAX)
		usage_error("--debug-user: %s: not UID[:GID]", text);
}

static uint64_t
take_rate(const char *text)
{
	int64_t rate = bucket_rate(text);

	if (rate < 0)
		usage_error("--bwlimit: %s: not a rate", text);
	return (uint64_t)rate;
}

static enum protocol
take_protocol(const char *text)
{
	static const char *const names[] = {[PROTOCOL_AUTO] = "auto",
					    [PROTOCOL_SPDY] = "spdy",
					    [PROTOCOL_V5] = "v5",
					    [PROTOCOL_V4] = "v4"};

	for (int i = PROTOCOL_AUTO; i <= PROTOCOL_V4; i++) {
		if (strcmp(text, names[i]) == 0)
			return (enum protocol)i;
	}
	usage_error("--protocol: %s: not auto, spdy, v5 or v4", text);
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
	case 't':
		o->tty = true;
		return;
	case 'v':
		o->verbose++;
		return;
	case OPT_NO_STDIN:
		o->no_stdin = true;
		return;
	case OPT_ESCAPE_STDERR:
		o->pump.escaped = true;
		return;
	case OPT_DEBUG_IMAGE:
		o->debug_image = optarg;
		return;
	case OPT_DEBUG_USER:
		take_user(o, optarg);
		return;
	case OPT_TARGET:
		o->debug_target = optarg;
		return;
	case OPT_PROTOCOL:
		o->protocol = take_protocol(optarg);
		return;
	case OPT_CONNECT_TIMEOUT:
		o->connect_timeout = take_duration("connect-timeout", optarg);
		return;
	case OPT_POD_RUNNING_TIMEOUT:
		o->pod_running_timeout =
		    take_duration("pod-running-timeout", optarg);
		if (o->pod_running_timeout == 0)
			usage_error("--pod-running-timeout: %s: must be higher "
				    "than zero",
				    optarg);
		return;
	case OPT_IDLE_TIMEOUT:
		o->pump.idle_timeout = take_duration("idle-timeout", optarg);
		return;
	case OPT_PING_INTERVAL:
		o->pump.ping_interval = take_duration("ping-interval", optarg);
		return;
	case OPT_STATUS_FD:
		o->status_fd = take_descriptor("status-fd", optarg);
		return;
	case OPT_BWLIMIT:
		o->pump.bwlimit = take_rate(optarg);
		return;
	case OPT_PROGRESS:
		o->pump.shown.progress = true;
		return;
	case OPT_EXPECT:
		if (!expect_parse(&o->pump.shown.expect, optarg))
			usage_error("--expect: %s: not a number of bytes, or a "
				    "file by a path with / or . in front",
				    optarg);
		return;
	case OPT_LINE:
		o->pump.shown.line = optarg;
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
void
opts_parse(struct opts *o, int argc, char *argv[])
{
	int c, end = 1, operands = 0;
	const char *why, *target = NULL;

	while (end < argc && strcmp(argv[end], "--") != 0)
		end++;
	memset(o, 0, sizeof *o);
	o->connect_timeout = o->pump.ping_interval = 30000;
	o->pod_running_timeout = 60000;
	o->status_fd = -1;
	o->debug_user = o->debug_group = -1;
	opterr = 0;
	/* "-": operands come in their place, as the argument of option 1 */
	while ((c = getopt_long(end, argv, "-:c:iK:qtv" KUBEOPT_SHORT, longs,
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
	if (o->tty && o->no_stdin)
		usage_error("-t: not with --no-stdin");
	if (o->tty && (why = tty_fault()) != NULL)
		usage_error("-t: %s", why);
	if (o->container && !*o->container)
		usage_error("-c: empty name");
	if (o->debug_image && !*o->debug_image)
		usage_error("--debug-image: empty name");
	if (o->debug_target && !o->debug_image)
		usage_error("--target: only with --debug-image");
	if (o->debug_user >= 0 && !o->debug_image)
		usage_error("--debug-user: only with --debug-image");
	if (target_parse(&o->target, target, o->kube.namespace, &why) != 0)
		usage_error("%s: %s", target, why);
}
