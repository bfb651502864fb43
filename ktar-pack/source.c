/*
 * Lists of paths, read as they come: `find` may still be writing.
 */
#include "source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/err.h"

#include "stop.h"

void
source_open(struct source *s, const char *path, bool zero)
{
	memset(s, 0, sizeof *s);
	s->path = path;
	s->end = zero ? '\0' : '\n';
	s->stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	stop_check();
	if (!s->stream)
		die(err_failure(), errno, "%s", path);
}

const char *
source_next(struct source *s)
{
	ssize_t len;

	do {
		stop_check();
		errno = 0;
		len = getdelim(&s->item, &s->cap, s->end, s->stream);
		if (len < 0) {
			stop_check();
			/* no memory is no end of the list */
			if (ferror(s->stream) || !feof(s->stream))
				die(err_failure(), errno, "%s", s->path);
			return NULL;
		}
		if (s->item[len - 1] == s->end)
			s->item[--len] = '\0';
		/* a NUL in a line would cut it into another path */
		if (strlen(s->item) != (size_t)len)
			die(err_failure(), 0,
			    "%s: holds a NUL, is it a list for -0?", s->path);
	} while (len == 0);
	return s->item;
}

void
source_close(struct source *s)
{
	if (s->stream)
		fclose(s->stream);
	free(s->item);
	memset(s, 0, sizeof *s);
}
