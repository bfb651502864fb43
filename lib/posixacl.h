#ifndef LIB_POSIXACL_H
#define LIB_POSIXACL_H

#include <stddef.h>

/*
 * A POSIX.1e access control list in its two forms: the value of the extended
 * attributes system.posix_acl_access and system.posix_acl_default, as the
 * kernel takes and gives it (linux/posix_acl_xattr.h), and the text in pax
 * records SCHILY.acl.access and SCHILY.acl.default, as star, GNU tar and
 * libarchive write it.
 *
 * Both forms are held to what the kernel takes: one entry each for the owner,
 * the group and others, a mask at most once and always where a user or a group
 * is named, none of those twice.  Pure.
 */

/* The most entries of a list: an attribute has at most 64 KiB. */
enum { POSIXACL_ENTRIES = ((64 << 10) - 4) / 8 };

/*
 * Makes the attribute of the len bytes of text, which need no NUL behind them:
 * entries user:[who]:rwx, group:[who]:rwx, mask::rwx and other::rwx, or with
 * their first letters alone, with commas or newlines between them, blanks
 * around them, and comments from # to the end of a line.  who is a number, or a
 * name when the entry ends in :number; a name alone is an error.
 *
 * Returns the value, for the caller to free, and its size in *size; or NULL
 * and in *why what is wrong.
 */
unsigned char *posixacl_from_text(const char *text, size_t len, size_t *size,
				  const char **why);

/*
 * Makes the text of an attribute: entries with commas between them and numbers
 * for names, which every reader takes.  Returns the string, for the caller to
 * free; or NULL and in *why what is wrong.
 */
char *posixacl_to_text(const unsigned char *value, size_t size,
		       const char **why);

#endif
