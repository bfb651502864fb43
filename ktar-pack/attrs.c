/*
 * Extended attributes and ACLs, read through the descriptor that the content is
 * read from, so they are those of the same file.
 */
#include "attrs.h"

#include <errno.h>
#include <linux/limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "lib/posixacl.h"

#include "pack.h"

/* The shortest name, with its NUL, is user.a. */
enum { NAMES_MOST = XATTR_LIST_MAX / sizeof "user.a" };

static bool
is_absent(int errnum)
{
	/* removed meanwhile; or no such thing here */
	return errnum == ENODATA || errnum == EOPNOTSUPP;
}

/* Says that one of them, called name, is not in the stream. */
static void
lost(struct pack *p, const char *name, int errnum, const char *cause)
{
	char *shown = name_shown(&p->name);

	if (cause)
		warn(errnum, "%s: %s: %s", shown, name, cause);
	else
		warn(errnum, "%s: %s", shown, name);
	free(shown);
	p->partial = true;
}

/* The value of name, in a->value; its size, or -1: there is none. */
static ssize_t
get(struct pack *p, int fd, const char *name)
{
	ssize_t size =
	    fgetxattr(fd, name, p->attrs.value, (size_t)XATTR_SIZE_MAX);

	if (size < 0 && !is_absent(errno))
		lost(p, name, errno, NULL);
	return size;
}

/* Adds a record, where there is room for it. */
static void
put(struct pack *p, const char *prefix, const char *name, const void *value,
    size_t len)
{
	struct pax *r = &p->attrs.records;
	char *keyword, *at;

	if (r->len + len + strlen(name) * 3 + 64 > ATTRS_BYTES) {
		lost(p, name, 0, "more than a header should hold");
		return;
	}
	at = keyword = xmalloc(strlen(prefix) + strlen(name) * 3 + 1);
	at = stpcpy(at, prefix);
	/* as GNU tar and libarchive: a keyword ends at an equals sign */
	for (; *name; name++) {
		if (*name == '=')
			at = stpcpy(at, "%3D");
		else if (*name == '%')
			at = stpcpy(at, "%25");
		else
			*at++ = *name;
	}
	*at = '\0';
	pax_bytes(r, keyword, value, len);
	free(keyword);
}

static void
put_acl(struct pack *p, int fd, const char *name, const char *keyword)
{
	ssize_t size = get(p, fd, name);
	const char *why;
	char *text;

	if (size < 0)
		return;
	text = posixacl_to_text((const unsigned char *)p->attrs.value,
				(size_t)size, &why);
	if (text)
		put(p, keyword, "", text, strlen(text));
	else
		lost(p, name, 0, why);
	free(text);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
is_packed(const char *name)
{
	return strncmp(name, "user.", 5) == 0 ||
	       strncmp(name, "trusted.", 8) == 0 ||
	       strncmp(name, "security.", 9) == 0;
}

static void
put_xattrs(struct pack *p, int fd)
{
	struct attrs *a = &p->attrs;
	ssize_t len = flistxattr(fd, a->names, XATTR_LIST_MAX), size;
	size_t n = 0;

	if (len < 0) {
		if (!is_absent(errno))
			lost(p, "extended attributes", errno, NULL);
		return;
	}
	/* each ends with a NUL; the last one does here, whatever was said */
	a->names[len] = '\0';
	for (const char *at = a->names; at < a->names + len;
	     at += strlen(at) + 1)
		if (is_packed(at) && n < NAMES_MOST)
			a->name[n++] = at;
	qsort(a->name, n, sizeof *a->name, compare);
	for (size_t i = 0; i < n; i++)
		if ((size = get(p, fd, a->name[i])) >= 0)
			put(p, "SCHILY.xattr.", a->name[i], a->value,
			    (size_t)size);
}

void
attrs_read(struct pack *p, int fd, bool dir)
{
	struct attrs *a = &p->attrs;

	a->records.len = 0;
	if (!a->xattrs && !a->acls)
		return;
	if (!a->value) {
		a->value = xmalloc((size_t)XATTR_SIZE_MAX);
		a->names = xmalloc((size_t)XATTR_LIST_MAX + 1);
		a->name = xmalloc(NAMES_MOST * sizeof *a->name);
	}
	if (a->acls)
		put_acl(p, fd, "system.posix_acl_access", "SCHILY.acl.access");
	if (a->acls && dir)
		put_acl(p, fd, "system.posix_acl_default",
			"SCHILY.acl.default");
	if (a->xattrs)
		put_xattrs(p, fd);
}

void
attrs_none(struct pack *p)
{
	p->attrs.records.len = 0;
}

void
attrs_free(struct attrs *a)
{
	pax_free(&a->records);
	free(a->names);
	free(a->value);
	free(a->name);
}
