/*
 * The command line of kpods.
 */
#include "opts.h"

#include <getopt.h>
#include <string.h>

#include "lib/apipath.h"
#include "lib/duration.h"
#include "lib/usage.h"
#include "lib/workload.h"

static const char help[] =
    "usage: kpods [OPTIONS] [TYPE/NAME]\n"
    "Prints the pods that are ready, NAMESPACE/POD, a line each, sorted.\n"
    "TYPE is pod, deploy, rs, sts, ds, job, rc or svc.\n"
    "\n"
    "  -l, --selector S        those with such labels\n"
    "      --field-selector S  those with such fields\n"
    "  -A, --all-namespaces    of all namespaces\n"
    "  -0, --null              a NUL behind each, not a newline\n"
    "  -K, --record FILE       a record that kconf made before\n"
    "      --connect-timeout T give up when an answer takes longer (30s)\n"
    "  -q, --quiet             do not say that there is none\n"
    "  -v, --verbose           say what is done\n"
    "\n"
    "Which cluster, and who asks, as kubectl takes it:\n"
    "  --kubeconfig --context --cluster --user -n/--namespace -s/--server\n"
    "  --token --token-file --as --as-group --as-uid --as-user-extra\n"
    "  --certificate-authority --client-certificate --client-key\n"
    "  --tls-server-name --insecure-skip-tls-verify --proxy-url\n"
    "  --kuberc --request-timeout\n"
    "\n"
    "Exit: 0 there is one; 1 there is none; 2 failed, or usage.\n";

enum {
	OPT_FIELD_SELECTOR = KUBEOPT_END,
	OPT_CONNECT_TIMEOUT,
	OPT_HELP,
	OPT_VERSION
};

static const struct option longs[] = {
    KUBEOPT_LONG,
    {"selector", required_argument, NULL, 'l'},
    {"field-selector", required_argument, NULL, OPT_FIELD_SELECTOR},
    {"all-namespaces", no_argument, NULL, 'A'},
    {"null", no_argument, NULL, '0'},
    {"record", required_argument, NULL, 'K'},
    {"connect-timeout", required_argument, NULL, OPT_CONNECT_TIMEOUT},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0}};

static void
take_option(struct opts *o, int c, char *const argv[])
{
	const char *why;

	switch (c) {
	case 'l':
		o->selector = optarg;
		return;
	case OPT_FIELD_SELECTOR:
		o->fields = optarg;
		return;
	case 'A':
		o->all_namespaces = true;
		return;
	case '0':
		o->nul = true;
		return;
	case 'K':
		o->record = optarg;
		return;
	case OPT_CONNECT_TIMEOUT:
		o->connect_timeout = duration_ms(optarg);
		if (o->connect_timeout < 0)
			usage_error("--connect-timeout: %s: not a length of "
				    "time",
				    optarg);
		return;
	case 'q':
		o->quiet = true;
		return;
	case 'v':
		o->verbose++;
		return;
	case OPT_HELP:
		usage_print(help);
	case OPT_VERSION:
		usage_print("kpods " VERSION "\n");
	case '?':
	case ':':
		usage_bad_option(c, argv);
	}
	if (kubeopts_take(&o->kube, c, optarg, &why) < 0)
		usage_error("%s: %s", optarg, why);
}

static void
take_operand(struct opts *o, const char *text)
{
	const char *slash = strchr(text, '/');

	o->type = slash ? workload_type(text, (size_t)(slash - text)) : NULL;
	if (!o->type)
		usage_error("%s: not TYPE/NAME", text);
	else if (o->type->selector == WORKLOAD_NONE)
		usage_error("%s: no pod can be chosen by such a type", text);
	o->name = slash + 1;
	if (!apipath_host_name(o->name))
		usage_error("%s: has a name that can be none", text);
	if (o->all_namespaces)
		usage_error("%s: it is of one namespace, not of all", text);
}

void
opts_parse(struct opts *o, int argc, char *argv[])
{
	int c;

	memset(o, 0, sizeof *o);
	o->connect_timeout = 30000;
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":l:A0K:qv" KUBEOPT_SHORT, longs,
				NULL)) != -1)
		take_option(o, c, argv);
	if (argc - optind > 1)
		usage_error("%s: one TYPE/NAME at most", argv[optind + 1]);
	if (optind < argc)
		take_operand(o, argv[optind]);
	/* as kubectl: an empty -n is none */
	if (o->kube.namespace && !*o->kube.namespace)
		o->kube.namespace = NULL;
	if (o->kube.namespace && !apipath_segment(o->kube.namespace))
		usage_error("-n: %s: a name that can be none",
			    o->kube.namespace);
}
