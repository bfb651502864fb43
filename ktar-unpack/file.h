#ifndef KTAR_UNPACK_FILE_H
#define KTAR_UNPACK_FILE_H

#include "policy.h"
#include "scan.h"
#include "site.h"

/*
 * A regular file on its way: written under a temporary name in its own
 * directory, or in a fresh one, and whole before anybody sees it under its
 * name.
 */
struct file {
	struct spot spot;
	const char *name; /* what it has now: spot.name, or the temporary one */
	int fd;
	int64_t end; /* of what was written */
};

/*
 * Starts the file that m and t describe; t and m stay as they are until
 * file_finish or file_abort, and nothing else is placed meanwhile.  Anything
 * but OUTCOME_DONE: there is nothing to finish.
 */
enum outcome file_start(struct site *s, struct file *f,
			const struct scan_member *m,
			const struct policy_take *t);

/* Writes n bytes at offset. */
enum outcome file_write(struct site *s, struct file *f, const void *p, size_t n,
			int64_t offset);

/* What stream_move has put into it ends at end. */
static inline void
file_moved(struct file *f, int64_t end)
{
	f->end = end;
}

/* Gives the file its mode, its time and its name. */
enum outcome file_finish(struct site *s, struct file *f,
			 const struct scan_member *m);

/* Removes it; for use after file_write failed, or when the data are not those
 * that were asked for. */
void file_abort(struct file *f);

/* When the data ended too early: moves it beneath s->partial, with its path and
 * the mode 0600; or removes it where there is none, or it cannot be moved. */
void file_leave(struct site *s, struct file *f);

#endif
