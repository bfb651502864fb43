/*
 * Reading ahead.  pread, not read: on what has no place to stand at, as a FIFO
 * that was put where a file had been, it fails and takes nothing.
 */
#include "ahead.h"

#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "block.h"
#include "pack.h"

/* Whether the kernel that we run on sets the times of changes there, and a
 * change cannot come from elsewhere. */
static bool
has_our_clock(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) != 0)
		return false;
	switch ((unsigned long)fs.f_type) {
	case BTRFS_SUPER_MAGIC:
	case EXT4_SUPER_MAGIC:
	case F2FS_SUPER_MAGIC:
	case TMPFS_MAGIC:
	case XFS_SUPER_MAGIC:
		return true;
	default:
		return false;
	}
}

void
ahead_read(struct pack *p, int fd)
{
	struct ahead *a = &p->ahead;
	ssize_t got;

	a->tried = false;
	/* with --newer little of what is opened is read, and attributes are
	 * read between the two looks */
	if (p->dry || p->has_newer || p->attrs.xattrs || p->attrs.acls ||
	    (a->known && !a->ours))
		return;
	if (a->lead < BLOCK || a->lead > AHEAD_BYTES)
		a->lead = BLOCK;
	a->at = out_room(&p->out, a->lead + AHEAD_BYTES + BLOCK) + a->lead;
	a->begun = time(NULL);
	got = pread(fd, a->at, AHEAD_BYTES, 0);
	a->tried = got >= 0;
	a->have = got < 0 ? 0 : (size_t)got;
}

bool
ahead_holds(struct pack *p, int fd, const struct stat *st)
{
	struct ahead *a = &p->ahead;

	if (!a->known || a->dev != st->st_dev) {
		a->known = true;
		a->ours = has_our_clock(fd);
		a->dev = st->st_dev;
	}
	/* whole seconds: not every inode has room for finer ones */
	return a->tried && a->ours && (uint64_t)st->st_size == a->have &&
	       st->st_ctim.tv_sec < a->begun;
}

unsigned char *
ahead_room(struct pack *p, size_t len)
{
	struct ahead *a = &p->ahead;
	unsigned char *room = out_room(&p->out, len + a->have + BLOCK);

	/* where that was flushed, at is still in the buffer */
	if (a->at != room + len)
		memmove(room + len, a->at, a->have);
	a->lead = len;
	return room;
}
