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

#include "dirs.h"
#include "file.h"
#include "links.h"

static enum outcome
stream_failed(const struct stream *in)
{
	int errnum;
	const char *why = stream_why(in, &errnum);

	if (why[0] == '\0')
		warn(errnum, "stdin");
	else
		warn(errnum, "stdin: %s", why);
	return OUTCOME_FATAL;
}

static enum outcome
place_file(struct stream *in, struct site *site, const struct scan_member *m,
	   const struct policy_take *t)
{
	struct file f;
	enum outcome rc = file_start(site, &f, m, t);
	const void *p;
	int64_t offset;
	size_t n;
	int got;

	if (rc != OUTCOME_DONE)
		return rc;
	while ((got = stream_data(in, &p, &n, &offset)) > 0) {
		rc = file_write(site, &f, p, n, offset);
		if (rc != OUTCOME_DONE) {
			file_abort(site, &f);
			return rc;
		}
	}
	if (got < 0) {
		file_abort(site, &f);
		return stream_failed(in);
	}
	return file_finish(site, &f, m);
}

/* Owners as the system counts them; -1 would mean "leave it". */
static bool
owner_fits(const struct scan_member *m)
{
	return m->uid < UINT32_MAX && m->gid < UINT32_MAX;
}

static enum outcome
place(struct stream *in, struct site *site, const struct scan_member *m,
      const struct policy_take *t)
{
	if (site->owner && !owner_fits(m))
		return site_refuse(site, t->path,
				   "refused: no such owner can exist");
	switch (m->type) {
	case SCAN_FILE:
		return place_file(in, site, m, t);
	case SCAN_DIR:
		return dirs_place(site, m, t);
	case SCAN_SYMLINK:
		return links_symbolic(site, m, t);
	case SCAN_HARDLINK:
		return links_hard(site, m, t);
	case SCAN_CHAR:
	case SCAN_BLOCK:
	case SCAN_FIFO:
		break;
	}
	return site_refuse(site, t->path, "refused");
}

/* One member through the policy and, if it may, to its place. */
static enum outcome
take(struct stream *in, const struct policy *policy, struct site *site,
     const struct scan_member *m, struct policy_take *t, bool verbose)
{
	const char *why;

	switch (policy_decide(policy, m, t, &why)) {
	case POLICY_SKIP:
		return OUTCOME_DONE;
	case POLICY_REFUSE:
		if (!site->quiet)
			warn(0, "%s: refused: %s", m->name, why);
		return OUTCOME_REFUSED;
	case POLICY_STOP:
		warn(0, "%s: %s", m->name, why);
		return OUTCOME_FATAL;
	case POLICY_TAKE:
		break;
	}
	if (verbose)
		warn(0, "%s", t->path_len ? t->path : ".");
	return place(in, site, m, t);
}

enum outcome
unpack_stream(struct stream *in, const struct policy *policy, struct site *site,
	      bool verbose)
{
	const struct scan_member *m;
	struct policy_take t = {0};
	enum outcome worst = OUTCOME_DONE, rc;
	int got;

	while (worst != OUTCOME_FATAL && (got = stream_next(in, &m)) != 0) {
		rc = got < 0 ? stream_failed(in)
			     : take(in, policy, site, m, &t, verbose);
		if (rc > worst)
			worst = rc;
	}
	policy_free(&t);
	if (worst != OUTCOME_FATAL && (rc = links_finish(site)) > worst)
		worst = rc;
	if (worst != OUTCOME_FATAL && (rc = dirs_finish(site)) > worst)
		worst = rc;
	return worst;
}

enum outcome
unpack_list(struct stream *in)
{
	const struct scan_member *m;
	enum outcome rc = OUTCOME_DONE;
	int got;

	while ((got = stream_next(in, &m)) > 0) {
		size_t n = strlen(m->name), cap = n * 4 + 1;
		char *line = xmalloc(cap);

		err_escape(line, cap, m->name, n);
		puts(line);
		free(line);
		if (ferror(stdout))
			break;
	}
	if (got < 0)
		rc = stream_failed(in);
	if (io_finish_stdout() != 0) {
		warn(errno, "stdout");
		rc = OUTCOME_FATAL;
	}
	return rc;
}
