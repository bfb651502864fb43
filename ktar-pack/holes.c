/*
 * Holes, as the file system tells where they are.
 */
#include "holes.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

/* The next data of fd from pos on; whether there is some. */
static bool
next_data(int fd, uint64_t pos, uint64_t size, uint64_t *from, uint64_t *to)
{
	off_t data = lseek(fd, (off_t)pos, SEEK_DATA), hole;

	if (data < 0 && errno == ENXIO)
		return false;
	/* no holes for one who cannot tell where they are */
	*from = data < (off_t)pos ? pos : (uint64_t)data;
	hole = lseek(fd, (off_t)*from, SEEK_HOLE);
	*to = hole <= (off_t)*from || (uint64_t)hole > size ? size
							    : (uint64_t)hole;
	return *from < size;
}

bool
holes_find(int fd, const struct stat *st, struct sparse_map *s)
{
	uint64_t size = (uint64_t)st->st_size, from, to = 0;
	bool found = false;

	if ((uint64_t)st->st_blocks * 512 >= size)
		return false;
	sparse_begin(s, size);
	while (to < size && next_data(fd, to, size, &from, &to))
		if (!sparse_data(s, from, to - from))
			break;
	sparse_end(s);
	/* a file that cannot be put back can neither be read */
	found = lseek(fd, 0, SEEK_SET) == 0 && sparse_has_holes(s);
	if (!found)
		sparse_free(s);
	return found;
}
