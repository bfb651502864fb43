/*
 * ktar-unpack: a tar stream on stdin to files beneath one directory.  The
 * directory, the confinement, and the exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/confine.h"
#include "lib/err.h"
#include "lib/io.h"
#include "lib/meter.h"
#include "lib/usage.h"

#include "atomic.h"
#include "options.h"
#include "partial.h"
#include "site.h"
#include "stream.h"
#include "unpack.h"

/* As tar: all is there; some was refused or kept; it failed. */
enum { EXIT_ALL = 0, EXIT_SOME = 1, EXIT_FAILED = 2 };

/* The descriptor that --manifest names by number, or a new file. */
static int
open_manifest(const char *text)
{
	int fd;

	if (text[strspn(text, "0123456789")] != '\0' || text[0] == '\0')
		return open(text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			    0666);
	fd = (int)options_number("--manifest", strlen(text) < 9 ? text : "",
				 false);
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
			  .quiet_empty = o->quiet_empty,
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
			  .quiet_empty = o->quiet_empty,
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
	const char *what;
	enum outcome rc;

	umask(mask);
	err_init("ktar-unpack", EXIT_FAILED);
	if (io_hold_std() < 0)
		die(EXIT_FAILED, errno, "/dev/null");
	options_read(&o, argc, argv);
	if (isatty(STDIN_FILENO))
		die(EXIT_FAILED, 0, "stdin: is a terminal, not an archive");
	io_grow_pipe(STDIN_FILENO);
	if (meter_start(&o.meter, &what) != 0)
		die(EXIT_FAILED, errno, "%s", what);

	rc = o.list || o.dry ? look(&o) : unpack(&o, mask);
	meter_end();
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
