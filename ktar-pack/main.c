/*
 * ktar-pack: paths in, tar stream out.  The order of the operands, and the exit
 * status.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/confine.h"
#include "lib/err.h"
#include "lib/io.h"
#include "lib/meter.h"
#include "lib/squeeze.h"

#include "options.h"
#include "source.h"
#include "stop.h"
#include "walk.h"

/* For zstd: as many as the limit of memory allows, and on any machine the same
 * number, so that the same tree gives the same bytes. */
enum { THREADS = 2 };

static void
begin_squeeze(struct pack *p, const struct options *o)
{
	struct squeeze *s;

	if (!o->gzip && !o->zstd)
		return;
	s = squeeze_new(o->gzip ? SQUEEZE_GZIP : SQUEEZE_ZSTD, THREADS);
	if (!s)
		die(err_failure(), errno, "compression");
	out_squeeze(&p->out, s);
}

/* An operand that is not there is known before anything is sent. */
static void
check_operands(const struct options *o, char *operands[], bool follow)
{
	int flags = follow ? 0 : AT_SYMLINK_NOFOLLOW;
	bool missing = false;

	for (; *operands; operands++) {
		struct stat st;

		if (fstatat(o->base, *operands, &st, flags) == 0)
			continue;
		warn(errno, "%s", *operands);
		missing = true;
	}
	if (missing)
		exit(err_failure());
}

static void
pack_operand(struct pack *p, const struct options *o, const char *operand)
{
	char *member = name_of_operand(o->as ? o->as : operand);

	/* of what was asked for by name nothing would be there */
	if (walk(p, o->base, operand, member, true) == MEMBER_FAILED)
		exit(err_failure());
	free(member);
}

/* What a list names may have gone since the list was made. */
static void
pack_list(struct pack *p, const struct options *o, struct source *list)
{
	const char *path;

	while ((path = source_next(list)) != NULL) {
		char *member = name_of_operand(path);

		(void)walk(p, o->base, path, member, false);
		free(member);
	}
}

int
main(int argc, char *argv[])
{
	struct options o = {.base = AT_FDCWD};
	struct pack p = {0};
	struct source list = {0};
	const char *what;
	int closed;
	bool terminal;

	err_init("ktar-pack", 2);
	closed = io_hold_std();
	if (closed < 0)
		die(2, errno, "/dev/null");
	/* from here on every failure breaks a stream, a wrong option too: some
	 * readers take an empty one for good */
	terminal = isatty(STDOUT_FILENO);
	if (!terminal && !(closed & 2))
		out_begin(&p.out, STDOUT_FILENO);
	(void)clock_gettime(CLOCK_REALTIME, &p.shard.begun);
	options_parse(&o, &p, argc, argv);
	if (p.dry)
		out_forget(&p.out);
	else if (closed & 2)
		die(2, EBADF, "stdout");
	else if (terminal)
		die(2, 0, "stdout: a terminal is no place for a tar stream");
	if (fstat(STDOUT_FILENO, &p.sink) != 0)
		die(2, errno, "stdout");

	stop_install();
	if (meter_start(&o.meter, &what) != 0)
		die(2, errno, "%s", what);
	if (o.manifest) {
		p.manifest = manifest_open(o.manifest);
		p.links.extra = MANIFEST_SUM_BYTES;
	}
	if (o.list)
		source_open(&list, o.list, o.zero);
	p.emit = emit_new(o.format);
	if (confine_pack(o.gzip || o.zstd) < 0)
		die(2, errno, "confinement");
	if (!p.dry)
		begin_squeeze(&p, &o);
	check_operands(&o, argv + optind, p.follow);
	for (int i = optind; i < argc; i++)
		pack_operand(&p, &o, argv[i]);
	if (o.list)
		pack_list(&p, &o, &list);
	held_settle(&p);
	stop_check();
	manifest_flush(p.manifest);
	if (!p.dry)
		out_end(&p.out);
	manifest_end(p.manifest);
	meter_end();

	source_close(&list);
	emit_free(p.emit);
	attrs_free(&p.attrs);
	filter_free(&p.filter);
	links_free(&p.links);
	shard_free(&p.shard);
	name_free(&p.name);
	if (o.base >= 0)
		close(o.base);
	return p.partial ? 1 : 0;
}
