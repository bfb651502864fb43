/*
 * ktar-unpack: a tar stream on stdin to files beneath one directory.  The
 * command line, the directory, the confinement, and the exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/confine.h"
#include "lib/err.h"
#include "lib/io.h"
#include "lib/usage.h"

#include "atomic.h"
#include "partial.h"
#include "policy.h"
#include "site.h"
#include "source.h"
#include "stream.h"
#include "unpack.h"

/* As tar: all is there; some was refused or kept; it failed. */
enum { EXIT_ALL = 0, EXIT_SOME = 1, EXIT_FAILED = 2 };

static const char help[] =
    "usage: ktar-unpack [OPTIONS] [DIR] < tar\n"
    "Unpacks a tar stream beneath DIR (default .), and nowhere else.\n"
    "\n"
    "  --prefix P             only members at or beneath P, which is taken "
    "off\n"
    "  --strip-components N   take N leading components off each name\n"
    "  --include PATTERN      only members whose names match, or beneath "
    "such\n"
    "  --exclude PATTERN      none whose names match, or beneath such\n"
    "  --atomic               replace DIR as a whole, when all is good\n"
    "  --partial-dir DIR      move there what came of a file that was cut\n"
    "  -k, --keep-old-files   keep what exists, and say so\n"
    "  --links WHICH          symbolic links: inside (default), all, none\n"
    "  -p, --preserve-permissions\n"
    "                         modes as they are in the archive\n"
    "  --same-owner           owners by number, as they are in the archive\n"
    "  --xattrs, --acls       extended attributes (user.*), and ACLs, too\n"
    "  --special              devices and FIFOs, too\n"
    "  --max-bytes N          fail beyond N bytes of files (K, M, G, T)\n"
    "  --max-files N          fail beyond N members\n"
    "  --max-depth N          fail at names of more than N components\n"
    "  -z, --gzip, --zstd     the stream is compressed\n"
    "  --auto                 find out how the stream is compressed, if at "
    "all\n"
    "  --manifest FILE|FD     write the sha256 sums of the files\n"
    "  --verify FILE          take only files whose sha256 sums are in FILE\n"
    "  -t, --list             list the members, unpack nothing\n"
    "  --dry-run              check all, make nothing\n"
    "  -v, --verbose          say what is done\n"
    "  -q, --quiet            no warnings\n"
    "  --help, --version\n"
    "\n"
    "exit: 0 all is on disk; 1 a member was refused or kept; 2 failed\n";

enum option_value {
	OPT_PREFIX = 256,
	OPT_ATOMIC,
	OPT_PARTIAL_DIR,
	OPT_STRIP,
	OPT_INCLUDE,
	OPT_EXCLUDE,
	OPT_DRY_RUN,
	OPT_MANIFEST,
	OPT_VERIFY,
	OPT_ZSTD,
	OPT_AUTO,
	OPT_LINKS,
	OPT_OWNER,
	OPT_XATTRS,
	OPT_ACLS,
	OPT_SPECIAL,
	OPT_MAX_BYTES,
	OPT_MAX_FILES,
	OPT_MAX_DEPTH,
	OPT_HELP,
	OPT_VERSION
};

struct options {
	struct policy policy;
	enum source_how how;
	bool atomic, keep, preserve, owner, xattrs, acls;
	bool list, dry, verbose, quiet;
	const char *dir, *partial_dir, *manifest, *verify;
};

/* A number, with a unit of 1024 where units is set. */
static int64_t
number(const char *option, const char *text, bool units)
{
	static const char unit[] = "KMGT";
	const char *at;
	int64_t n = 0;
	size_t i;

	for (i = 0; text[i] >= '0' && text[i] <= '9' && i < 15; i++)
		n = n * 10 + (text[i] - '0');
	if (i > 0 && units && text[i] && (at = strchr(unit, text[i]))) {
		for (; at >= unit; at--) {
			if (n > INT64_MAX / 1024)
				usage_error("%s: %s: too large", option, text);
			n *= 1024;
		}
		i++;
	}
	if (i == 0 || text[i] != '\0')
		usage_error("%s: %s: not a number", option, text);
	return n;
}

static enum policy_links
links(const char *text)
{
	if (strcmp(text, "inside") == 0)
		return POLICY_LINKS_INSIDE;
	if (strcmp(text, "all") == 0)
		return POLICY_LINKS_ALL;
	if (strcmp(text, "none") == 0)
		return POLICY_LINKS_NONE;
	usage_error("--links: %s: not inside, all or none", text);
}

/* A prefix that could name nothing in an archive is a mistake. */
static const char *
prefix(const char *text)
{
	if (text[0] == '\0' || text[0] == '/')
		usage_error("--prefix: %s: not a relative name", text);
	return text;
}

/* One stream has one compression. */
static void
compression(struct options *o, enum source_how how)
{
	if (o->how != SOURCE_PLAIN && o->how != how)
		usage_error("only one of -z, --zstd and --auto can be given");
	o->how = how;
}

static void
read_options(struct options *o, int argc, char *argv[])
{
	static const struct option table[] = {
	    {"prefix", required_argument, NULL, OPT_PREFIX},
	    {"strip-components", required_argument, NULL, OPT_STRIP},
	    {"include", required_argument, NULL, OPT_INCLUDE},
	    {"exclude", required_argument, NULL, OPT_EXCLUDE},
	    {"dry-run", no_argument, NULL, OPT_DRY_RUN},
	    {"atomic", no_argument, NULL, OPT_ATOMIC},
	    {"partial-dir", required_argument, NULL, OPT_PARTIAL_DIR},
	    {"keep-old-files", no_argument, NULL, 'k'},
	    {"links", required_argument, NULL, OPT_LINKS},
	    {"preserve-permissions", no_argument, NULL, 'p'},
	    {"same-owner", no_argument, NULL, OPT_OWNER},
	    {"xattrs", no_argument, NULL, OPT_XATTRS},
	    {"acls", no_argument, NULL, OPT_ACLS},
	    {"special", no_argument, NULL, OPT_SPECIAL},
	    {"max-bytes", required_argument, NULL, OPT_MAX_BYTES},
	    {"max-files", required_argument, NULL, OPT_MAX_FILES},
	    {"max-depth", required_argument, NULL, OPT_MAX_DEPTH},
	    {"manifest", required_argument, NULL, OPT_MANIFEST},
	    {"verify", required_argument, NULL, OPT_VERIFY},
	    {"gzip", no_argument, NULL, 'z'},
	    {"zstd", no_argument, NULL, OPT_ZSTD},
	    {"auto", no_argument, NULL, OPT_AUTO},
	    {"list", no_argument, NULL, 't'},
	    {"verbose", no_argument, NULL, 'v'},
	    {"quiet", no_argument, NULL, 'q'},
	    {"help", no_argument, NULL, OPT_HELP},
	    {"version", no_argument, NULL, OPT_VERSION},
	    {NULL, 0, NULL, 0},
	};
	struct policy *p = &o->policy;
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:kptvqz", table, NULL)) != -1) {
		switch (c) {
		case OPT_PREFIX:
			p->prefix = prefix(optarg);
			break;
		case OPT_STRIP:
			p->strip =
			    (size_t)number("--strip-components", optarg, false);
			break;
		case OPT_INCLUDE:
			policy_add(&p->include, optarg);
			break;
		case OPT_EXCLUDE:
			policy_add(&p->exclude, optarg);
			break;
		case OPT_DRY_RUN:
			o->dry = true;
			break;
		case OPT_ATOMIC:
			o->atomic = true;
			break;
		case OPT_PARTIAL_DIR:
			o->partial_dir = optarg;
			break;
		case 'k':
			o->keep = true;
			break;
		case OPT_LINKS:
			p->links = links(optarg);
			break;
		case 'p':
			o->preserve = true;
			break;
		case OPT_OWNER:
			o->owner = true;
			break;
		case OPT_XATTRS:
			o->xattrs = true;
			break;
		case OPT_ACLS:
			o->acls = true;
			break;
		case OPT_SPECIAL:
			p->special = true;
			break;
		case OPT_MAX_BYTES:
			p->max_bytes = number("--max-bytes", optarg, true);
			break;
		case OPT_MAX_FILES:
			p->max_files = number("--max-files", optarg, false);
			break;
		case OPT_MAX_DEPTH:
			p->max_depth = number("--max-depth", optarg, false);
			break;
		case OPT_MANIFEST:
			o->manifest = optarg;
			break;
		case OPT_VERIFY:
			o->verify = optarg;
			break;
		case 'z':
			compression(o, SOURCE_GZIP);
			break;
		case OPT_ZSTD:
			compression(o, SOURCE_ZSTD);
			break;
		case OPT_AUTO:
			compression(o, SOURCE_AUTO);
			break;
		case 't':
			o->list = true;
			break;
		case 'v':
			o->verbose = true;
			break;
		case 'q':
			o->quiet = true;
			break;
		case OPT_HELP:
			usage_print(help);
		case OPT_VERSION:
			usage_print("ktar-unpack " VERSION "\n");
		default:
			usage_bad_option(c, argv);
		}
	}
	if (o->list && (o->manifest || o->verify))
		usage_error("%s: -t makes no sums",
			    o->manifest ? "--manifest" : "--verify");
	if (o->list && optind < argc)
		usage_error("%s: -t makes nothing in a directory",
			    argv[optind]);
	if (o->atomic && o->keep)
		usage_error("--atomic: keeps nothing, so not with -k");
	if (optind < argc)
		o->dir = argv[optind++];
	if (optind < argc)
		usage_error("%s: only one directory can be given",
			    argv[optind]);
}

/* The descriptor that --manifest names by number, or a new file. */
static int
open_manifest(const char *text)
{
	int fd;

	if (text[strspn(text, "0123456789")] != '\0' || text[0] == '\0')
		return open(text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			    0666);
	fd = (int)number("--manifest", strlen(text) < 9 ? text : "", false);
	if (fd == STDIN_FILENO || fd == STDERR_FILENO)
		usage_error("--manifest: %s: is taken", text);
	return fcntl(fd, F_GETFD) < 0 ? -1 : fd;
}

/* What sums are asked for; NULL: none. The list stays in *text. */
static struct sums *
open_sums(const struct options *o, char **text)
{
	enum { LIST_MAX = 1 << 30 };
	struct sums *s;
	size_t len, line;
	int fd;

	if (!o->manifest && !o->verify)
		return NULL;
	s = sums_new();
	if (o->verify) {
		if (io_slurp_path(o->verify, LIST_MAX, text, &len) != 0)
			die(EXIT_FAILED, errno, "%s", o->verify);
		if ((line = sums_expect(s, *text, len)) != 0)
			die(EXIT_FAILED, 0,
			    "%s: line %zu: not a sha256 sum and a name, or "
			    "another sum for a name",
			    o->verify, line);
	}
	if (o->manifest) {
		if ((fd = open_manifest(o->manifest)) < 0 ||
		    sums_write_to(s, fd) != 0)
			die(EXIT_FAILED, errno, "%s", o->manifest);
	}
	return s;
}

/* Gives away what is not needed any more; dir -1 when nothing is made, aside -1
 * when nothing is kept. */
static void
confine(int dir, int aside, const struct options *o)
{
	unsigned with = (o->policy.special ? CONFINE_WITH_NODES : 0) |
			(o->xattrs || o->acls ? CONFINE_WITH_ATTRS : 0);
	int missing = confine_unpack(dir, aside, with);

	if (missing < 0)
		die(EXIT_FAILED, errno, "confinement");
	if (o->verbose && (missing & CONFINE_NO_LANDLOCK))
		warn(0, "confinement: no Landlock on this system");
	if (o->verbose && (missing & CONFINE_NO_SECCOMP))
		warn(0, "confinement: no seccomp on this system");
}

/* The new tree takes its place when all of it is there, and only then. */
static enum outcome
finish_atomic(struct atomic *a, enum outcome rc)
{
	if (rc == OUTCOME_DONE)
		return atomic_commit(a) == 0 ? OUTCOME_DONE : OUTCOME_FAILED;
	atomic_abandon(a);
	if (rc == OUTCOME_REFUSED)
		warn(0, "%s: not replaced, since members were refused", a->dir);
	return OUTCOME_FAILED;
}

static int
open_dir(const char *path)
{
	int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		die(EXIT_FAILED, errno, "%s", path);
	return dir;
}

static enum outcome
unpack(struct options *o, mode_t mask)
{
	struct site site = {
	    .umask = mask,
	    .keep = o->keep,
	    .preserve = o->preserve,
	    .owner = o->owner,
	    .quiet = o->quiet,
	    .xattrs = o->xattrs,
	    .acls = o->acls,
	};
	struct job job = {.policy = &o->policy,
			  .site = &site,
			  .said = &site,
			  .verbose = o->verbose};
	struct source *source;
	char *text = NULL;
	struct atomic atomic = {0};
	enum outcome rc;
	int dir, aside = -1;

	partial_catch_signals();
	job.sums = open_sums(o, &text);
	if (o->partial_dir)
		aside = open_dir(o->partial_dir);
	if (o->atomic) {
		dir = atomic_start(&atomic, o->dir);
		site.new_root = atomic.fresh;
		site.apart = true;
	} else {
		dir = open_dir(o->dir);
	}
	site_open(&site, dir);
	if (aside >= 0)
		site.partial = tree_new(aside);
	confine(dir, aside, o);
	source = source_new(STDIN_FILENO, o->how);
	job.in = stream_new(source, o->xattrs || o->acls);
	rc = unpack_stream(&job);
	stream_free(job.in);
	source_free(source);
	sums_free(job.sums);
	free(text);
	tree_free(site.partial);
	site_close(&site);
	return o->atomic ? finish_atomic(&atomic, rc) : rc;
}

/* -t and --dry-run: the stream is read and judged, nothing is made. */
static enum outcome
look(struct options *o)
{
	struct site said = {.quiet = o->quiet,
			    .xattrs = o->xattrs,
			    .acls = o->acls};
	struct job job = {.policy = &o->policy,
			  .said = &said,
			  .verbose = o->verbose};
	struct source *source;
	char *text = NULL;
	enum outcome rc;

	job.sums = open_sums(o, &text);
	confine(-1, -1, o);
	source = source_new(STDIN_FILENO, o->how);
	job.in = stream_new(source, o->xattrs || o->acls);
	rc = o->list ? unpack_list(&job) : unpack_stream(&job);
	stream_free(job.in);
	source_free(source);
	sums_free(job.sums);
	free(text);
	return rc;
}

int
main(int argc, char *argv[])
{
	struct options o = {
	    .policy = {.max_bytes = -1, .max_files = -1, .max_depth = -1},
	    .dir = ".",
	};
	mode_t mask = umask(077);
	enum outcome rc;

	umask(mask);
	err_init("ktar-unpack", EXIT_FAILED);
	if (io_hold_std() < 0)
		die(EXIT_FAILED, errno, "/dev/null");
	read_options(&o, argc, argv);
	if (isatty(STDIN_FILENO))
		die(EXIT_FAILED, 0, "stdin: is a terminal, not an archive");
	io_grow_pipe(STDIN_FILENO);

	rc = o.list || o.dry ? look(&o) : unpack(&o, mask);
	policy_forget(&o.policy);
	switch (rc) {
	case OUTCOME_DONE:
		return EXIT_ALL;
	case OUTCOME_REFUSED:
		return EXIT_SOME;
	case OUTCOME_FAILED:
	case OUTCOME_FATAL:
		break;
	}
	return EXIT_FAILED;
}
