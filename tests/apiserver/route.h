#ifndef TESTS_APISERVER_ROUTE_H
#define TESTS_APISERVER_ROUTE_H

/*
 * A path of the API cut into its parts:
 * /api/v1/namespaces/NAMESPACE/RESOURCE[/NAME[/SUB]], or /apis/GROUP/VERSION
 * instead of /api/v1, or without a namespace for all of them.
 */
struct route {
	char *text;                        /* holds the parts */
	const char *group_version;         /* "v1", "apps/v1" */
	const char *namespace;             /* NULL: all */
	const char *resource, *name, *sub; /* the last two may be NULL */
};

/* Cuts path; 0, or -1 when it is no such path.  route_free in any case. */
int route_parse(struct route *r, const char *path);

void route_free(struct route *r);

#endif
