/*
 * Where a program is.
 */
#include "program.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "kubeconfig.h"

static bool
is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       access(path, X_OK) == 0;
}

const char *
program_find(struct arena *a, const char *command)
{
	const char *s = getenv("PATH");

	if (strchr(command, '/'))
		return command;
	for (size_t n; is_set(s); s += n + (s[n] == ':')) {
		const char *path;

		n = strcspn(s, ":");
		path = arena_format(a, "%.*s%s%s", (int)n, s, n > 0 ? "/" : "",
				    command);
		if (!is_program(path))
			continue;
		/* as Go: whoever owns the working directory is not asked */
		if (path[0] != '/') {
			errno = EACCES;
			return NULL;
		}
		return path;
	}
	errno = ENOENT;
	return NULL;
}
