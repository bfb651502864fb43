/*
 * Extended attributes and access control lists, by descriptor.
 */
#include "xattrs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "lib/mem.h"

static bool
is_wanted(const struct site *s, const struct attr *attr)
{
	return attr->acl ? s->acls : s->xattrs;
}

static enum outcome
refuse(struct site *s, const char *path, const char *name, const char *why)
{
	size_t size = strlen(name) + strlen(why) + 16;
	char *text = xmalloc(size);
	enum outcome rc;

	snprintf(text, size, "refused: %s: %s", name, why);
	rc = site_refuse(s, path, text);
	free(text);
	return rc;
}

static enum outcome
put(struct site *s, int fd, const char *path, const struct attr *attr)
{
	size_t size = strlen(path) + strlen(attr->name) + 3;
	enum outcome rc;
	char *label;

	if (fd < 0 || fsetxattr(fd, attr->name, attr->value, attr->len, 0) == 0)
		return OUTCOME_DONE;
	label = xmalloc(size);
	snprintf(label, size, "%s: %s", path, attr->name);
	rc = site_failed(s, label, errno);
	free(label);
	return rc;
}

/* The attributes that are lists, or those that are not. */
static enum outcome
put_those(struct site *s, int fd, bool dir, const char *path,
	  const struct attrs *a, bool acls)
{
	enum outcome worst = OUTCOME_DONE, rc;
	struct attr attr;
	size_t at = 0;

	while (attrs_next(a, &at, &attr)) {
		if (attr.acl != acls || !is_wanted(s, &attr))
			rc = OUTCOME_DONE;
		else if (attr.why)
			rc = refuse(s, path, attr.name, attr.why);
		else if (attr.for_dir && !dir)
			rc = refuse(s, path, attr.name, "not a directory");
		else
			rc = put(s, fd, path, &attr);
		outcome_add(&worst, rc);
		attr_clear(&attr);
	}
	return worst;
}

/* Attributes can only be set by who may write, whatever the descriptor may
 * do. */
static enum outcome
put_xattrs(struct site *s, int fd, bool dir, const char *path,
	   const struct attrs *a)
{
	enum outcome rc;
	struct stat st;

	if (fd < 0)
		return put_those(s, fd, dir, path, a, false);
	if (fstat(fd, &st) != 0 || fchmod(fd, 0700) != 0)
		return site_failed(s, path, errno);
	rc = put_those(s, fd, dir, path, a, false);
	if (fchmod(fd, st.st_mode & 07777) != 0)
		return site_failed(s, path, errno);
	return rc;
}

/* A list says what the mode says, and more; so the umask counts for it. */
static enum outcome
put_acls(struct site *s, int fd, bool dir, const char *path,
	 const struct attrs *a)
{
	enum outcome rc = put_those(s, fd, dir, path, a, true);
	struct stat st;

	if (fd < 0 || s->preserve)
		return rc;
	if (fstat(fd, &st) != 0 ||
	    ((st.st_mode & s->umask) != 0 &&
	     fchmod(fd, st.st_mode & 07777 & ~s->umask) != 0))
		return site_failed(s, path, errno);
	return rc;
}

enum outcome
xattrs_put(struct site *s, int fd, bool dir, const char *path,
	   const struct attrs *a)
{
	enum outcome worst = OUTCOME_DONE;

	if (s->xattrs)
		outcome_add(&worst, put_xattrs(s, fd, dir, path, a));
	if (s->acls)
		outcome_add(&worst, put_acls(s, fd, dir, path, a));
	return worst;
}

enum outcome
xattrs_refuse(struct site *s, const char *path, const struct attrs *a)
{
	enum outcome worst = OUTCOME_DONE;
	struct attr attr;
	size_t at = 0;

	while (attrs_next(a, &at, &attr)) {
		if (is_wanted(s, &attr))
			worst = refuse(s, path, attr.name,
				       "not a file or directory");
		attr_clear(&attr);
	}
	return worst;
}
