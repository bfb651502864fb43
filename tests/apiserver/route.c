/*
 * Paths of the API.  Pure.
 */
#include "route.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

/* Takes a part off *s, which becomes NULL behind the last. */
static const char *
take_part(char **s)
{
	char *part = *s, *slash = part ? strchr(part, '/') : NULL;

	if (slash)
		*slash = '\0';
	*s = slash ? slash + 1 : NULL;
	return part;
}

int
route_parse(struct route *r, const char *path)
{
	static const char core[] = "/api/", groups[] = "/apis/";
	static const char spaces[] = "namespaces/";
	char *rest, *slash;

	memset(r, 0, sizeof(*r));
	r->text = xstrdup(path);
	if (strncmp(path, core, strlen(core)) == 0) {
		rest = r->text + strlen(core);
		r->group_version = take_part(&rest);
	} else if (strncmp(path, groups, strlen(groups)) == 0) {
		rest = r->text + strlen(groups);
		r->group_version = rest;
		slash = strchr(rest, '/');
		if (!slash)
			return -1;
		rest = slash + 1;
		take_part(&rest);
	} else {
		return -1;
	}
	if (rest && strncmp(rest, spaces, strlen(spaces)) == 0) {
		rest += strlen(spaces);
		r->namespace = take_part(&rest);
	}
	r->resource = take_part(&rest);
	r->name = take_part(&rest);
	r->sub = take_part(&rest);
	return r->resource && !rest ? 0 : -1;
}

void
route_free(struct route *r)
{
	free(r->text);
	memset(r, 0, sizeof(*r));
}
