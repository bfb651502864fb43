#ifndef KTAR_PACK_MANIFEST_H
#define KTAR_PACK_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/*
 * The SHA-256 of each file in the stream, a line each as sha256sum -c reads it.
 * When the process ends before manifest_end, in whatever way exit(3) is
 * reached, the last line is one that no file fulfils.  All but manifest_open
 * do nothing where m is NULL.
 */
struct manifest;

enum { MANIFEST_SUM_BYTES = 32 };

/* Begins a manifest in the file where, which is made or emptied, or, where it
 * is a number, on that descriptor.  Says what is wrong and exits when it
 * cannot.  Call it once, before rights are given away. */
struct manifest *manifest_open(const char *where);

/* Whether st is that of the file that the manifest is written to. */
bool manifest_is(const struct manifest *m, const struct stat *st);

/* A body: n bytes of it, or n zeros, as often as needed, then its end and its
 * line.  The sum stays until the next end; NULL without a manifest. */
void manifest_bytes(struct manifest *m, const void *bytes, size_t n);
void manifest_zeros(struct manifest *m, uint64_t n);
const unsigned char *manifest_file(struct manifest *m, const char *name);

/* A line for another name of a file with that sum. */
void manifest_link(struct manifest *m, const unsigned char *sum,
		   const char *name);

/* Writes what is left; ends the process when it cannot. */
void manifest_flush(struct manifest *m);

/* The stream is whole, and so is the manifest.  Frees m. */
void manifest_end(struct manifest *m);

/* The process is about to end without exit(3). */
void manifest_break(void);

#endif
