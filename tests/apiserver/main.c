/*
 * apiserver: a Kubernetes API server, as far as exec goes, for the tests.  Its
 * pods are folders and its commands are processes of this machine.  See
 * tests/README.md.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/usage.h"

#include "config.h"
#include "ephemeral.h"
#include "net.h"

static const char help[] =
    "usage: apiserver --root DIR [OPTIONS]\n"
    "  --root DIR            a pod is DIR/NAMESPACE/POD\n"
    "  --listen ADDRESS      default 127.0.0.1\n"
    "  --port N              default 0, any that is free\n"
    "  --port-file FILE      FILE gets the port when connections can come\n"
    "  --prefix PATH         the API's path starts with PATH\n"
    "  --cert FILE --key FILE  HTTPS with this certificate (PEM)\n"
    "  --client-ca FILE      client certificates; the user is the CN\n"
    "  --plain               HTTP without TLS and without a login\n"
    "  --token TOKEN=USER    a bearer token; may be repeated\n"
    "  --basic NAME:PASSWORD  may be repeated\n"
    "  --viewer USER         one who may not exec; may be repeated\n"
    "  --log FILE            a line a connection and a line a request\n";

enum {
	OPT_ROOT = 256,
	OPT_LISTEN,
	OPT_PORT,
	OPT_PORT_FILE,
	OPT_PREFIX,
	OPT_CERT,
	OPT_KEY,
	OPT_CLIENT_CA,
	OPT_PLAIN,
	OPT_TOKEN,
	OPT_BASIC,
	OPT_VIEWER,
	OPT_LOG,
	OPT_HELP
};

static const struct option options[] = {
    {"root", required_argument, NULL, OPT_ROOT},
    {"listen", required_argument, NULL, OPT_LISTEN},
    {"port", required_argument, NULL, OPT_PORT},
    {"port-file", required_argument, NULL, OPT_PORT_FILE},
    {"prefix", required_argument, NULL, OPT_PREFIX},
    {"cert", required_argument, NULL, OPT_CERT},
    {"key", required_argument, NULL, OPT_KEY},
    {"client-ca", required_argument, NULL, OPT_CLIENT_CA},
    {"plain", no_argument, NULL, OPT_PLAIN},
    {"token", required_argument, NULL, OPT_TOKEN},
    {"basic", required_argument, NULL, OPT_BASIC},
    {"viewer", required_argument, NULL, OPT_VIEWER},
    {"log", required_argument, NULL, OPT_LOG},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0}};

/* Splits arg behind its first separator; the user is what follows it, or what
 * stands before it when whole is the secret. */
static void
add_account(struct account **list, size_t *n, const char *arg, char separator,
	    bool whole)
{
	const char *at = strchr(arg, separator);
	struct account *a;

	if (!at)
		usage_error("%s: no '%c' in it", arg, separator);
	*list = xrealloc(*list, (*n + 1) * sizeof(**list));
	a = &(*list)[(*n)++];
	a->secret = whole ? xstrdup(arg) : xstrndup(arg, (size_t)(at - arg));
	a->user = whole ? xstrndup(arg, (size_t)(at - arg)) : xstrdup(at + 1);
}

static int
port_number(const char *arg)
{
	char *end;
	long port = strtol(arg, &end, 10);

	if (end == arg || *end || port < 0 || port > 65535)
		usage_error("%s: not a port", arg);
	return (int)port;
}

static int
open_log(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0)
		die(err_failure(), errno, "%s", name);
	return fd;
}

/* The port file appears whole: who sees it may connect. */
static void
tell_port(int port, void *arg)
{
	const char *name = arg;
	char *half, *text;
	int fd;

	if (!name)
		return;
	half = xasprintf("%s.new", name);
	text = xasprintf("%d\n", port);
	fd = open(half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || io_write_full(fd, text, strlen(text)) < 0 ||
	    close(fd) < 0 || rename(half, name) < 0)
		die(err_failure(), errno, "%s", name);
	free(text);
	free(half);
}

static void
free_accounts(struct account *a, size_t n)
{
	while (n-- > 0) {
		free(a[n].secret);
		free(a[n].user);
	}
	free(a);
}

int
main(int argc, char *argv[])
{
	struct ephemerals ephemerals = {NULL};
	struct config c = {.address = "127.0.0.1",
			   .prefix = "",
			   .log = -1,
			   .ephemerals = &ephemerals};
	const char *log_file = NULL;
	char *port_file = NULL, *root;
	int opt;

	err_init("apiserver", 1);
	opterr = 0;
	while ((opt = getopt_long(argc, argv, "+:", options, NULL)) != -1) {
		switch (opt) {
		case OPT_ROOT:
			c.root = optarg;
			break;
		case OPT_LISTEN:
			c.address = optarg;
			break;
		case OPT_PORT:
			c.port = port_number(optarg);
			break;
		case OPT_PORT_FILE:
			port_file = optarg;
			break;
		case OPT_PREFIX:
			c.prefix = optarg;
			break;
		case OPT_CERT:
			c.cert = optarg;
			break;
		case OPT_KEY:
			c.key = optarg;
			break;
		case OPT_CLIENT_CA:
			c.client_ca = optarg;
			break;
		case OPT_PLAIN:
			c.plain = true;
			break;
		case OPT_TOKEN:
			add_account(&c.tokens, &c.n_tokens, optarg, '=', false);
			break;
		case OPT_BASIC:
			add_account(&c.basics, &c.n_basics, optarg, ':', true);
			break;
		case OPT_VIEWER:
			c.viewers = xrealloc(c.viewers, (c.n_viewers + 1) *
							    sizeof(*c.viewers));
			c.viewers[c.n_viewers++] = optarg;
			break;
		case OPT_LOG:
			log_file = optarg;
			break;
		case OPT_HELP:
			usage_print(help);
		default:
			usage_bad_option(opt, argv);
		}
	}
	if (optind < argc)
		usage_error("%s: unexpected", argv[optind]);
	if (!c.root)
		usage_error("--root is needed");
	if (!c.plain && (!c.cert || !c.key))
		usage_error("--cert and --key, or --plain, are needed");
	root = realpath(c.root, NULL);
	if (!root)
		die(err_failure(), errno, "%s", c.root);
	c.root = root;
	if (log_file)
		c.log = open_log(log_file);
	net_serve(&c, tell_port, port_file);
	ephemeral_free(&ephemerals);
	free(root);
	free(c.viewers);
	free_accounts(c.tokens, c.n_tokens);
	free_accounts(c.basics, c.n_basics);
	return 0;
}
