#ifndef KCONF_FOLD_H
#define KCONF_FOLD_H

#include <stddef.h>

struct arena;

/*
 * Most of a kubeconfig is base64, and reading it character by character is
 * most of the work of a YAML reader.  So the long runs of it are taken out:
 * the reader gets a text in which a short word stands for each, and whoever
 * takes scalars from the reader puts the runs back.  With n 0 nothing was.
 */
struct fold {
	const char *text; /* for the YAML reader */
	size_t len;
	struct fold_run *run;
	size_t n;
};

/*
 * Makes f of the len bytes at buf, behind which there is a NUL.  A run is
 * taken out only where the YAML around it means the same with the short word:
 * it is all of the line behind ": ", with or without double quotes around it.
 * Where the file is such that the words could be mistaken, f->text is buf and
 * nothing is taken out.  The rest lives in a; runs stay in buf, in which a NUL
 * is written behind each, so that buf must live as long as f and what
 * fold_undo returns.
 */
void fold_make(struct fold *f, struct arena *a, char *buf, size_t len);

/*
 * The scalar of *len bytes at s as it was before, with a NUL behind it, in
 * buf or in a; s itself when there is nothing to put back.
 */
const char *fold_undo(const struct fold *f, struct arena *a, const char *s,
		      size_t *len);

/* The offset in buf of what is at this offset in f->text. */
size_t fold_offset(const struct fold *f, size_t offset);

#endif
