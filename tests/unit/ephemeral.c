/*
 * Ephemeral containers: what is asked for, and what a pod says of one.
 *
 * links: kexec/ephemeral lib/json lib/mem lib/err
 * pkgs: jansson
 */
#include "tap.h"

#include <stdlib.h>

#include "kexec/ephemeral.h"
#include "lib/json.h"
#include "lib/mem.h"

static struct json *
parse(const char *text)
{
	char why[128];
	struct json *j = json_parse(text, strlen(text), why, sizeof why);

	if (!j)
		ok(0, "%s: %s", text, why);
	return j;
}

static void
states(void)
{
	static const struct {
		const char *state; /* of the container "it"; NULL: no status */
		enum ephemeral_state is;
		const char *why;
	} row[] = {
	    {NULL, EPHEMERAL_WAITS, ""},
	    {"{}", EPHEMERAL_WAITS, ""},
	    {"7", EPHEMERAL_WAITS, ""},
	    {"{\"running\":{}}", EPHEMERAL_RUNS, ""},
	    {"{\"waiting\":{\"reason\":\"ContainerCreating\"}}",
	     EPHEMERAL_WAITS, "ContainerCreating"},
	    {"{\"waiting\":{\"reason\":\"ErrImagePull\",\"message\":\"no\"}}",
	     EPHEMERAL_WAITS, "ErrImagePull: no"},
	    {"{\"waiting\":{\"message\":\"no\",\"reason\":"
	     "\"ImagePullBackOff\"}}",
	     EPHEMERAL_FAILED, "ImagePullBackOff: no"},
	    {"{\"waiting\":{\"reason\":\"CreateContainerConfigError\"}}",
	     EPHEMERAL_FAILED, "CreateContainerConfigError"},
	    {"{\"waiting\":{\"reason\":5,\"message\":\"m\"}}", EPHEMERAL_WAITS,
	     "m"},
	    {"{\"terminated\":{\"reason\":\"StartError\",\"message\":\"sh: "
	     "not found\",\"exitCode\":128}}",
	     EPHEMERAL_ENDED, "StartError: sh: not found"},
	    {"{\"terminated\":{}}", EPHEMERAL_ENDED, ""},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		char *text = xasprintf(
		    "{\"spec\":{\"ephemeralContainers\":[{\"name\":\"other\"},"
		    "{\"name\":\"it\",\"targetContainerName\":\"main\"}]},"
		    "\"status\":{\"ephemeralContainerStatuses\":["
		    "{\"name\":\"other\",\"state\":{\"running\":{}}}%s%s%s]}}",
		    row[i].state ? ",{\"name\":\"it\",\"state\":" : "",
		    row[i].state ? row[i].state : "", row[i].state ? "}" : "");
		struct json *doc = parse(text);
		struct ephemeral e = ephemeral_look(doc, "it");

		ok(e.state == row[i].is, "state %zu", i);
		is(e.why, row[i].why, "state %zu: why", i);
		is(e.target, "main", "state %zu: target", i);
		free(e.why);
		json_free(doc);
		free(text);
	}
}

static void
no_such(void)
{
	static const char *const row[] = {
	    "{}", "{\"spec\":[]}",
	    "{\"spec\":{\"ephemeralContainers\":{\"name\":\"it\"}}}",
	    "{\"spec\":{\"ephemeralContainers\":[\"it\",{\"name\":7}]}}",
	    "{\"spec\":{\"containers\":[{\"name\":\"it2\"}]}}"};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct json *doc = parse(row[i]);
		struct ephemeral e = ephemeral_look(doc, "it");

		ok(e.state == EPHEMERAL_NONE, "%s: none", row[i]);
		is(e.target, "", "%s: no target", row[i]);
		ok(!ephemeral_shared(doc), "%s: nothing shared", row[i]);
		ok(!ephemeral_security(doc, "it"), "%s: no security", row[i]);
		free(e.why);
		json_free(doc);
	}
}

static void
patches(void)
{
	struct json *doc = parse(
	    "{\"spec\":{\"hostPID\":false,\"shareProcessNamespace\":true,"
	    "\"containers\":[{\"name\":\"a\"},{\"name\":\"b\","
	    "\"securityContext\":{\"runAsUser\":1000,\"x\":[0.5,-1,true,null,"
	    "\"1.0\"],\"big\":1e20}}],"
	    "\"initContainers\":[{\"name\":\"c\",\"securityContext\":{}}]}}");
	struct ephemeral_ask ask = {.name = "it",
				    .image = "im",
				    .target = "b",
				    .user = -1,
				    .group = -1};
	char *text;

	is(ephemeral_shared(doc), "shareProcessNamespace", "shared");
	ok(!ephemeral_security(doc, "a"), "none of its own");
	ok(ephemeral_security(doc, "c"), "that of a sidecar");
	ask.security = ephemeral_security(doc, "b");
	text = ephemeral_patch(&ask);
	ok(text && strstr(text, "\"securityContext\":{\"runAsUser\":1000,"
				"\"x\":[0.5,-1,true,null,\"1.0\"],"
				"\"big\":1e20}"),
	   "numbers are what they were: %s", text ? text : "none");
	free(text);
	ask.user = 7;
	ask.group = 0;
	text = ephemeral_patch(&ask);
	ok(text && strstr(text, "{\"runAsUser\":7,\"x\":") &&
	       strstr(text, "\"runAsGroup\":0"),
	   "another user: %s", text ? text : "none");
	free(text);
	ask.user = ask.group = -1;
	ask.security = NULL;
	ask.target = "";
	text = ephemeral_patch(&ask);
	ok(text && !strstr(text, "target") && !strstr(text, "security"),
	   "neither target nor security");
	free(text);
	ask.image = "\377";
	ok(!ephemeral_patch(&ask), "not UTF-8");
	json_free(doc);
}

int
main(void)
{
	states();
	no_such();
	patches();
	return tap_end();
}
