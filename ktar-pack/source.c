/*
 * Lists of paths, read as they come: `find` may still be writing.
 */
#include "source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/err.h"
#include "lib/mem.h"

#include "stop.h"

/* more than any system takes as a path */
enum { ITEM_BYTES = 1 << 16 };

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
	s->item = xmalloc(ITEM_BYTES + 1);
}

const char *
source_next(struct source *s)
{
	size_t len;
	int c;

	do {
		stop_check();
		for (len = 0; (c = getc_unlocked(s->stream)) != EOF; len++) {
			if (c == s->end)
				break;
			/* a NUL in a line would cut it into another path */
			if (c == '\0')
				die(err_failure(), 0,
				    "%s: holds a NUL, is it a list for -0?",
				    s->path);
			if (len == ITEM_BYTES)
				die(err_failure(), 0,
				    "%s: holds a path of more than %d bytes",
				    s->path, ITEM_BYTES);
			s->item[len] = (char)c;
		}
		if (c == EOF) {
			int errnum = errno;

			stop_check();
			if (ferror(s->stream))
				die(err_failure(), errnum, "%s", s->path);
		}
	} while (len == 0 && c != EOF);
	s->item[len] = '\0';
	return len > 0 ? s->item : NULL;
}

void
source_close(struct source *s)
{
	if (s->stream)
		fclose(s->stream);
	free(s->item);
	memset(s, 0, sizeof *s);
}
