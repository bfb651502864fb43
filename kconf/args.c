/*
 * The command line of kconf.  Secrets do not stay in it: ps shows argv to
 * everybody, so --token is overwritten as soon as it was copied, and another
 * tool hands all options over on a descriptor.
 */
#include "args.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/usage.h"

enum { MAX_WORDS_BYTES = 1 << 20 };

enum {
	OPT_LIST = KUBEOPT_END,
	OPT_REDACT,
	OPT_RAW,
	OPT_CACHE,
	OPT_ARGS_FD,
	OPT_HELP,
	OPT_VERSION
};

static const char help[] =
    "usage: kconf [KUBE OPTIONS] [-o FORMAT] [--redact]\n"
    "       kconf [KUBE OPTIONS] --list\n"
    "Prints one self-contained kubeconfig for the chosen context.\n"
    "\n"
    "  -o, --output FORMAT     json (default), yaml or curl; or one value:\n"
    "                          server namespace token ca cert key context\n"
    "                          expires\n"
    "      --redact            the record without its secrets\n"
    "      --list              the contexts, one a line, tabs between\n"
    "      --raw-to-terminal   write secrets to a terminal\n"
    "      --cache             keep what a plugin gives until it ends, "
    "beneath\n"
    "                          $XDG_RUNTIME_DIR\n"
    "      --args-fd FD        read more KUBE OPTIONS from descriptor FD\n"
    "  -q, --quiet             no warnings\n"
    "  -v, --verbose           say what is chosen\n"
    "      --help, --version\n"
    "\n"
    "KUBE OPTIONS:\n"
    "      --kubeconfig FILE   --context NAME   --cluster NAME   --user NAME\n"
    "  -n, --namespace NAME    -s, --server URL\n"
    "      --token TOKEN       --token-file FILE\n"
    "      --as USER   --as-group GROUP   --as-uid UID\n"
    "      --as-user-extra KEY=VALUE\n"
    "      --certificate-authority FILE   --client-certificate FILE\n"
    "      --client-key FILE              --tls-server-name NAME\n"
    "      --insecure-skip-tls-verify     --proxy-url URL\n"
    "      --kuberc FILE                  --request-timeout TIME\n";

/* A copy of the secret at s, which is overwritten and becomes "". */
static char *
take_secret(char **old, char *s)
{
	wipe_str(*old);
	*old = xstrdup(s);
	explicit_bzero(s, strlen(s));
	return *old;
}

/* One of the KUBE OPTIONS; returns whether it was one. */
static bool
take_kube(struct args *a, int c, char *arg)
{
	const char *why;
	int rc;

	if (c == KUBEOPT_TOKEN)
		arg = take_secret(&a->token, arg);
	else if (c == KUBEOPT_PROXY_URL)
		arg = take_secret(&a->proxy_url, arg);
	rc = kubeopts_take(&a->kube, c, arg, &why);
	if (rc < 0)
		usage_error("%s: %s", arg, why);
	return rc > 0;
}

/* A descriptor's number that is none of the standard ones. */
static int
parse_fd(const char *s)
{
	unsigned long fd;
	char *end;

	errno = 0;
	fd = strtoul(s, &end, 10);
	if (*s < '0' || *s > '9' || *end || errno || fd > 1 << 20)
		usage_error("--args-fd %s: not a descriptor", s);
	if (fd == 1 || fd == 2)
		usage_error("--args-fd %s: is for output", s);
	return (int)fd;
}

/* Reads words, each with a NUL behind it, behind a word 0 for getopt. */
static void
read_words(struct args *a, int fd)
{
	size_t len, at;

	if (io_slurp(fd, MAX_WORDS_BYTES, &a->words, &len) != 0)
		die(EXIT_USAGE, errno, "--args-fd %d", fd);
	a->words_len = len;
	/* they come from a tool that waits for the record: when that is killed
	 * nobody does, and a plugin may be waiting for its user */
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* they are no plugin's business; a descriptor may be read again */
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (len > 0 && a->words[len - 1] != '\0')
		usage_error("--args-fd %d: the last word has no end", fd);
	a->word = xmalloc(2 * sizeof *a->word);
	a->word[a->n_words++] = "--args-fd";
	for (at = 0; at < len; at += strlen(a->words + at) + 1) {
		a->word = xrealloc(a->word, (a->n_words + 2) * sizeof *a->word);
		a->word[a->n_words++] = a->words + at;
	}
	a->word[a->n_words] = NULL;
}

static void
take_words(struct args *a, int fd)
{
	static const struct option options[] = {KUBEOPT_LONG,
						{NULL, 0, NULL, 0}};
	char **word;
	int c;

	read_words(a, fd);
	/* getopt_long moves the words about, but changes none */
	word = (char **)a->word;
	optind = 0;
	while ((c = getopt_long((int)a->n_words, word, "+:" KUBEOPT_SHORT,
				options, NULL)) >= 0) {
		if (!take_kube(a, c, optarg))
			usage_bad_option(c, word);
	}
	if (optind < (int)a->n_words)
		usage_error("%s: not an option", word[optind]);
}

static void
check(const struct args *a, bool formatted)
{
	if (a->list && (a->redact || formatted))
		usage_error("--list: not with %s",
			    a->redact ? "--redact" : "--output");
	if (a->redact && a->format != FORMAT_JSON && a->format != FORMAT_YAML)
		usage_error("--redact: only with json and yaml");
}

void
args_take(struct args *a, int argc, char *argv[])
{
	static const struct option options[] = {
	    KUBEOPT_LONG,
	    {"output", required_argument, NULL, 'o'},
	    {"quiet", no_argument, NULL, 'q'},
	    {"verbose", no_argument, NULL, 'v'},
	    {"list", no_argument, NULL, OPT_LIST},
	    {"redact", no_argument, NULL, OPT_REDACT},
	    {"raw-to-terminal", no_argument, NULL, OPT_RAW},
	    {"cache", no_argument, NULL, OPT_CACHE},
	    {"args-fd", required_argument, NULL, OPT_ARGS_FD},
	    {"help", no_argument, NULL, OPT_HELP},
	    {"version", no_argument, NULL, OPT_VERSION},
	    {NULL, 0, NULL, 0}};
	bool formatted = false;
	int c, fd = -1;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:" KUBEOPT_SHORT "o:qv", options,
				NULL)) >= 0) {
		switch (c) {
		case 'o':
			formatted = true;
			a->format = print_format(optarg);
			if (a->format == FORMAT_NONE)
				usage_error("-o %s: unknown format", optarg);
			break;
		case 'q':
			a->quiet = true;
			break;
		case 'v':
			a->verbose = true;
			break;
		case OPT_LIST:
			a->list = true;
			break;
		case OPT_REDACT:
			a->redact = true;
			break;
		case OPT_RAW:
			a->raw_to_terminal = true;
			break;
		case OPT_CACHE:
			a->cache = true;
			break;
		case OPT_ARGS_FD:
			if (fd >= 0)
				usage_error("--args-fd: given twice");
			fd = parse_fd(optarg);
			break;
		case OPT_HELP:
			usage_print(help);
		case OPT_VERSION:
			usage_print("kconf (kpipe) " VERSION "\n");
		default:
			if (!take_kube(a, c, optarg))
				usage_bad_option(c, argv);
		}
	}
	if (optind < argc)
		usage_error("%s: unexpected operand", argv[optind]);
	if (fd >= 0)
		take_words(a, fd);
	check(a, formatted);
}

void
args_wipe(struct args *a)
{
	kubeopts_free(&a->kube);
	wipe_str(a->token);
	wipe_str(a->proxy_url);
	free(a->word);
	wipe_free(a->words, a->words_len);
}
