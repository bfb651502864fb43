/*
 * The body of a large file: spliced where stdout is a pipe, else read and
 * written; holes are zeros that nobody has to read.
 */
#include "body.h"

#include <errno.h>
#include <unistd.h>

#include "lib/io.h"

#include "stop.h"

/* At most n bytes of fd, by copying; the number, which is not 0. */
static size_t
copy(struct pack *p, int fd, uint64_t n)
{
	unsigned char *room = out_room(&p->out, 1);
	size_t most = OUT_BYTES - p->out.len;
	ssize_t got = io_read(fd, room, n < most ? (size_t)n : most);

	if (got < 0)
		pack_fail(p, errno, NULL);
	if (got == 0)
		pack_fail(p, 0, "shrank while it was packed");
	manifest_bytes(p->manifest, room, (size_t)got);
	out_take(&p->out, (size_t)got);
	return (size_t)got;
}

/* The same, by whichever way is there. */
static size_t
piece(struct pack *p, int fd, uint64_t n, bool *spliced)
{
	ssize_t got;

	/* a sum needs the bytes to pass through here */
	if (p->manifest || !out_splices(&p->out))
		return copy(p, fd, n);
	got = out_splice(&p->out, fd, n);
	/* a file system without it */
	if (got < 0 && errno == EINVAL)
		return copy(p, fd, n);
	if (got < 0)
		pack_fail(p, errno, NULL);
	if (got == 0)
		pack_fail(p, 0, "shrank while it was packed");
	*spliced = true;
	return (size_t)got;
}

/*
 * How much of fd from pos on is a hole, as far as size.  One of which only the
 * hole is left may have been cut; what is no file with holes has none.
 */
static uint64_t
hole(struct pack *p, int fd, uint64_t pos, uint64_t size)
{
	off_t data = lseek(fd, (off_t)pos, SEEK_DATA);
	struct stat now;

	if (data < 0 && errno != ENXIO)
		return 0;
	if (data < 0) {
		if (fstat(fd, &now) != 0)
			pack_fail(p, errno, NULL);
		if ((uint64_t)now.st_size < size)
			pack_fail(p, 0, "shrank while it was packed");
		return size - pos;
	}
	return ((uint64_t)data < size ? (uint64_t)data : size) - pos;
}

/* Where the data at pos ends; fd stands at pos then. */
static uint64_t
data_end(struct pack *p, int fd, uint64_t pos, uint64_t size)
{
	off_t end = lseek(fd, (off_t)pos, SEEK_HOLE);

	if (lseek(fd, (off_t)pos, SEEK_SET) < 0)
		pack_fail(p, errno, NULL);
	return end > (off_t)pos && (uint64_t)end < size ? (uint64_t)end : size;
}

bool
body_send(struct pack *p, int fd, const struct stat *st, uint64_t from,
	  uint64_t to)
{
	uint64_t pos = from, end = to;
	bool holes = st->st_blocks * 512 < st->st_size, spliced = false;

	while (pos < to) {
		if (holes) {
			uint64_t zeros = hole(p, fd, pos, to);

			/* and looks again: it may be cut meanwhile */
			if (zeros > 0) {
				stop_check();
				zeros = out_zeros(&p->out, zeros);
				manifest_zeros(p->manifest, zeros);
				pos += zeros;
				continue;
			}
			end = data_end(p, fd, pos, to);
		}
		while (pos < end) {
			stop_check();
			pos += piece(p, fd, end - pos, &spliced);
		}
	}
	return spliced;
}
