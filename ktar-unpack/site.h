#ifndef KTAR_UNPACK_SITE_H
#define KTAR_UNPACK_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "lib/tree.h"

#include "fresh.h"
#include "inodes.h"
#include "later.h"

/* What came of a member, or of a run; the worst counts. */
enum outcome {
	OUTCOME_DONE,
	OUTCOME_REFUSED, /* or kept; it was said */
	OUTCOME_FAILED,  /* the system said no; it was said */
	OUTCOME_FATAL    /* as failed, and going on makes no sense */
};

/* Of what came so far and what has come now, the worse. */
static inline void
outcome_add(enum outcome *worst, enum outcome rc)
{
	if (rc > *worst)
		*worst = rc;
}

/* The destination and all that placing a member needs. */
struct site {
	struct tree *tree;
	struct tree *partial; /* --partial-dir; NULL: there is none */
	struct inodes *made;
	struct later *later;
	mode_t umask;
	bool keep;     /* -k: what exists stays */
	bool preserve; /* -p: modes as they are in the archive */
	bool owner;    /* --same-owner */
	bool new_root; /* the destination itself is new, as its members are */
	bool apart;    /* nobody sees any of it before it is whole */
	bool xattrs, acls; /* --xattrs, --acls */
	size_t waiting;    /* bytes of attributes kept for directories */
	enum outcome
	    attrs;   /* the worst of attributes and times, not of members */
	bool quiet;  /* warnings are not said */
	size_t said; /* lines about members so far */
	size_t refused_unsaid, failed_unsaid;
	char temporary[40]; /* name of what is being made; "": none yet */
	struct fresh unseen;
	bool at_once; /* no fresh directories: what is made is shown */
	enum outcome shown;
};

/* A site beneath the open directory root, which it takes over. */
void site_open(struct site *s, int root);
void site_close(struct site *s);

/* Where a path leads: its directory, borrowed until another path is asked for,
 * and its last component. */
struct spot {
	int dir;
	const char *name, *path;
};

/* As tree_dir, which is asked through this alone: it shows a fresh directory
 * unless that is what is asked for. */
int site_dir(struct site *s, const char *path, size_t len, bool make);

/* Finds, and makes, the directory that path lies in. */
enum outcome site_find(struct site *s, const char *path, size_t len,
		       struct spot *spot);

/*
 * Looks at what is at path, and makes nothing.  Returns 0; or -1 with errno,
 * ENOENT, ENOTDIR or ELOOP when nothing can be there.
 */
int site_look(struct site *s, const char *path, size_t len, struct spot *spot,
	      struct stat *st);

/* Says that path was refused, and why; or counts it when enough was said. */
enum outcome site_refuse(struct site *s, const char *path, const char *why);

/* Says what the system said about path; or counts it, unless it is fatal. */
enum outcome site_error(struct site *s, const char *path, int errnum);

/* As site_error, and going on always makes sense. */
enum outcome site_failed(struct site *s, const char *path, int errnum);

/* At the end: says how many were only counted. */
void site_sum_up(const struct site *s);

/*
 * Makes the name of spot free: removes a file, a link or an empty directory.
 * Refuses when a directory with files is there, or anything with -k.
 */
enum outcome site_clear(struct site *s, const struct spot *spot);

/* Whether *st is a file or a directory that this run has made; it lies in the
 * directory dir. */
bool site_made(const struct site *s, int dir, const struct stat *st);

/* Chooses another temporary name.  0, or -1 with errno. */
int site_choose_name(struct site *s);

/* Renames the file name in the directory dir to what to says, which then has
 * the place of whatever file was there. */
enum outcome site_take(struct site *s, int dir, const char *name,
		       const struct spot *to);

/* Whether every file system holds the time, so that none needs a look. */
bool site_time_fits(int64_t mtime);

/* Says when *st, looked at after its time was set, has another: the file system
 * has put the nearest that it holds. */
void site_check_time(struct site *s, const char *path, const struct stat *st,
		     int64_t mtime);

/* The archive's time as futimens takes it; the access time stays. */
void site_times(struct timespec out[2], int64_t mtime, long mtime_ns);

#endif
