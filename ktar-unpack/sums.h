#ifndef KTAR_UNPACK_SUMS_H
#define KTAR_UNPACK_SUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * SHA-256 sums of the regular files of a stream, one file at a time: a list of
 * them that is written, and one that they are held to, both as sha256sum(1)
 * writes and reads them.
 */
struct sums;

/* No list yet; sums_free takes it back, NULL too. */
struct sums *sums_new(void);
void sums_free(struct sums *s);

/* Has sums_note write to fd, which becomes s's.  0, or -1 with errno. */
int sums_write_to(struct sums *s, int fd);

/*
 * Takes the len bytes at text, ended by a NUL, as the list that files are held
 * to.  Returns 0; or the number of the line that is none, or that has another
 * sum for a name that came before.
 */
size_t sums_expect(struct sums *s, char *text, size_t len);

/*
 * Whether the file path may be: there is no list, or it is in it.  For a hard
 * link target is the file that it leads to, else NULL: that has to be listed
 * then, and path, if it is listed too, with the same sum.
 */
bool sums_knows(struct sums *s, const char *path, const char *target);

/* A file begins; its data, ascending, holes left out; it ends with size bytes.
 * sums_end returns whether the sum is what the list says, if there is one. */
void sums_start(struct sums *s);
void sums_data(struct sums *s, const void *p, size_t n, int64_t offset);
bool sums_end(struct sums *s, const char *path, int64_t size);

/* Writes the line of the file that ended last.  0, or -1 with errno. */
int sums_note(struct sums *s, const char *path);

/* Calls each for every name of the list that did not come. */
void sums_missing(const struct sums *s,
		  void (*each)(const char *name, void *arg), void *arg);

/* All lines are written.  0, or -1 with errno. */
int sums_close(struct sums *s);

#endif
