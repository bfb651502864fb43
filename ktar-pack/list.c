/*
 * Sorted, bounded directory listings.  A full list is sorted and its upper
 * half thrown away, so what is left at the end are the first names of all; one
 * pass over a directory of any size costs the same memory.
 */
#include "list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"

enum { FIRST_BYTES = 1024, FIRST_ENTRIES = 32 };

void
list_init(struct list *l, size_t limit)
{
	memset(l, 0, sizeof *l);
	l->limit = limit;
}

void
list_free(struct list *l)
{
	free(l->bytes);
	free(l->at);
	list_init(l, 0);
}

/* A block of n bytes from the beginning of old, which it takes the place of.
 * realloc would leave the rest where it is, in pieces that are of no use. */
static void *
shorter(void *old, size_t n)
{
	void *new = n > 0 ? xmalloc(n) : NULL;

	if (n > 0)
		memcpy(new, old, n);
	free(old);
	return new;
}

void
list_trim(struct list *l)
{
	l->bytes = shorter(l->bytes, l->used);
	l->at = shorter(l->at, l->n * sizeof *l->at);
	l->cap = l->used;
	l->at_cap = l->n;
}

size_t
list_bytes(const struct list *l)
{
	return l->cap + l->at_cap * sizeof *l->at;
}

const char *
list_name(const struct list *l, size_t i)
{
	return l->bytes + l->at[i] + 1;
}

unsigned char
list_type(const struct list *l, size_t i)
{
	return (unsigned char)l->bytes[l->at[i]];
}

static int
compare(const void *a, const void *b, void *bytes)
{
	const uint32_t *x = a, *y = b;

	return strcmp((char *)bytes + *x + 1, (char *)bytes + *y + 1);
}

static void
sort(struct list *l)
{
	if (l->n > 1)
		qsort_r(l->at, l->n, sizeof *l->at, compare, l->bytes);
}

static int
compare_places(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Throws the upper half of the names away, but never the first.  Those that
 * are left move together where they are. */
static void
halve(struct list *l)
{
	size_t keep = l->n > 1 ? l->n / 2 : 1, used = 0, i;
	uint32_t last;

	sort(l);
	last = l->at[keep - 1];
	qsort(l->at, keep, sizeof *l->at, compare_places);
	for (i = 0; i < keep; i++) {
		size_t size = strlen(list_name(l, i)) + 2;

		if (l->at[i] == last)
			l->cut = (uint32_t)used;
		memmove(l->bytes + used, l->bytes + l->at[i], size);
		l->at[i] = (uint32_t)used;
		used += size;
	}
	l->more = l->more || keep < l->n;
	l->n = keep;
	l->used = used;
}

static void
add(struct list *l, unsigned char type, const char *name)
{
	size_t size = strlen(name) + 2;

	if (l->more && strcmp(name, l->bytes + l->cut + 1) > 0)
		return;
	if (l->used + size > l->cap) {
		l->cap = l->cap ? l->cap * 2 : FIRST_BYTES;
		l->bytes = xrealloc(l->bytes, l->cap);
	}
	if (l->n == l->at_cap) {
		l->at_cap = l->at_cap ? l->at_cap * 2 : FIRST_ENTRIES;
		l->at = xrealloc(l->at, l->at_cap * sizeof *l->at);
	}
	l->bytes[l->used] = (char)type;
	memcpy(l->bytes + l->used + 1, name, size - 1);
	l->at[l->n++] = (uint32_t)l->used;
	l->used += size;
	if (l->n > 1 && l->used + l->n * sizeof *l->at > l->limit)
		halve(l);
}

/* The type of a name where the directory does not tell. */
static unsigned char
find_type(int fd, const char *name, bool follow)
{
	struct stat st;

	/* what cannot be asked now is reported when it is opened */
	if (fstatat(fd, name, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW) != 0)
		return DT_REG;
	return (unsigned char)IFTODT(st.st_mode);
}

int
list_read(int fd, struct list *files, const char *after, struct list *dirs)
{
	_Alignas(struct dirent64) char buf[32768];
	bool follow = files ? files->follow : dirs->follow;
	ssize_t got, i;

	if (after && lseek(fd, 0, SEEK_SET) < 0)
		return -1;
	while ((got = getdents64(fd, buf, sizeof buf)) > 0) {
		const struct dirent64 *d;

		for (i = 0; i < got; i += d->d_reclen) {
			unsigned char type;
			struct list *l;

			d = (const void *)(buf + i);
			if (strcmp(d->d_name, ".") == 0 ||
			    strcmp(d->d_name, "..") == 0)
				continue;
			type = d->d_type;
			if (type == DT_UNKNOWN || (type == DT_LNK && follow))
				type = find_type(fd, d->d_name, follow);
			l = type == DT_DIR ? dirs : files;
			if (l && (!after || strcmp(d->d_name, after) > 0))
				add(l, type, d->d_name);
		}
	}
	if (got < 0)
		return -1;
	if (files && (!files->unsorted || files->more))
		sort(files);
	if (dirs && (!dirs->unsorted || dirs->more))
		sort(dirs);
	return 0;
}
