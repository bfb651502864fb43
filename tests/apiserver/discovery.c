/*
 * The documents that a client looks at to learn what the server has.  Pure.
 */
#include "discovery.h"

#include <stdio.h>
#include <string.h>

#include "lib/mem.h"

#include "workload.h"

static const struct {
	const char *path, *body;
} documents[] = {
    {"/version", "{\n  \"major\": \"1\",\n  \"minor\": \"33\",\n"
		 "  \"gitVersion\": \"v1.33.0-test\",\n"
		 "  \"gitCommit\": \"\",\n  \"gitTreeState\": \"clean\",\n"
		 "  \"buildDate\": \"2025-01-01T00:00:00Z\",\n"
		 "  \"goVersion\": \"none\",\n  \"compiler\": \"cc\",\n"
		 "  \"platform\": \"linux/amd64\"\n}\n"},
    {"/api", "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"],"
	     "\"serverAddressByClientCIDRs\":[]}\n"},
    {"/apis",
     "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":["
     "{\"name\":\"apps\",\"versions\":[{\"groupVersion\":\"apps/v1\","
     "\"version\":\"v1\"}],\"preferredVersion\":{\"groupVersion\":"
     "\"apps/v1\",\"version\":\"v1\"}},"
     "{\"name\":\"batch\",\"versions\":[{\"groupVersion\":\"batch/v1\","
     "\"version\":\"v1\"}],\"preferredVersion\":{\"groupVersion\":"
     "\"batch/v1\",\"version\":\"v1\"}},"
     "{\"name\":\"rbac.authorization.k8s.io\",\"versions\":["
     "{\"groupVersion\":\"rbac.authorization.k8s.io/v1\","
     "\"version\":\"v1\"}],\"preferredVersion\":{\"groupVersion\":"
     "\"rbac.authorization.k8s.io/v1\",\"version\":\"v1\"}}]}\n"},
};

static const struct {
	const char *path, *group_version;
} versions[] = {{"/api/v1", "v1"},
		{"/apis/apps/v1", "apps/v1"},
		{"/apis/batch/v1", "batch/v1"},
		{"/apis/rbac.authorization.k8s.io/v1",
		 "rbac.authorization.k8s.io/v1"}};

/* What the server has no more of than its name, for a dry run of kubectl. */
static const struct {
	const char *group_version, *resource, *singular, *kind;
} names[] = {
    {"v1", "serviceaccounts", "serviceaccount", "ServiceAccount"},
    {"batch/v1", "cronjobs", "cronjob", "CronJob"},
    {"rbac.authorization.k8s.io/v1", "roles", "role", "Role"},
    {"rbac.authorization.k8s.io/v1", "rolebindings", "rolebinding",
     "RoleBinding"},
};

static const char core[] =
    "{\"name\":\"namespaces\",\"singularName\":\"namespace\",\"namespaced\":"
    "false,\"kind\":\"Namespace\",\"verbs\":[\"get\",\"list\"],"
    "\"shortNames\":[\"ns\"]},"
    "{\"name\":\"pods\",\"singularName\":\"pod\",\"namespaced\":true,"
    "\"kind\":\"Pod\",\"verbs\":[\"get\",\"list\",\"watch\"],"
    "\"shortNames\":[\"po\"],\"categories\":[\"all\"]},"
    "{\"name\":\"pods/exec\",\"singularName\":\"\",\"namespaced\":true,"
    "\"kind\":\"PodExecOptions\",\"verbs\":[\"create\",\"get\"]},"
    "{\"name\":\"pods/ephemeralcontainers\",\"singularName\":\"\","
    "\"namespaced\":true,\"kind\":\"Pod\",\"verbs\":[\"patch\"]}";

/* The resources of a version. */
static char *
resources(const char *group_version)
{
	const struct workload_kind *k;
	char *out = NULL;
	size_t len = 0, n = 0, i;
	FILE *f = open_memstream(&out, &len);

	fprintf(f,
		"{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\","
		"\"groupVersion\":\"%s\",\"resources\":[",
		group_version);
	if (strcmp(group_version, "v1") == 0) {
		fputs(core, f);
		n++;
	}
	for (k = workload_kinds; k->resource; k++) {
		if (strcmp(k->group_version, group_version) != 0)
			continue;
		fprintf(f,
			"%s{\"name\":\"%s\",\"singularName\":\"%s\","
			"\"namespaced\":true,\"kind\":\"%s\",\"verbs\":"
			"[\"get\",\"list\"],\"shortNames\":[",
			n++ ? "," : "", k->resource, k->singular, k->kind);
		if (*k->short_name)
			fprintf(f, "\"%s\"", k->short_name);
		fprintf(f, "],\"categories\":[\"all\"]}");
	}
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i].group_version, group_version) == 0)
			fprintf(f,
				"%s{\"name\":\"%s\",\"singularName\":\"%s\","
				"\"namespaced\":true,\"kind\":\"%s\","
				"\"verbs\":[\"create\"]}",
				n++ ? "," : "", names[i].resource,
				names[i].singular, names[i].kind);
	fprintf(f, "]}\n");
	fclose(f);
	return out;
}

char *
discovery_json(const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(documents) / sizeof(*documents); i++)
		if (strcmp(documents[i].path, path) == 0)
			return xstrdup(documents[i].body);
	for (i = 0; i < sizeof(versions) / sizeof(*versions); i++)
		if (strcmp(versions[i].path, path) == 0)
			return resources(versions[i].group_version);
	return NULL;
}
