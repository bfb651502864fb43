/*
 * What an ephemeral container is asked for by, and what a pod says of it.
 */
#include "ephemeral.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/mem.h"

/* The container cannot be taken away again, so it ends by itself, when for an
 * hour there was no other process that has the same root.  The name behind it
 * is for whoever looks for it among the processes. */
static const char wait_idle[] =
    "trap \"kill \\$!; exit 0\" TERM; n=0; "
    "while [ $n -lt 60 ]; do n=$((n + 1)); sleep 60 & wait; "
    "for p in /proc/[0-9]*; do "
    "[ $p = /proc/$$ ] || ! [ $p/root/. -ef / ] || n=0; done; done";

static void
put_number(struct json *obj, const char *key, long n)
{
	char *text = xasprintf("%ld", n);

	if (n >= 0)
		json_put(obj, key, json_new_scalar(text));
	free(text);
}

static struct json *
security(const struct ephemeral_ask *ask)
{
	struct json *s =
	    ask->security ? json_clone(ask->security) : json_new_object();

	put_number(s, "runAsUser", ask->user);
	put_number(s, "runAsGroup", ask->group);
	return s;
}

char *
ephemeral_patch(const struct ephemeral_ask *ask)
{
	struct json *doc = json_new_object(), *spec = json_new_object();
	struct json *list = json_new_array(), *one = json_new_object();
	struct json *command = json_new_array();
	const char *const words[] = {"sh", "-c", wait_idle, ask->name};
	char *text = NULL;
	int bad = 0;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		bad |= json_add_string(command, words[i]);
	json_put(one, "command", command);
	bad |= json_put_string(one, "image", ask->image);
	bad |= json_put_string(one, "name", ask->name);
	json_put(one, "resources", json_new_object());
	if (ask->security || ask->user >= 0)
		json_put(one, "securityContext", security(ask));
	if (*ask->target)
		bad |= json_put_string(one, "targetContainerName", ask->target);
	bad |= json_put_string(one, "terminationMessagePolicy", "File");
	json_add(list, one);
	json_put(spec, "ephemeralContainers", list);
	json_put(doc, "spec", spec);
	if (!bad)
		text = json_print_line(doc);
	json_free(doc);
	return text;
}

/* The item of a list that is called name, or NULL. */
static const struct json *
find(const struct json *list, const char *name)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *item = json_at(list, i);
		const char *this;

		if (json_get_string(item, "name", &this) > 0 &&
		    strcmp(this, name) == 0)
			return item;
	}
	return NULL;
}

const struct json *
ephemeral_security(const struct json *doc, const char *name)
{
	static const char *const lists[] = {"containers", "initContainers"};
	const struct json *found = NULL, *security;

	for (size_t i = 0; i < 2 && !found; i++)
		found = find(json_get(json_get(doc, "spec"), lists[i]), name);
	if (json_get_object(found, "securityContext", &security) <= 0)
		return NULL;
	return security;
}

const char *
ephemeral_shared(const struct json *doc)
{
	static const char *const keys[] = {"hostPID", "shareProcessNamespace"};
	bool shared = false;

	for (size_t i = 0; i < 2; i++) {
		json_get_bool(json_get(doc, "spec"), keys[i], &shared);
		if (shared)
			return keys[i];
	}
	return NULL;
}

/* "REASON: MESSAGE" of a state, or what there is of it. */
static char *
words(const struct json *state, const char *reason)
{
	const char *message = "";

	json_get_string(state, "message", &message);
	return xasprintf("%s%s%s", reason, *reason && *message ? ": " : "",
			 message);
}

/* Whether a container that waits for that reason waits in vain.  An
 * ErrImagePull comes before ImagePullBackOff, and may pass. */
static bool
in_vain(const char *reason)
{
	static const char *const reasons[] = {"ImagePullBackOff",
					      "InvalidImageName",
					      "ErrImageNeverPull",
					      "CreateContainerConfigError",
					      "RunContainerError",
					      "CreateContainerError"};

	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
		if (strcmp(reason, reasons[i]) == 0)
			return true;
	}
	return false;
}

struct ephemeral
ephemeral_look(const struct json *doc, const char *name)
{
	const struct json *spec =
	    find(json_get(json_get(doc, "spec"), "ephemeralContainers"), name);
	const struct json *state =
	    json_get(find(json_get(json_get(doc, "status"),
				   "ephemeralContainerStatuses"),
			  name),
		     "state");
	const struct json *waits = json_get(state, "waiting");
	const struct json *ended = json_get(state, "terminated");
	struct ephemeral e = {EPHEMERAL_NONE, "", NULL};
	const char *reason = "";

	json_get_string(spec, "targetContainerName", &e.target);
	json_get_string(ended ? ended : waits, "reason", &reason);
	e.why = words(ended ? ended : waits, reason);
	if (!spec)
		e.state = EPHEMERAL_NONE;
	else if (ended)
		e.state = EPHEMERAL_ENDED;
	else if (json_get(state, "running"))
		e.state = EPHEMERAL_RUNS;
	else
		e.state = in_vain(reason) ? EPHEMERAL_FAILED : EPHEMERAL_WAITS;
	return e;
}
