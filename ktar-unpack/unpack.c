/*
 * The run: every member of the stream to the hand that makes it.
 */
#include "unpack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/meter.h"

#include "dirs.h"
#include "file.h"
#include "links.h"
#include "special.h"
#include "xattrs.h"

static enum outcome
stream_failed(const struct job *job)
{
	int errnum;
	const char *why = stream_why(job->in, &errnum);

	if (job->quiet_empty && stream_empty(job->in) && errnum == 0)
		return OUTCOME_FATAL;
	if (why[0] == '\0')
		warn(errnum, "stdin");
	else
		warn(errnum, "stdin: %s", why);
	return OUTCOME_FATAL;
}

/* Puts what is large, and of which no sum is wanted, into f. */
static enum outcome
move_data(const struct job *job, struct file *f)
{
	enum stream_moved got;
	int64_t end;

	while ((got = stream_move(job->in, f->fd, &end)) == STREAM_MOVED)
		file_moved(f, end);
	if (got == STREAM_UNWRITTEN)
		return site_error(job->site, f->spot.path, errno);
	return got == STREAM_FAILED ? stream_failed(job) : OUTCOME_DONE;
}

/* Reads the data of a file, into f if that is not NULL. */
static enum outcome
read_data(const struct job *job, struct file *f, const char *path, int64_t size)
{
	struct sums *sums = job->sums;
	enum outcome rc;
	const void *p;
	int64_t offset;
	size_t n;
	int got;

	if (sums)
		sums_start(sums);
	for (;;) {
		if (f && !sums && (rc = move_data(job, f)) != OUTCOME_DONE)
			return rc;
		if ((got = stream_data(job->in, &p, &n, &offset)) <= 0)
			break;
		if (sums)
			sums_data(sums, p, n, offset);
		if (f && (rc = file_write(job->site, f, p, n, offset)) !=
			     OUTCOME_DONE)
			return rc;
	}
	if (got < 0)
		return stream_failed(job);
	if (!sums || sums_end(sums, path, size))
		return OUTCOME_DONE;
	warn(0, "%s: its data do not match the sum in the list", path);
	return OUTCOME_FAILED;
}

static enum outcome
place_file(const struct job *job, const struct scan_member *m,
	   const struct policy_take *t)
{
	struct file f;
	enum outcome rc;

	if (job->site) {
		rc = file_start(job->site, &f, m, t);
		if (rc != OUTCOME_DONE)
			return rc;
	}
	rc = read_data(job, job->site ? &f : NULL, t->path, m->size);
	if (job->site && rc == OUTCOME_DONE)
		rc = file_finish(job->site, &f, m);
	else if (job->site && rc == OUTCOME_FATAL)
		file_leave(job->site, &f);
	else if (job->site)
		file_abort(&f);
	if (rc == OUTCOME_DONE && job->sums &&
	    sums_note(job->sums, t->path) != 0) {
		warn(errno, "--manifest");
		rc = OUTCOME_FATAL;
	}
	return rc;
}

/* Owners as the system counts them; -1 would mean "leave it". */
static bool
owner_fits(const struct scan_member *m)
{
	return m->uid < UINT32_MAX && m->gid < UINT32_MAX;
}

/* What is to be said of attributes before the member is made, if it is. */
static enum outcome
judge_attrs(const struct job *job, const struct scan_member *m,
	    const struct policy_take *t)
{
	const char *path = t->path_len ? t->path : ".";

	/* those of the file itself come with that */
	if (m->type == SCAN_HARDLINK)
		return OUTCOME_DONE;
	if (m->type != SCAN_FILE && m->type != SCAN_DIR)
		return xattrs_refuse(job->said, path, m->attrs);
	if (job->site)
		return OUTCOME_DONE;
	return xattrs_put(job->said, -1, m->type == SCAN_DIR, path, m->attrs);
}

static enum outcome
place(const struct job *job, const struct scan_member *m,
      const struct policy_take *t)
{
	struct site *site = job->site;

	if (job->sums && (m->type == SCAN_FILE || m->type == SCAN_HARDLINK) &&
	    !sums_knows(job->sums, t->path,
			m->type == SCAN_HARDLINK ? t->link : NULL)) {
		return site_refuse(job->said, t->path,
				   "refused: not in the list of --verify");
	}
	if (m->attrs)
		outcome_add(&job->said->attrs, judge_attrs(job, m, t));
	if (!site)
		return m->type == SCAN_FILE ? place_file(job, m, t)
					    : OUTCOME_DONE;
	if (site->owner && !owner_fits(m))
		return site_refuse(site, t->path,
				   "refused: no such owner can exist");
	switch (m->type) {
	case SCAN_FILE:
		return place_file(job, m, t);
	case SCAN_DIR:
		return dirs_place(site, m, t);
	case SCAN_SYMLINK:
		return links_symbolic(site, m, t);
	case SCAN_HARDLINK:
		return links_hard(site, m, t);
	case SCAN_CHAR:
	case SCAN_BLOCK:
	case SCAN_FIFO:
		return special_place(site, m, t);
	}
	return site_refuse(site, t->path, "refused");
}

/* One member through the policy and, if it may, to its place. */
static enum outcome
take(const struct job *job, const struct scan_member *m, struct policy_take *t)
{
	const char *why;
	enum outcome rc;
	char text[128];

	switch (policy_decide(job->policy, m, t, &why)) {
	case POLICY_SKIP:
		return OUTCOME_DONE;
	case POLICY_REFUSE:
		snprintf(text, sizeof text, "refused: %s", why);
		return site_refuse(job->said, m->name, text);
	case POLICY_STOP:
		warn(0, "%s: %s", m->name, why);
		return OUTCOME_FATAL;
	case POLICY_TAKE:
		break;
	}
	if (job->verbose)
		warn(0, "%s", t->path_len ? t->path : ".");
	rc = place(job, m, t);
	meter_add(0, rc == OUTCOME_DONE && m->type != SCAN_DIR);
	return rc;
}

/* What was asked for by name has to be there. */
static enum outcome
all_included(const struct policy *p)
{
	enum outcome rc = OUTCOME_DONE;

	for (size_t i = 0; i < p->include.n; i++) {
		if (p->include.item[i].used)
			continue;
		warn(0, "--include: %s: no such member",
		     p->include.item[i].text);
		rc = OUTCOME_FAILED;
	}
	return rc;
}

static void
say_missing(const char *name, void *rc)
{
	warn(0, "%s: in the list of --verify, but not in the stream", name);
	*(enum outcome *)rc = OUTCOME_FAILED;
}

/* The lists of sums at the end of a stream that was read whole. */
static enum outcome
finish_sums(struct sums *sums)
{
	enum outcome rc = OUTCOME_DONE;

	sums_missing(sums, say_missing, &rc);
	if (sums_close(sums) != 0) {
		warn(errno, "--manifest");
		rc = OUTCOME_FATAL;
	}
	return rc;
}

enum outcome
unpack_stream(const struct job *job)
{
	const struct scan_member *m;
	struct policy_take t = {0};
	enum outcome worst = OUTCOME_DONE;
	int got;

	while (worst != OUTCOME_FATAL && (got = stream_next(job->in, &m)) != 0)
		outcome_add(&worst,
			    got < 0 ? stream_failed(job) : take(job, m, &t));
	policy_free(&t);
	if (job->site) {
		fresh_show(job->site);
		outcome_add(&worst, job->site->shown);
	}
	if (worst != OUTCOME_FATAL && job->site)
		outcome_add(&worst, links_finish(job->site));
	if (worst != OUTCOME_FATAL && job->site)
		outcome_add(&worst, dirs_finish(job->site));
	if (worst != OUTCOME_FATAL)
		outcome_add(&worst, all_included(job->policy));
	if (worst != OUTCOME_FATAL && job->sums)
		outcome_add(&worst, finish_sums(job->sums));
	site_sum_up(job->said);
	outcome_add(&worst, job->said->attrs);
	return worst;
}

static void
print_name(const char *name)
{
	size_t n = strlen(name), cap = n * 4 + 1;
	char *line = xmalloc(cap);

	err_escape(line, cap, name, n);
	puts(line);
	free(line);
}

enum outcome
unpack_list(const struct job *job)
{
	const struct scan_member *m;
	struct policy_take t = {0};
	enum outcome rc = OUTCOME_DONE;
	enum policy_verdict v;
	const char *why;
	int got = 0;

	while (!ferror(stdout) && (got = stream_next(job->in, &m)) > 0) {
		v = policy_decide(job->policy, m, &t, &why);
		if (v == POLICY_STOP) {
			warn(0, "%s: %s", m->name, why);
			rc = OUTCOME_FATAL;
			break;
		}
		if (v != POLICY_SKIP)
			print_name(m->name);
	}
	policy_free(&t);
	if (got < 0)
		rc = stream_failed(job);
	if (rc == OUTCOME_DONE)
		rc = all_included(job->policy);
	if (io_finish_stdout() != 0) {
		warn(errno, "stdout");
		rc = OUTCOME_FATAL;
	}
	return rc;
}
