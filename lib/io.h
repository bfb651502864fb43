#ifndef LIB_IO_H
#define LIB_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Descriptors, read and written whole.  Every function retries EINTR; those
 * that fail return -1 and leave the reason in errno.
 */

/* read(2) that retries EINTR: bytes read, 0 at the end, -1 on error. */
ssize_t io_read(int fd, void *buf, size_t n);

/* As io_read, and waits where fd does not. */
ssize_t io_read_wait(int fd, void *buf, size_t n);

/*
 * Moves up to n bytes from the pipe from to offset in the file to, without a
 * copy in this process, and waits where from does not.  Returns how many, 0 at
 * the end of the input; or -1, EINVAL where this is not possible.
 */
ssize_t io_splice_wait(int from, int to, int64_t offset, size_t n);

/*
 * Reads until n bytes are there or the input ends.  Returns the number of
 * bytes read, less than n only at the end of the input, or -1.
 */
ssize_t io_read_full(int fd, void *buf, size_t n);

/* Writes all n bytes, and waits where fd does not.  Returns 0, or -1 when not
 * all could be written. */
int io_write_full(int fd, const void *buf, size_t n);

/* Writes all n bytes at offset.  Returns 0, or -1 when not all could be
 * written. */
int io_pwrite_full(int fd, const void *buf, size_t n, int64_t offset);

/*
 * Reads fd to its end into a new block with a NUL behind it, which *len does
 * not count.  Returns 0 and the caller frees *buf (wipe_free where it may
 * hold a secret); or -1 with errno, EFBIG when there are more than max bytes,
 * and what was read is wiped.
 */
int io_slurp(int fd, size_t max, char **buf, size_t *len);

/* As io_slurp on the file path, relative to the working directory. */
int io_slurp_path(const char *path, size_t max, char **buf, size_t *len);

/*
 * Makes sure that descriptors 0, 1 and 2 are taken, so that no file opened
 * later can become one of them: what is closed is opened on /dev/null, in
 * the direction in which it cannot work (a write to a closed stdout fails).
 * Returns a bit mask of what was found closed: 1 stdin, 2 stdout, 4 stderr;
 * -1 when /dev/null cannot be opened.
 */
int io_hold_std(void);

/* Asks for a pipe buffer of 1 MiB on fd; nothing happens where fd is no pipe
 * or the system allows less. */
void io_grow_pipe(int fd);

/*
 * Flushes and closes stdout, so that an error that the system reports late
 * is seen.  Returns 0, or -1 with errno.
 */
int io_finish_stdout(void);

#endif
