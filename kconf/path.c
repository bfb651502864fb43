/*
 * Where a path in a kubeconfig leads.  Pure.
 */
#include "path.h"

#include <stdbool.h>
#include <string.h>

#include "arena.h"

const char *
path_clean(struct arena *a, const char *path)
{
	char *out, *end, *from;
	bool absolute = path[0] == '/';

	out = arena_alloc(a, strlen(path) + 2);
	end = from = out + (absolute ? 1 : 0);
	if (absolute)
		*out = '/';
	while (*path) {
		size_t n = strcspn(path, "/");
		bool up = n == 2 && memcmp(path, "..", 2) == 0;

		if (n == 0 || (n == 1 && *path == '.')) {
			; /* adds nothing */
		} else if (up && end > from) {
			while (end > from && end[-1] != '/')
				end--;
			if (end > from)
				end--;
		} else if (!up || !absolute) {
			if (end > out && end[-1] != '/')
				*end++ = '/';
			memcpy(end, path, n);
			end += n;
			if (up) /* nothing can take this one back */
				from = end;
		}
		path += n + (path[n] == '/');
	}
	*end = '\0';
	return *out ? out : ".";
}

const char *
path_beside(struct arena *a, const char *cwd, const char *file,
	    const char *path)
{
	const char *slash = strrchr(file, '/');

	if (path[0] == '/' || !path[0])
		return path;
	if (slash)
		path =
		    arena_format(a, "%.*s/%s", (int)(slash - file), file, path);
	path = path_clean(a, path);
	if (cwd && strncmp(path, "..", 2) == 0 && (!path[2] || path[2] == '/'))
		path = path_clean(a, arena_format(a, "%s/%s", cwd, path));
	return path;
}
