/*
 * lib/posixacl: texts as star, GNU tar and libarchive write them, the bytes
 * that the kernel has, and what neither should be.
 *
 * links: lib/posixacl lib/mem lib/err
 */
#include "tap.h"

#include <stdbool.h>
#include <stdlib.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "lib/posixacl.h"

/* tag, permissions, id */
#define ENTRY(tag, perm, a, b, c, d) tag, 0, perm, 0, a, b, c, d
#define NOBODY(tag, perm)            ENTRY(tag, perm, 0xff, 0xff, 0xff, 0xff)

static const unsigned char full[] = {2,
				     0,
				     0,
				     0, /* version */
				     NOBODY(1, 6),
				     ENTRY(2, 4, 1, 0, 0, 0),
				     ENTRY(2, 7, 0xe8, 3, 0, 0),
				     NOBODY(4, 4),
				     ENTRY(8, 5, 0xfe, 0xff, 0xff, 0xff),
				     NOBODY(16, 5),
				     NOBODY(32, 0)};
static const char full_text[] = "user::rw-,user:1:r--,user:1000:rwx,group::r--,"
				"group:4294967294:r-x,mask::r-x,other::---";

static void
reads(const char *text, const char *name)
{
	const char *why;
	size_t size = 0;
	unsigned char *v = posixacl_from_text(text, strlen(text), &size, &why);

	ok(v && !why && size == sizeof full && memcmp(v, full, size) == 0,
	   "%s: read", name);
	free(v);
}

static void
refuses(const char *text, const char *cause)
{
	const char *why = NULL;
	size_t size;
	unsigned char *v = posixacl_from_text(text, strlen(text), &size, &why);

	ok(!v, "refused: %s", text);
	is(why, cause, "for this reason");
	free(v);
}

static void
refuses_value(const unsigned char *value, size_t size, const char *cause)
{
	const char *why = NULL;
	char *text = posixacl_to_text(value, size, &why);

	ok(!text, "refused: a value");
	is(why, cause, "for this reason");
	free(text);
}

/* n named users beside what has to be there, as a text and back */
static void
many(unsigned n, bool good)
{
	size_t room = (size_t)n * 32 + 64, len = 0, size;
	char *text = xmalloc(room), *back;
	const char *why;
	unsigned char *v;

	len += (size_t)snprintf(text, room, "user::rwx,");
	for (unsigned i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, room - len, "user:%u:r--,",
					i * 3);
	len += (size_t)snprintf(text + len, room - len,
				"group::r-x,mask::rwx,other::--x");
	v = posixacl_from_text(text, len, &size, &why);
	ok(!v == !good, "%u named users: %s", n, good ? "read" : "refused");
	if (!good)
		is(why, "too many entries", "for this reason");
	if (v) {
		ok(size == 4 + 8 * (size_t)(n + 4), "of the right size");
		back = posixacl_to_text(v, size, &why);
		is(back, text, "and the same text again");
		free(back);
	}
	free(v);
	free(text);
}

int
main(void)
{
	unsigned char value[sizeof full];
	const char *why;
	char *text;

	err_init("posixacl", 1);
	text = posixacl_to_text(full, sizeof full, &why);
	is(text, full_text, "the text of a value");
	ok(!why, "and nothing is wrong");
	free(text);

	reads(full_text, "what was written");
	reads("other::---,mask::r-x,group:4294967294:r-x,group::r--,"
	      "user:1000:rwx,user:1:r--,user::rw-",
	      "in another order");
	reads("user::rw-,group::r--,other::---,user:daemon:r--:1,"
	      "user:joe:rwx:1000,group:www-data:r-x:4294967294,mask::r-x",
	      "libarchive");
	reads("user::rw-,user:1:r--:1,user:joe:rwx:1000,group::r--,"
	      "group:x:r-x:4294967294,mask:r-x,other:---",
	      "star");
	reads("user::rw-\nuser:1:r--\nuser:1000:rwx\t#effective:r-x\n"
	      "group::r--\ngroup:4294967294:r-x\nmask::r-x\nother::---\n",
	      "GNU tar --numeric-owner");
	reads("# file: x\n\n  u::rw- ,u:1:r--\n u:1000:rwx, g::r--,"
	      "g:4294967294:r-x,\t\nm::r-x,o::---, \n",
	      "first letters, comments and blanks");

	refuses("", "no entry for the owner, the group or others");
	refuses("user::rwx,group::r-x",
		"no entry for the owner, the group or others");
	refuses("user::rwx,group::r-x,other::r-x,user:1:rwx",
		"named users or groups, and no mask");
	refuses("user::rwx,group::r-x,other::r-x,group:1:rwx",
		"named users or groups, and no mask");
	refuses("user::rwx,user::r-x,group::r-x,other::r-x", "an entry twice");
	refuses("user::rwx,user:7:r-x,user:007:rwx,group::r-x,mask::rwx,"
		"other::r-x",
		"an entry twice");
	refuses("user::rwx,group::r-x,mask::rwx,mask::rwx,other::r-x",
		"an entry twice");
	refuses("user:joe:rwx", "a name and no number");
	refuses("user:joe:rwx:", "a name and no number");
	refuses("user:joe:rwx:bob", "a name and no number");
	refuses("user:joe:rwx:-1", "a name and no number");
	refuses("user:1:rwx:2", "two numbers for one entry");
	refuses("user::rwx:2", "a number for nobody by name");
	refuses("mask:1:rwx", "a mask or others by name");
	refuses("other:joe:rwx:1", "a mask or others by name");
	refuses("user:4294967295:rwx", "an id out of range");
	refuses("user:18446744073709551617:rwx", "an id out of range");
	refuses("user:joe:rwx:99999999999999999999999", "an id out of range");
	refuses("user:rwx", "an entry without permissions");
	refuses("user", "an entry of no kind that is known");
	refuses("default:user::rwx", "an entry of no kind that is known");
	refuses("users::rwx", "an entry of no kind that is known");
	refuses(",user::rwx", "an entry of no kind that is known");
	refuses("user::rw", "permissions that are not of the form rwx");
	refuses("user::xwr", "permissions that are not of the form rwx");
	refuses("user::rwxs", "permissions that are not of the form rwx");
	refuses("user::7", "permissions that are not of the form rwx");
	refuses("user::rwx group::rwx", "something behind an entry");
	many(POSIXACL_ENTRIES - 4, true);
	many(POSIXACL_ENTRIES - 3, false);

	for (size_t n = 0; n < sizeof full; n++) {
		text = posixacl_to_text(full, n, &why);
		if (text)
			break;
	}
	ok(!text, "no part of a value is one");
#define WITH(at, byte, cause)                                \
	do {                                                 \
		memcpy(value, full, sizeof full);            \
		value[at] = (byte);                          \
		refuses_value(value, sizeof value, (cause)); \
	} while (0)
	WITH(0, 1, "not as the kernel has it");
	WITH(3, 1, "not as the kernel has it");
	WITH(4, 0, "an entry of no kind that is known");
	WITH(4, 3, "an entry of no kind that is known");
	WITH(4, 32, "an entry of no kind that is known");
	WITH(5, 1, "an entry of no kind that is known");
	WITH(4 + 6 * 8, 64, "an entry of no kind that is known");
	WITH(6, 8, "permissions that are not of the form rwx");
	WITH(7, 1, "permissions that are not of the form rwx");
	WITH(4 + 8, 1, "an entry twice");
	memcpy(value, full, sizeof full);
	memset(value + 4 + 8 + 4, 0xff, 4);
	refuses_value(value, sizeof value, "an id out of range");
	return tap_end();
}
