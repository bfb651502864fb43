/*
 * One path becomes one member.  Everything is opened first and looked at
 * through the descriptor, so a file that is exchanged meanwhile is either the
 * old one or the new one, never a mixture, and never waits (O_NONBLOCK).
 */
#include "member.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/meter.h"

#include "block.h"
#include "body.h"
#include "emit.h"
#include "holes.h"
#include "stop.h"

enum {
	OPEN_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
	/* a body up to here is read before its header leaves the buffer */
	SMALL_BYTES = 64 << 10,
};

/* The header of what p->name names, or NULL, and it is named; with the map of
 * a sparse file. */
static unsigned char *
header_of(struct pack *p, const struct stat *st, const char *link, bool hard,
	  uint64_t size, const struct sparse_map *map, size_t *len)
{
	const struct alter *a = &p->alter;
	struct stat said = alter_stat(a, st);
	struct member m = {
	    .name = p->name.member,
	    .link = link,
	    .hard = hard,
	    .st = &said,
	    .uname = a->numeric  ? ""
		     : *a->uname ? a->uname
				 : owner_user(&p->owner, said.st_uid),
	    .gname = a->numeric  ? ""
		     : *a->gname ? a->gname
				 : owner_group(&p->owner, said.st_gid),
	    .size = size,
	    .map = map,
	    .more = &p->attrs.records,
	};
	const char *why;
	unsigned char *bytes = emit_header(p->emit, &m, len, &why);

	if (!bytes)
		pack_lost(p, 0, why);
	return bytes;
}

static unsigned char *
header(struct pack *p, const struct stat *st, const char *link, bool hard,
       uint64_t size, size_t *len)
{
	return header_of(p, st, link, hard, size, NULL, len);
}

/* A member is in the stream; dir tells that it is a directory. */
static void
tell(const struct pack *p, bool dir)
{
	meter_add(0, !dir);
	if (p->verbose)
		warn(0, "%s", p->name.member);
}

/* A member that is a header and nothing else. */
static enum member_result
put_header(struct pack *p, const struct stat *st, const char *link, bool hard)
{
	size_t len;
	unsigned char *bytes = header(p, st, link, hard, 0, &len);

	if (!bytes)
		return MEMBER_FAILED;
	if (!p->dry)
		out_put(&p->out, bytes, len);
	tell(p, S_ISDIR(st->st_mode));
	return MEMBER_PACKED;
}

/* Whether the file, and what is known of it, is older than --newer asks. */
static bool
is_old(const struct pack *p, const struct stat *st)
{
	return p->has_newer && alter_earlier(&st->st_mtim, &p->newer) &&
	       alter_earlier(&st->st_ctim, &p->newer);
}

uint64_t
member_bytes(const struct pack *p, const struct stat *st)
{
	uint64_t size = S_ISREG(st->st_mode) ? (uint64_t)st->st_size : 0;
	uint64_t data = (uint64_t)st->st_blocks * 512;

	if ((!S_ISREG(st->st_mode) && !S_ISLNK(st->st_mode)) || is_old(p, st))
		return 0;
	if (p->sparse && data < size)
		size = data;
	return BLOCK + size + block_padding(size);
}

static void
check_unchanged(struct pack *p, int fd, const struct stat *st)
{
	struct stat now;

	if (fstat(fd, &now) != 0 || held_changed(st, &now))
		pack_odd(p, "changed while it was packed");
}

/* The parts that have data; their sum knows of the holes between them.
 * Returns as body_send. */
static bool
send_parts(struct pack *p, int fd, const struct stat *st,
	   const struct sparse_map *map)
{
	uint64_t pos = 0;
	bool spliced = false;

	for (size_t i = 0; i < map->n; i++) {
		const struct sparse_part *part = &map->part[i];

		manifest_zeros(p->manifest, part->at - pos);
		pos = part->at + part->len;
		spliced |= body_send(p, fd, st, part->at, pos);
	}
	return spliced;
}

/* The header promises a size before the body is read; it is kept or the
 * stream breaks.  map is that of a sparse file, or NULL.  *held tells that fd
 * is not the caller's any more. */
static enum member_result
put_large(struct pack *p, int fd, const struct stat *st,
	  const struct sparse_map *map, bool *held)
{
	uint64_t size = map ? map->stored : (uint64_t)st->st_size;
	size_t len;
	unsigned char *bytes = header_of(p, st, NULL, false, size, map, &len);

	if (!bytes)
		return MEMBER_FAILED;
	out_put(&p->out, bytes, len);
	tell(p, false);
	p->out.in_body = true;
	*held =
	    map ? send_parts(p, fd, st, map) : body_send(p, fd, st, 0, size);
	p->out.in_body = false;
	out_zero(&p->out, block_padding(size));
	if (*held)
		held_add(p, fd, st);
	else
		check_unchanged(p, fd, st);
	return MEMBER_PACKED;
}

/* The member of which header and have bytes of the body are in the room. */
static void
take_small(struct pack *p, size_t len, const unsigned char *body, size_t have)
{
	manifest_bytes(p->manifest, body, have);
	out_take(&p->out, len + have);
	out_zero(&p->out, block_padding(have));
	tell(p, false);
}

/* Header and body go into the buffer together, so whatever happens to the
 * file, what is sent can be made true. */
static enum member_result
put_small(struct pack *p, int fd, const struct stat *st, bool *held)
{
	size_t size = (size_t)st->st_size, len, have = 0;
	unsigned char *bytes = header(p, st, NULL, false, size, &len), *room;
	ssize_t got;

	if (!bytes)
		return MEMBER_FAILED;
	/* a name of half a megabyte */
	if (len + size + BLOCK > OUT_BYTES)
		return put_large(p, fd, st, NULL, held);
	if (ahead_holds(p, fd, st)) {
		room = ahead_room(p, len);
		memcpy(room, bytes, len);
		take_small(p, len, room + len, size);
		return MEMBER_PACKED;
	}
	room = out_room(&p->out, len + size + BLOCK);
	memcpy(room, bytes, len);
	do {
		/* one byte more than there should be: it may have grown */
		got = io_read(fd, room + len + have, size + 1 - have);
		if (got < 0) {
			pack_lost(p, errno, NULL);
			return MEMBER_FAILED;
		}
		have += (size_t)got;
	} while (got > 0 && have < size);
	if (have > size) {
		pack_odd(p, "grew while it was packed");
		have = size;
	} else if (have < size) {
		pack_odd(p, "shrank while it was packed");
		emit_resize(room + len - BLOCK, have);
	} else {
		check_unchanged(p, fd, st);
	}
	take_small(p, len, room + len, have);
	return MEMBER_PACKED;
}

static enum member_result
put_file(struct pack *p, int fd, const struct stat *st, bool *held)
{
	enum member_result result;
	struct sparse_map map = {0};
	const unsigned char *sum = NULL;
	const char *first = NULL;
	bool stale = false, is_link;

	if (S_ISREG(p->sink.st_mode) && st->st_dev == p->sink.st_dev &&
	    st->st_ino == p->sink.st_ino) {
		pack_odd(p, "is the output, left out");
		return MEMBER_SKIPPED;
	}
	if (manifest_is(p->manifest, st)) {
		pack_odd(p, "is the manifest, left out");
		return MEMBER_SKIPPED;
	}
	if (st->st_nlink > 1)
		first = links_find(&p->links, st, &stale);
	if (stale)
		pack_odd(p, "changed since another name of it was packed");
	/* an operand given twice is no link to itself */
	is_link = first && !stale && strcmp(first, p->name.member) != 0;
	if (is_link)
		attrs_none(p);
	else
		attrs_read(p, fd, false);
	if (is_link)
		result = put_header(p, st, first, true);
	else if (p->dry)
		result = put_header(p, st, NULL, false);
	else if (p->sparse && holes_find(fd, st, &map))
		result = put_large(p, fd, st, &map, held);
	else if (st->st_size <= SMALL_BYTES)
		result = put_small(p, fd, st, held);
	else
		result = put_large(p, fd, st, NULL, held);
	sparse_free(&map);
	if (result == MEMBER_PACKED && !is_link)
		sum = manifest_file(p->manifest, p->name.member);
	else if (result == MEMBER_PACKED)
		manifest_link(p->manifest, links_extra(first), p->name.member);
	if (result != MEMBER_PACKED || st->st_nlink == 1)
		return result;
	if (links_seen(&p->links, st, p->name.member, sum) != 0 &&
	    !p->links_full) {
		p->links_full = true;
		pack_odd(p, "too many hard links to keep in mind, "
			    "some are packed as files of their own");
	}
	return result;
}

static int
open_leaf(const struct pack *p, int dirfd, const char *leaf, int flags)
{
	/* the mode is for tests: without one it is another function */
	return openat(dirfd, leaf,
		      OPEN_FLAGS | flags | (p->follow ? 0 : O_NOFOLLOW), 0);
}

static enum member_result
pack_file(struct pack *p, int dirfd, const char *leaf)
{
	enum member_result result = MEMBER_FAILED;
	bool held = false;
	struct stat st;
	int fd = open_leaf(p, dirfd, leaf, 0);

	if (fd >= 0)
		ahead_read(p, fd);
	if (fd < 0 || fstat(fd, &st) != 0)
		pack_lost(p, errno, NULL);
	else if (!S_ISREG(st.st_mode))
		pack_lost(p, 0, "is no file any more");
	else if (is_old(p, &st))
		result = MEMBER_PACKED; /* as it should be: not at all */
	else
		result = put_file(p, fd, &st, &held);
	if (fd >= 0 && !held)
		close(fd);
	return result;
}

static enum member_result
pack_symlink(struct pack *p, int dirfd, const char *leaf)
{
	enum member_result result = MEMBER_FAILED;
	char target[PATH_MAX + 1];
	struct stat st;
	ssize_t len;
	int fd = openat(dirfd, leaf, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0)
		pack_lost(p, errno, NULL);
	else if (!S_ISLNK(st.st_mode))
		pack_lost(p, 0, "is no symbolic link any more");
	else if (is_old(p, &st))
		result = MEMBER_PACKED;
	else if ((len = readlinkat(fd, "", target, sizeof target - 1)) < 0)
		pack_lost(p, errno, NULL);
	else {
		target[len] = '\0';
		attrs_none(p);
		result = put_header(p, &st, target, false);
	}
	if (fd >= 0)
		close(fd);
	return result;
}

enum member_result
member_leaf(struct pack *p, int dirfd, const char *leaf, unsigned char type)
{
	stop_check();
	switch (type) {
	case DT_REG:
		return pack_file(p, dirfd, leaf);
	case DT_LNK:
		return pack_symlink(p, dirfd, leaf);
	case DT_FIFO:
		pack_odd(p, "is a FIFO, left out");
		break;
	case DT_SOCK:
		pack_odd(p, "is a socket, left out");
		break;
	default:
		pack_odd(p, "is a device, left out");
		break;
	}
	return MEMBER_SKIPPED;
}

int
member_open_dir(struct pack *p, int dirfd, const char *leaf, struct stat *st)
{
	int fd = open_leaf(p, dirfd, leaf, O_DIRECTORY);

	stop_check();
	if (fd >= 0 && fstat(fd, st) == 0)
		return fd;
	pack_lost(p, errno, NULL);
	if (fd >= 0)
		close(fd);
	return -1;
}

int
member_put_dir(struct pack *p, int fd, const struct stat *st)
{
	attrs_read(p, fd, true);
	return put_header(p, st, NULL, false) == MEMBER_PACKED ? 0 : -1;
}
