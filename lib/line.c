/*
 * One line of several programs.
 */
#include "line.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "err.h"

static bool
lock(int fd, short how)
{
	struct flock whole = {.l_type = how, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

int64_t
line_pause(void)
{
	return err_draws() ? LINE_DRAW_MS : LINE_SAY_MS;
}

struct line *
line_open(const char *file, int *fd)
{
	const char *slash = strrchr(file, '/');
	struct line *line;
	struct stat st;
	int saved;

	*fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
		   0600);
	if (*fd < 0)
		return NULL;
	if (fstat(*fd, &st) != 0)
		goto fail;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		goto fail;
	}
	/* of zeros, which are good for a beginning */
	if (st.st_size < (off_t)sizeof *line &&
	    ftruncate(*fd, sizeof *line) != 0)
		goto fail;
	line = mmap(NULL, sizeof *line, PROT_READ | PROT_WRITE, MAP_SHARED, *fd,
		    0);
	if (line == MAP_FAILED)
		goto fail;
	err_share(&line->drawn, slash ? slash + 1 : file);
	return line;
fail:
	saved = errno;
	close(*fd);
	errno = saved;
	return NULL;
}

uint64_t
line_bytes(const struct line *line)
{
	uint64_t bytes = line->bytes;
	double carried = (double)line->carried;
	int64_t waiting = line->waiting;

	if (waiting <= 0)
		return bytes;
	return (uint64_t)((double)bytes * carried /
			  (carried + (double)waiting));
}

void
line_start(struct line *line, int64_t now)
{
	int64_t none = 0;

	if (atomic_compare_exchange_strong(&line->start, &none, now))
		line->next = now + line_pause();
}

bool
line_due(struct line *line, int64_t now)
{
	int64_t next = line->next;

	return line->held <= 0 && now >= next &&
	       atomic_compare_exchange_strong(&line->next, &next,
					      now + line_pause() * 3 / 4);
}

bool
line_enter(int fd)
{
	return lock(fd, F_RDLCK);
}

bool
line_leave(int fd)
{
	/* of two that leave at once one is the last */
	(void)lock(fd, F_UNLCK);
	return lock(fd, F_WRLCK);
}
