/*
 * Times, owners and modes that are said in place of those on the disk.
 */
#include "alter.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "lib/timestamp.h"

/* @SECONDS, with a fraction */
static bool
read_seconds(const char *text, struct timespec *at)
{
	char *end;
	long unit = 100000000;

	if (text[strspn(text, "-")] < '0' || text[strspn(text, "-")] > '9')
		return false;
	errno = 0;
	at->tv_sec = strtoll(text, &end, 10);
	at->tv_nsec = 0;
	if (errno != 0)
		return false;
	if (*end == '.') {
		for (end++; *end >= '0' && *end <= '9' && unit > 0; end++) {
			at->tv_nsec += (*end - '0') * unit;
			unit /= 10;
		}
		/* -1.25 is three quarters of a second behind -2 */
		if (*text == '-' && at->tv_nsec > 0) {
			at->tv_sec--;
			at->tv_nsec = 1000000000 - at->tv_nsec;
		}
	}
	return *end == '\0';
}

/* a day, or a day and a time, here */
static bool
read_local(const char *text, struct timespec *at)
{
	static const char *const formats[] = {"%Y-%m-%d", "%Y-%m-%d %H:%M",
					      "%Y-%m-%d %H:%M:%S",
					      "%Y-%m-%dT%H:%M:%S"};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		struct tm tm = {.tm_isdst = -1};
		const char *end = strptime(text, formats[i], &tm);

		if (!end || *end)
			continue;
		errno = 0;
		at->tv_sec = mktime(&tm);
		at->tv_nsec = 0;
		return at->tv_sec != -1 || errno == 0;
	}
	return false;
}

bool
alter_time(const char *text, struct timespec *at)
{
	long long seconds;
	bool good;

	if (*text == '/' || *text == '.') {
		struct stat st;

		if (stat(text, &st) != 0)
			return false;
		*at = st.st_mtim;
		return true;
	}
	if (timestamp_parse(text, &seconds)) {
		*at = (struct timespec){.tv_sec = seconds};
		return true;
	}
	good = *text == '@' ? read_seconds(text + 1, at) : read_local(text, at);
	if (!good)
		errno = 0;
	return good;
}

static bool
read_id(const char *text, unsigned *id)
{
	char *end;
	unsigned long long n;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	n = strtoull(text, &end, 10);
	/* the last one stands for none */
	if (errno != 0 || *end || n >= UINT_MAX)
		return false;
	*id = (unsigned)n;
	return true;
}

/* The id of a name, asked of the system. */
static bool
find_id(const char *name, bool group, unsigned *id)
{
	const struct group *gr = group ? getgrnam(name) : NULL;
	const struct passwd *pw = group ? NULL : getpwnam(name);

	if (gr)
		*id = gr->gr_gid;
	else if (pw)
		*id = pw->pw_uid;
	return gr || pw;
}

bool
alter_owner(struct alter *a, const char *text, bool group)
{
	const char *colon = strchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : strlen(text);
	char name[OWNER_NAME_BYTES] = "";
	bool numeric;
	unsigned id;

	if (len == 0 || len >= sizeof name)
		return false;
	memcpy(name, text, len);
	numeric = !colon && read_id(text, &id);
	if (colon ? !read_id(colon + 1, &id)
		  : !numeric && !find_id(name, group, &id))
		return false;
	/* a number alone has the name that it has here */
	if (numeric)
		name[0] = '\0';
	if (group) {
		a->has_gid = true;
		a->gid = id;
		memcpy(a->gname, name, sizeof name);
	} else {
		a->has_uid = true;
		a->uid = id;
		memcpy(a->uname, name, sizeof name);
	}
	return true;
}

/* The bits that the letter stands for, for all; those of X by old. */
static int
letter_bits(char letter, unsigned old)
{
	switch (letter) {
	case 'r':
		return 0444;
	case 'w':
		return 0222;
	case 'x':
		return 0111;
	case 'X':
		return S_ISDIR(old) || (old & 0111) ? 0111 : 0;
	case 's':
		return 06000;
	case 't':
		return 01000;
	default:
		return -1;
	}
}

/* The bits that a class has, those that s and t set included. */
static unsigned
who_bits(const char **mode)
{
	unsigned bits = 0;

	for (;; (*mode)++) {
		if (**mode == 'u')
			bits |= 04700;
		else if (**mode == 'g')
			bits |= 02070;
		else if (**mode == 'o')
			bits |= 01007;
		else if (**mode == 'a')
			bits |= 07777;
		else
			return bits ? bits : 07777;
	}
}

int
alter_mode(const char *mode, mode_t old)
{
	unsigned now = old & 07777;
	size_t digits = strspn(mode, "01234567");

	/* of a directory setuid and setgid stay where they are not spoken of,
	 * as with GNU chmod */
	unsigned kept = S_ISDIR(old) ? 06000 : 0;

	if (digits > 0) {
		unsigned long said = strtoul(mode, NULL, 8);

		if (mode[digits] || said > 07777)
			return -1;
		return (int)((unsigned)said | (digits < 5 ? now & kept : 0));
	}
	do {
		unsigned who = who_bits(&mode);

		if (*mode != '+' && *mode != '-' && *mode != '=')
			return -1;
		while (*mode == '+' || *mode == '-' || *mode == '=') {
			char how = *mode++;
			unsigned bits = 0;
			int more;

			for (; (more = letter_bits(*mode, old)) >= 0; mode++)
				bits |= (unsigned)more;
			bits &= who;
			if (how == '=')
				now &= ~who | (bits & 06000 ? 0 : kept);
			now = how == '-' ? now & ~bits : now | bits;
		}
	} while (*mode == ',' && *++mode);
	return *mode ? -1 : (int)now;
}

bool
alter_earlier(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec
				      : a->tv_nsec < b->tv_nsec;
}

struct stat
alter_stat(const struct alter *a, const struct stat *st)
{
	struct stat said = *st;

	if (a->has_mtime)
		said.st_mtim = a->mtime;
	if (a->has_latest && alter_earlier(&a->latest, &said.st_mtim))
		said.st_mtim = a->latest;
	if (a->has_uid)
		said.st_uid = a->uid;
	if (a->has_gid)
		said.st_gid = a->gid;
	if (a->mode)
		said.st_mode = (st->st_mode & ~(mode_t)07777) |
			       (mode_t)alter_mode(a->mode, st->st_mode);
	return said;
}
