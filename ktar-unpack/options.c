/*
 * The command line of ktar-unpack.
 */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/err.h"
#include "lib/usage.h"

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
    "  --progress             draw bytes, files, rate and time on stderr\n"
    "  --expect BYTES|FILE    how many bytes will come, for --progress\n"
    "  --line FILE            share the line of --progress by FILE\n"
    "  -v, --verbose          say what is done\n"
    "  -q, --quiet            no warnings\n"
    "  --quiet-empty          no word about an archive of no bytes (status 2)\n"
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
	OPT_PROGRESS,
	OPT_EXPECT,
	OPT_LINE,
	OPT_QUIET_EMPTY,
	OPT_HELP,
	OPT_VERSION
};

int64_t
options_number(const char *option, const char *text, bool units)
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

void
options_read(struct options *o, int argc, char *argv[])
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
	    {"progress", no_argument, NULL, OPT_PROGRESS},
	    {"expect", required_argument, NULL, OPT_EXPECT},
	    {"line", required_argument, NULL, OPT_LINE},
	    {"list", no_argument, NULL, 't'},
	    {"verbose", no_argument, NULL, 'v'},
	    {"quiet-empty", no_argument, NULL, OPT_QUIET_EMPTY},
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
			p->strip = (size_t)options_number("--strip-components",
							  optarg, false);
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
			p->max_bytes =
			    options_number("--max-bytes", optarg, true);
			break;
		case OPT_MAX_FILES:
			p->max_files =
			    options_number("--max-files", optarg, false);
			break;
		case OPT_MAX_DEPTH:
			p->max_depth =
			    options_number("--max-depth", optarg, false);
			break;
		case OPT_PROGRESS:
			o->meter.progress = true;
			break;
		case OPT_EXPECT:
			if (!expect_parse(&o->meter.expect, optarg))
				usage_error("--expect: %s: not a number of "
					    "bytes, or a file by a path with / "
					    "or . in front",
					    optarg);
			break;
		case OPT_QUIET_EMPTY:
			o->quiet_empty = true;
			break;
		case OPT_LINE:
			o->meter.line = optarg;
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
