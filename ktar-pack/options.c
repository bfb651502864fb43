/*
 * The command line of ktar-pack.
 */
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/usage.h"

#include "exclude.h"
#include "name.h"

static const char help[] =
    "usage: ktar-pack [-0hqvz] [-C DIR] [--as NAME] [--exclude PATTERN]\n"
    "                 [--format gnu|pax|ustar] [-T LIST] [PATH...] > TAR\n"
    "Packs files and directories as a tar stream on stdout.\n"
    "\n"
    "  -C, --directory DIR  look for PATH in DIR\n"
    "      --as NAME        call the one PATH NAME in the stream\n"
    "      --exclude PATTERN\n"
    "                       leave out what PATTERN matches\n"
    "  -X, --exclude-from FILE\n"
    "                       leave out what the patterns in FILE match\n"
    "      --exclude-vcs    leave out what version control systems keep\n"
    "      --exclude-caches leave out what is in directories with a\n"
    "                       CACHEDIR.TAG\n"
    "      --one-file-system\n"
    "                       do not go into other file systems\n"
    "  -h, --dereference    pack what symbolic links point to\n"
    "      --shard I/N      pack the Ith of N parts\n"
    "      --sort name|none the order in a directory (name)\n"
    "  -T, --files-from LIST\n"
    "                       also pack the paths in LIST, and only them, not\n"
    "                       what is beneath them; - is stdin\n"
    "  -0, --null           LIST has a NUL behind each path, not a newline\n"
    "      --format gnu|pax|ustar\n"
    "                       how headers are written (gnu)\n"
    "      --xattrs, --acls extended attributes, and ACLs, too (pax)\n"
    "      --sparse         do not send the holes of files\n"
    "      --manifest FILE|FD\n"
    "                       write the SHA-256 of each file there\n"
    "      --newer DATE|FILE\n"
    "                       pack only files that changed since\n"
    "      --mtime DATE|FILE, --owner USER, --group GROUP, --mode MODE\n"
    "                       say this in place of what the files have\n"
    "      --numeric-owner  no names of users and groups\n"
    "      --dry-run        send nothing, and name what would be packed\n"
    "  -z, --gzip           compress the stream\n"
    "      --zstd           compress it, in several threads\n"
    "      --progress       draw bytes, files, rate and time on stderr\n"
    "      --expect BYTES|FILE\n"
    "                       how many bytes there will be, for --progress\n"
    "      --line FILE      share the line of --progress by FILE\n"
    "  -v, --verbose        name every member on stderr\n"
    "  -q, --quiet          no warnings about what is left out or changed\n"
    "      --help           this text\n"
    "      --version        the version\n"
    "\n"
    "Exit: 0 all is in the stream; 1 something is not, and is named; 2 "
    "failed,\n"
    "and the stream is broken off so that every reader fails too.\n";

enum {
	OPT_ACLS = 256,
	OPT_AS,
	OPT_DRY_RUN,
	OPT_EXPECT,
	OPT_EXCLUDE,
	OPT_EXCLUDE_CACHES,
	OPT_EXCLUDE_VCS,
	OPT_GROUP,
	OPT_LINE,
	OPT_MANIFEST,
	OPT_MODE,
	OPT_MTIME,
	OPT_NEWER,
	OPT_NUMERIC_OWNER,
	OPT_ONE_SYSTEM,
	OPT_OWNER,
	OPT_PROGRESS,
	OPT_SHARD,
	OPT_SORT,
	OPT_SPARSE,
	OPT_FORMAT,
	OPT_HELP,
	OPT_VERSION,
	OPT_XATTRS,
	OPT_ZSTD
};

static const struct option long_options[] = {
    {"acls", no_argument, NULL, OPT_ACLS},
    {"as", required_argument, NULL, OPT_AS},
    {"dereference", no_argument, NULL, 'h'},
    {"directory", required_argument, NULL, 'C'},
    {"dry-run", no_argument, NULL, OPT_DRY_RUN},
    {"exclude", required_argument, NULL, OPT_EXCLUDE},
    {"exclude-caches", no_argument, NULL, OPT_EXCLUDE_CACHES},
    {"exclude-from", required_argument, NULL, 'X'},
    {"exclude-vcs", no_argument, NULL, OPT_EXCLUDE_VCS},
    {"expect", required_argument, NULL, OPT_EXPECT},
    {"format", required_argument, NULL, OPT_FORMAT},
    {"files-from", required_argument, NULL, 'T'},
    {"group", required_argument, NULL, OPT_GROUP},
    {"gzip", no_argument, NULL, 'z'},
    {"help", no_argument, NULL, OPT_HELP},
    {"line", required_argument, NULL, OPT_LINE},
    {"manifest", required_argument, NULL, OPT_MANIFEST},
    {"mode", required_argument, NULL, OPT_MODE},
    {"mtime", required_argument, NULL, OPT_MTIME},
    {"newer", required_argument, NULL, OPT_NEWER},
    {"null", no_argument, NULL, '0'},
    {"numeric-owner", no_argument, NULL, OPT_NUMERIC_OWNER},
    {"one-file-system", no_argument, NULL, OPT_ONE_SYSTEM},
    {"owner", required_argument, NULL, OPT_OWNER},
    {"progress", no_argument, NULL, OPT_PROGRESS},
    {"quiet", no_argument, NULL, 'q'},
    {"shard", required_argument, NULL, OPT_SHARD},
    {"sort", required_argument, NULL, OPT_SORT},
    {"sparse", no_argument, NULL, OPT_SPARSE},
    {"verbose", no_argument, NULL, 'v'},
    {"version", no_argument, NULL, OPT_VERSION},
    {"xattrs", no_argument, NULL, OPT_XATTRS},
    {"zstd", no_argument, NULL, OPT_ZSTD},
    {NULL, 0, NULL, 0},
};

/* Each -C is looked for in the one before it. */
static int
change_base(int base, const char *dir)
{
	int fd = openat(base, dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		die(err_failure(), errno, "%s", dir);
	if (base >= 0)
		close(base);
	return fd;
}

static enum emit_format
find_format(const char *name)
{
	if (strcmp(name, "gnu") == 0)
		return EMIT_GNU;
	if (strcmp(name, "pax") == 0)
		return EMIT_PAX;
	if (strcmp(name, "ustar") == 0)
		return EMIT_USTAR;
	usage_error("--format %s: not gnu, pax or ustar", name);
}

/* Whether the order is that of the directory. */
static bool
find_sort(const char *name)
{
	if (strcmp(name, "name") != 0 && strcmp(name, "none") != 0)
		usage_error("--sort %s: not name or none", name);
	return strcmp(name, "none") == 0;
}

static struct timespec
find_time(const char *option, const char *text)
{
	struct timespec at;

	errno = 0;
	if (alter_time(text, &at))
		return at;
	if (errno != 0)
		die(err_failure(), errno, "%s %s", option, text);
	usage_error("%s %s: not @SECONDS, YYYY-MM-DD, 'YYYY-MM-DD HH:MM:SS', "
		    "RFC 3339, or a file by a path with / or . in front",
		    option, text);
}

/* For builds that can be repeated: no time is behind that of the source
 * (reproducible-builds.org, SOURCE_DATE_EPOCH). */
static void
find_latest(struct alter *a)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	char at[32];

	if (!text)
		return;
	if (!*text || strlen(text) > 20 || text[strspn(text, "0123456789")])
		usage_error("SOURCE_DATE_EPOCH=%s: not seconds since 1970",
			    text);
	at[0] = '@';
	memcpy(at + 1, text, strlen(text) + 1);
	a->latest = find_time("SOURCE_DATE_EPOCH", at);
	a->has_latest = true;
}

/* One of the options about what is said of a member; false: it is none. */
static bool
take_alter(struct alter *a, int c)
{
	switch (c) {
	case OPT_MTIME:
		a->mtime = find_time("--mtime", optarg);
		a->has_mtime = true;
		return true;
	case OPT_OWNER:
	case OPT_GROUP:
		if (!alter_owner(a, optarg, c == OPT_GROUP))
			usage_error("--%s %s: not a name that is known here, "
				    "NAME:ID or ID",
				    c == OPT_GROUP ? "group" : "owner", optarg);
		return true;
	case OPT_MODE:
		if (alter_mode(optarg, 0) < 0)
			usage_error("--mode %s: not as chmod has it", optarg);
		a->mode = optarg;
		return true;
	case OPT_NUMERIC_OWNER:
		a->numeric = true;
		return true;
	default:
		return false;
	}
}

/* There is no place for attributes but in pax; and an ACL says permissions
 * itself. */
static void
check_attrs(struct options *o, const struct pack *p)
{
	const char *option = p->attrs.acls ? "acls" : "xattrs";

	if (!p->attrs.acls && !p->attrs.xattrs)
		return;
	if (o->has_format && o->format != EMIT_PAX)
		usage_error("--%s: only with --format pax", option);
	if (p->attrs.acls && p->alter.mode)
		usage_error("--acls: not with --mode");
	o->format = EMIT_PAX;
}

void
options_parse(struct options *o, struct pack *p, int argc, char *argv[])
{
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:0C:T:X:hqvz", long_options,
				NULL)) != -1) {
		switch (c) {
		case '0':
			o->zero = true;
			break;
		case 'C':
			o->base = change_base(o->base, optarg);
			break;
		case 'T':
			o->list = optarg;
			break;
		case 'h':
			p->follow = true;
			p->links.keep = p->shard.groups.keep = true;
			break;
		case 'q':
			p->quiet = true;
			break;
		case 'v':
			p->verbose = true;
			break;
		case 'z':
			o->gzip = true;
			break;
		case OPT_ZSTD:
			o->zstd = true;
			break;
		case 'X':
			exclude_read(&p->filter, optarg);
			break;
		case OPT_EXCLUDE_CACHES:
			p->no_caches = true;
			break;
		case OPT_EXCLUDE_VCS:
			exclude_vcs(&p->filter);
			break;
		case OPT_MANIFEST:
			o->manifest = optarg;
			break;
		case OPT_ONE_SYSTEM:
			p->one_system = true;
			break;
		case OPT_SHARD:
			if (!shard_parse(&p->shard, optarg))
				usage_error("--shard %s: not I/N with I from 1 "
					    "to N and N up to %d",
					    optarg, SHARD_MOST);
			break;
		case OPT_SORT:
			p->unsorted = find_sort(optarg);
			break;
		case OPT_EXCLUDE:
			filter_add(&p->filter, optarg);
			break;
		case OPT_EXPECT:
			if (!expect_parse(&o->meter.expect, optarg))
				usage_error("--expect %s: not a number of "
					    "bytes, or a file by a path with / "
					    "or . in front",
					    optarg);
			break;
		case OPT_LINE:
			o->meter.line = optarg;
			break;
		case OPT_PROGRESS:
			o->meter.progress = true;
			break;
		case OPT_FORMAT:
			o->format = find_format(optarg);
			o->has_format = true;
			break;
		case OPT_ACLS:
			p->attrs.acls = true;
			break;
		case OPT_SPARSE:
			p->sparse = true;
			break;
		case OPT_XATTRS:
			p->attrs.xattrs = true;
			break;
		case OPT_AS:
			o->as = optarg;
			break;
		case OPT_HELP:
			out_forget(&p->out);
			usage_print(help);
		case OPT_VERSION:
			out_forget(&p->out);
			usage_print("ktar-pack " VERSION "\n");
		case OPT_NEWER:
			p->newer = find_time("--newer", optarg);
			p->has_newer = true;
			break;
		case OPT_DRY_RUN:
			p->dry = true;
			p->verbose = true;
			break;
		default:
			if (!take_alter(&p->alter, c))
				usage_bad_option(c, argv);
		}
	}
	if (optind == argc && !o->list)
		usage_error("no path given");
	if (o->zero && !o->list)
		usage_error("-0: needs -T");
	find_latest(&p->alter);
	check_attrs(o, p);
	if (p->sparse && o->format == EMIT_USTAR)
		usage_error("--sparse: not with --format ustar");
	if (p->dry && o->manifest)
		usage_error("--manifest: not with --dry-run");
	if (o->gzip && o->zstd)
		usage_error("--zstd: not with -z");
	if (o->as && !name_is_relative(o->as))
		usage_error("--as %s: not a relative name without '..'", o->as);
	if (o->as && (o->list || argc - optind > 1))
		usage_error("--as %s: takes one path", o->as);
}
