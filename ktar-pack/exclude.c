/*
 * Patterns that come in numbers: from a file, and those of version control.
 */
#include "exclude.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"

enum { MOST_BYTES = 16 << 20 };

void
exclude_read(struct filter *f, const char *path)
{
	char *text;
	size_t len;
	int rc;

	rc = strcmp(path, "-") == 0
		 ? io_slurp(STDIN_FILENO, MOST_BYTES, &text, &len)
		 : io_slurp_path(path, MOST_BYTES, &text, &len);
	if (rc != 0)
		die(err_failure(), errno, "%s", path);
	if (memchr(text, '\0', len))
		die(err_failure(), 0, "%s: holds a NUL", path);
	filter_add_lines(f, text);
}

void
exclude_vcs(struct filter *f)
{
	static const char *const name[] = {
	    "CVS",          ".cvsignore", "RCS",         "SCCS",
	    ".git",         ".gitignore", ".gitmodules", ".gitattributes",
	    ".svn",         ".arch-ids",  "{arch}",      "=RELEASE-ID",
	    "=meta-update", "=update",    ".bzr",        ".bzrignore",
	    ".bzrtags",     ".hg",        ".hgignore",   ".hgtags",
	    "_darcs",
	};

	for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
		filter_add(f, name[i]);
}
