#ifndef KEXEC_DISPLAY_H
#define KEXEC_DISPLAY_H

#include <stdbool.h>

#include "lib/expect.h"
#include "lib/line.h"
#include "lib/progress.h"

#include "session.h"

/* What --progress, --expect and --line ask for. */
struct display_opts {
	bool progress;
	struct expect expect; /* bytes both ways */
	const char *line;     /* the file of a line that others fill, or NULL */
};

/* How far a session is, drawn on stderr; or how far a line says that it is. */
struct display {
	const struct session *session;
	struct progress progress;
	struct expect expect;
	struct line *line;
	int fd;
	uint64_t carried; /* as the line has it from here */
	int64_t waiting;
	int64_t at; /* when it is to be drawn; -1 never */
};

/* Opens the files, if there are any, and keeps a line from being drawn
 * until display_start; ends the process where that is not possible. */
void display_open(struct display *d, const struct display_opts *o);

/* The session is open. */
void display_start(struct display *d, bool progress, const struct session *s,
		   int64_t now);

/* Draws it, and draws it when it is due. */
void display_show(struct display *d, int64_t now);
void display_show_due(struct display *d);

/* Draws it for the last time, if at all. */
void display_end(struct display *d);

#endif
