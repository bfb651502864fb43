/*
 * The walk: a stack of directories, each held by descriptor and entered
 * through the one above it, so paths are never resolved twice and may be
 * longer than the system takes at once.  Only the deepest directories stay
 * open, and those above a symbolic link that was followed; the others are found
 * again by "..", and checked to be the same.
 */
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"

#include "list.h"

enum {
	KEEP_OPEN = 24, /* together with held files under a limit of 64 */
	FILES_BYTES = 2 << 20, /* for the list at hand */
	DIRS_BYTES = 1 << 20,  /* for those on the stack together */
	DIRS_LEAST = 512,      /* but each may have this */
	LINKS_MOST = 24,       /* links to directories on one way */
};

#define CACHE_TAG "CACHEDIR.TAG"

struct frame {
	int fd; /* -1: closed, to be found again */
	dev_t dev;
	ino_t ino;
	struct timespec mtime;
	bool linked;     /* entered by a link: its ".." is elsewhere */
	size_t name_len; /* to give to name_up when it is left */
	struct list dirs;
	size_t next; /* of dirs */
};

struct walk {
	struct pack *p;
	struct frame *stack;
	size_t depth, cap;
	size_t linked;     /* frames on the stack that are */
	size_t dirs_bytes; /* of all lists on the stack */
};

static bool
excluded(const struct pack *p)
{
	return p->filter.n > 0 && filter_excludes(&p->filter, p->name.member);
}

/* What has changed meanwhile may not be the same for the other parts, and then
 * what comes behind it is not in the same part for all of them. */
static void
check_parts(struct pack *p, const struct stat *st)
{
	if (p->shard.parts <= 1 || p->shard.late ||
	    !alter_earlier(&p->shard.begun, &st->st_ctim))
		return;
	p->shard.late = true;
	pack_odd(p, "changed after this part was begun, "
		    "so the parts may not fit together");
}

/* fstatat as it is to be done here. */
static int
look(const struct pack *p, int dirfd, const char *leaf, struct stat *st)
{
	return fstatat(dirfd, leaf, st, p->follow ? 0 : AT_SYMLINK_NOFOLLOW);
}

/* Whether a leaf is in the part that is to be packed.  What cannot be asked is
 * in all of them, and named where it is opened. */
static bool
chosen(struct pack *p, int dirfd, const char *leaf)
{
	struct stat st;

	if (p->shard.parts == 0 || look(p, dirfd, leaf, &st) != 0)
		return true;
	check_parts(p, &st);
	return shard_takes(&p->shard, &st, member_bytes(p, &st));
}

static void
begin_list(const struct walk *w, struct list *l, size_t limit)
{
	list_init(l, limit);
	l->unsorted = w->p->unsorted;
	l->follow = w->p->follow;
}

static void
pack_files(struct walk *w, int fd, struct list *files)
{
	for (;;) {
		char *last;
		int rc;

		for (size_t i = 0; i < files->n; i++) {
			const char *leaf = list_name(files, i);
			size_t up = name_down(&w->p->name, leaf);

			if (!excluded(w->p) && chosen(w->p, fd, leaf))
				(void)member_leaf(w->p, fd, leaf,
						  list_type(files, i));
			name_up(&w->p->name, up);
		}
		if (!files->more)
			break;
		last = xstrdup(list_name(files, files->n - 1));
		list_free(files);
		begin_list(w, files, FILES_BYTES);
		rc = list_read(fd, files, last, NULL);
		free(last);
		if (rc != 0)
			pack_fail(w->p, errno, NULL);
	}
}

/* What the next list of directories may use. */
static size_t
dirs_limit(const struct walk *w)
{
	size_t left =
	    w->dirs_bytes < DIRS_BYTES ? DIRS_BYTES - w->dirs_bytes : 0;

	return left / 2 > DIRS_LEAST ? left / 2 : DIRS_LEAST;
}

static void
forget_dirs(struct walk *w, struct frame *f)
{
	w->dirs_bytes -= list_bytes(&f->dirs);
	list_free(&f->dirs);
	f->next = 0;
}

static void
push(struct walk *w, const struct frame *f)
{
	if (w->depth == w->cap) {
		w->cap = w->cap ? w->cap * 2 : 16;
		w->stack = xrealloc(w->stack, w->cap * sizeof *w->stack);
	}
	w->stack[w->depth++] = *f;
	w->linked += f->linked;
	w->dirs_bytes += list_bytes(&f->dirs);
	if (w->depth > KEEP_OPEN) {
		struct frame *far = &w->stack[w->depth - KEEP_OPEN - 1];

		if (far[1].linked)
			return;
		if (far->fd >= 0)
			close(far->fd);
		far->fd = -1;
	}
}

/* Whether a directory says that it is a cache (https://bford.info/cachedir/):
 * its file CACHEDIR.TAG begins with the signature. */
static bool
is_cache(int fd)
{
	static const char sign[] =
	    "Signature: 8a477f597d28d172789f06886806bc55";
	char head[sizeof sign - 1];
	int tag =
	    openat(fd, CACHE_TAG,
		   O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	bool rc;

	if (tag < 0)
		return false;
	rc = fstat(tag, &st) == 0 && S_ISREG(st.st_mode) &&
	     io_read_full(tag, head, sizeof head) == (ssize_t)sizeof head &&
	     memcmp(head, sign, sizeof head) == 0;
	close(tag);
	return rc;
}

/* The one member beneath a directory that is a cache: its tag. */
static void
pack_tag(struct pack *p, int fd)
{
	size_t up = name_down(&p->name, CACHE_TAG);

	if (!excluded(p) && chosen(p, fd, CACHE_TAG))
		(void)member_leaf(p, fd, CACHE_TAG, DT_REG);
	name_up(&p->name, up);
}

/*
 * Whether to go into the directory leaf of dirfd, which is st, where links are
 * followed; else says why not.  *linked tells that it is behind a link.
 */
static bool
may_enter(struct walk *w, int dirfd, const char *leaf, const struct stat *st,
	  bool *linked)
{
	struct stat own;

	/* an operand is in no directory that would have to be found again */
	*linked = w->depth > 0 &&
		  fstatat(dirfd, leaf, &own, AT_SYMLINK_NOFOLLOW) == 0 &&
		  S_ISLNK(own.st_mode);
	if (*linked && w->linked == LINKS_MOST) {
		pack_lost(w->p, 0, "is behind too many links to directories");
		return false;
	}
	for (size_t i = 0; i < w->depth; i++) {
		if (w->stack[i].dev != st->st_dev ||
		    w->stack[i].ino != st->st_ino)
			continue;
		pack_lost(w->p, 0, "leads back to a directory above it");
		return false;
	}
	return true;
}

/*
 * Goes into the directory leaf of dirfd, which p->name names already, and
 * packs it and the files in it.  up is what name_up will need.
 */
static enum member_result
enter(struct walk *w, int dirfd, const char *leaf, size_t up, bool recurse)
{
	struct frame f = {.name_len = up};
	struct list files;
	struct stat st;
	bool cache = false;

	begin_list(w, &files, FILES_BYTES);
	begin_list(w, &f.dirs, dirs_limit(w));
	f.fd = member_open_dir(w->p, dirfd, leaf, &st);
	if (f.fd < 0)
		return MEMBER_FAILED;
	if (w->p->follow && !may_enter(w, dirfd, leaf, &st, &f.linked)) {
		close(f.fd);
		return MEMBER_FAILED;
	}
	check_parts(w->p, &st);
	f.dev = st.st_dev;
	f.ino = st.st_ino;
	f.mtime = st.st_mtim;
	if (recurse && w->p->one_system && w->depth > 0 &&
	    f.dev != w->stack[w->depth - 1].dev)
		recurse = false;
	if (recurse && w->p->no_caches && is_cache(f.fd)) {
		cache = true;
		recurse = false;
	}
	/* one that cannot be listed is not packed as if it were empty */
	if (recurse && list_read(f.fd, &files, NULL, &f.dirs) != 0) {
		pack_lost(w->p, errno, NULL);
		goto fail;
	}
	if (w->p->name.len > 0 && member_put_dir(w->p, f.fd, &st) != 0)
		goto fail;
	if (cache)
		pack_tag(w->p, f.fd);
	pack_files(w, f.fd, &files);
	list_free(&files);
	list_trim(&f.dirs);
	push(w, &f);
	return MEMBER_PACKED;
fail:
	list_free(&files);
	list_free(&f.dirs);
	close(f.fd);
	return MEMBER_FAILED;
}

/* Finds a directory again, whose descriptor was given up, from below. */
static void
reopen(struct walk *w, struct frame *f, int below)
{
	struct stat st;

	f->fd = openat(below, "..",
		       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (f->fd < 0 || fstat(f->fd, &st) != 0)
		pack_fail(w->p, errno, "the directory above it");
	if (st.st_dev != f->dev || st.st_ino != f->ino)
		pack_fail(w->p, 0, "was moved while it was packed");
}

static void
leave(struct walk *w)
{
	struct frame *f = &w->stack[w->depth - 1];
	struct stat now;

	if (w->depth > 1 && f[-1].fd < 0)
		reopen(w, &f[-1], f->fd);
	if (fstat(f->fd, &now) != 0 || now.st_mtim.tv_sec != f->mtime.tv_sec ||
	    now.st_mtim.tv_nsec != f->mtime.tv_nsec)
		pack_odd(w->p, "changed while it was packed");
	close(f->fd);
	w->linked -= f->linked;
	forget_dirs(w, f);
	name_up(&w->p->name, f->name_len);
	w->depth--;
}

/* The name of the next directory in the list, for the caller to free.  Behind
 * the last one the list goes, too: the way down may be long. */
static char *
take_dir(struct walk *w, struct frame *f)
{
	char *leaf = xstrdup(list_name(&f->dirs, f->next++));

	if (f->next == f->dirs.n && !f->dirs.more)
		forget_dirs(w, f);
	return leaf;
}

/* The next directory in the one on top: its name for the caller to free, or
 * NULL when there is none left. */
static char *
next_dir(struct walk *w)
{
	struct frame *f = &w->stack[w->depth - 1];
	char *leaf;

	if (f->next < f->dirs.n)
		return take_dir(w, f);
	if (!f->dirs.more)
		return NULL;
	leaf = xstrdup(list_name(&f->dirs, f->dirs.n - 1));
	forget_dirs(w, f);
	begin_list(w, &f->dirs, dirs_limit(w));
	if (list_read(f->fd, NULL, leaf, &f->dirs) != 0)
		pack_fail(w->p, errno, NULL);
	w->dirs_bytes += list_bytes(&f->dirs);
	free(leaf);
	return f->dirs.n ? take_dir(w, f) : NULL;
}

static void
descend(struct walk *w)
{
	while (w->depth > 0) {
		char *leaf = next_dir(w);
		size_t up;

		if (!leaf) {
			leave(w);
			continue;
		}
		up = name_down(&w->p->name, leaf);
		if (excluded(w->p) || enter(w, w->stack[w->depth - 1].fd, leaf,
					    up, true) != MEMBER_PACKED)
			name_up(&w->p->name, up);
		free(leaf);
	}
}

enum member_result
walk(struct pack *p, int base, const char *operand, const char *member,
     bool recurse)
{
	struct walk w = {.p = p};
	enum member_result result;
	struct stat st;

	name_begin(&p->name, operand, member);
	if (look(p, base, operand, &st) != 0) {
		pack_lost(p, errno, NULL);
		return MEMBER_FAILED;
	}
	if (excluded(p))
		return MEMBER_SKIPPED;
	if (!S_ISDIR(st.st_mode) && !member[0]) {
		pack_lost(p, 0, "is no directory, and needs a name");
		return MEMBER_FAILED;
	}
	if (!S_ISDIR(st.st_mode) && !chosen(p, base, operand))
		return MEMBER_SKIPPED;
	if (!S_ISDIR(st.st_mode))
		return member_leaf(p, base, operand,
				   (unsigned char)IFTODT(st.st_mode));
	result = enter(&w, base, operand, p->name.len, recurse);
	descend(&w);
	free(w.stack);
	return result;
}
