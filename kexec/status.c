/*
 * Status objects.  Whatever is not understood is a fault, never a success.
 */
#include "status.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/mem.h"

static struct verdict
fault(const char *text)
{
	struct verdict v = {VERDICT_FAULT, EXIT_UNKNOWN, xstrdup(text)};

	return v;
}

static bool
ends_with(const char *s, size_t len, const char *end)
{
	size_t n = strlen(end);

	return len >= n && memcmp(s + len - n, end, n) == 0;
}

/*
 * What the runtime's text says about a command that it could not start: runc
 * and crun end it with the system's words, containerd adds ": unknown".  Only
 * the end is looked at, since the command's own words stand in the middle.
 */
static int
cannot_start(const char *message)
{
	static const char *const missing[] = {"not found in $PATH",
					      "no such file or directory",
					      "No such file or directory"};
	static const char *const unfit[] = {
	    "permission denied", "Permission denied", "exec format error",
	    "Exec format error", "is a directory",    "Is a directory"};
	size_t len = strlen(message);

	if (!strstr(message, "OCI runtime exec failed") &&
	    !strstr(message, "exec: ") && !strstr(message, "executable file "))
		return EXIT_UNKNOWN;
	/* the runtime itself could not be reached */
	if (strstr(message, "connect: ") || strstr(message, "dial "))
		return EXIT_UNKNOWN;
	if (ends_with(message, len, ": unknown"))
		len -= strlen(": unknown");
	for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
		if (ends_with(message, len, missing[i]))
			return EXIT_NOT_FOUND;
	}
	for (size_t i = 0; i < sizeof unfit / sizeof unfit[0]; i++) {
		if (ends_with(message, len, unfit[i]))
			return EXIT_CANNOT_RUN;
	}
	return EXIT_UNKNOWN;
}

/* A decimal number from 1 to 255, or -1: a failure has no exit code 0. */
static int
exit_code(const char *s)
{
	int code = 0;

	if (!*s)
		return -1;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -1;
		code = code * 10 + (*s - '0');
		if (code > 255)
			return -1;
	}
	return code > 0 ? code : -1;
}

static struct verdict
nonzero(const struct json *doc)
{
	const struct json *causes =
	    json_get(json_get(doc, "details"), "causes");

	for (size_t i = 0; i < json_count(causes); i++) {
		const struct json *cause = json_at(causes, i);
		const char *reason = "", *text = "";
		struct verdict v = {VERDICT_EXITED, 0, NULL};

		if (json_get_string(cause, "reason", &reason) <= 0 ||
		    strcmp(reason, "ExitCode") != 0)
			continue;
		if (json_get_string(cause, "message", &text) <= 0 ||
		    (v.code = exit_code(text)) < 0)
			return fault("status with an invalid exit code");
		return v;
	}
	return fault("status without an exit code");
}

struct verdict
status_verdict(const char *buf, size_t len)
{
	const char *status = "", *reason = "", *message = "";
	char why[128];
	struct json *doc = json_parse(buf, len, why, sizeof why);
	struct verdict v = {VERDICT_EXITED, 0, NULL};

	if (!doc) {
		v.kind = VERDICT_NONE;
		return v;
	}
	json_get_string(doc, "status", &status);
	json_get_string(doc, "reason", &reason);
	json_get_string(doc, "message", &message);
	if (strcmp(status, "Success") == 0) {
		;
	} else if (strcmp(status, "Failure") != 0) {
		v = fault("status that is neither Success nor Failure");
	} else if (strcmp(reason, "NonZeroExitCode") == 0) {
		v = nonzero(doc);
	} else {
		v.kind = VERDICT_FAILED;
		v.code = cannot_start(message);
		v.message = xstrdup(*message ? message : "failed, no reason");
	}
	json_free(doc);
	return v;
}

void
verdict_free(struct verdict *v)
{
	free(v->message);
	memset(v, 0, sizeof *v);
}
