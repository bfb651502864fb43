/*
 * What the API server, the kubelet and containerd say.  Pure.
 */
#include "status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

/* Length of the well-formed UTF-8 sequence at s (RFC 3629), 0 if there is
 * none. */
static size_t
utf8_length(const unsigned char *s)
{
	size_t n, i;

	if (s[0] < 0x80)
		return 1;
	n = s[0] >= 0xc2 && s[0] <= 0xdf   ? 2
	    : s[0] >= 0xe0 && s[0] <= 0xef ? 3
	    : s[0] >= 0xf0 && s[0] <= 0xf4 ? 4
					   : 0;
	for (i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

char *
status_quote(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	char *out = xmalloc(strlen(text) * 6 + 3), *p = out;

	*p++ = '"';
	while (*s) {
		size_t n = utf8_length(s);

		if (*s == '"' || *s == '\\') {
			*p++ = '\\';
			*p++ = (char)*s;
		} else if (*s == '\n') {
			*p++ = '\\';
			*p++ = 'n';
		} else if (n == 0) {
			p += snprintf(p, 7, "\\ufffd");
			n = 1;
		} else if (*s < 0x20 || *s == '<' || *s == '>' || *s == '&') {
			p += snprintf(p, 7, "\\u%04x", *s);
		} else {
			memcpy(p, s, n);
			p += n;
		}
		s += n;
	}
	*p++ = '"';
	*p = '\0';
	return out;
}

char *
status_answer(int code, const char *reason, const char *message,
	      const char *resource, const char *name)
{
	char *m = status_quote(message), *details = NULL, *out;

	if (name)
		details = xasprintf("\"details\":{\"name\":\"%s\","
				    "\"kind\":\"%s\"},",
				    name, resource);
	out = xasprintf("{\"kind\":\"Status\",\"apiVersion\":\"v1\","
			"\"metadata\":{},\"status\":\"Failure\","
			"\"message\":%s,\"reason\":\"%s\",%s\"code\":%d}\n",
			m, reason, details ? details : "", code);
	free(details);
	free(m);
	return out;
}

char *
status_success(void)
{
	return xstrdup("{\"metadata\":{},\"status\":\"Success\"}");
}

/* containerd prints the command as Go prints a list: [a b c]. */
static char *
runtime_exit(char *const *argv, const char *code)
{
	char *list = xstrdup(""), *out;

	for (; *argv; argv++) {
		char *more = xasprintf("%s%s%s", list, *list ? " " : "", *argv);

		free(list);
		list = more;
	}
	out =
	    xasprintf("error executing command [%s], exit code %s", list, code);
	free(list);
	return out;
}

char *
status_exit(enum status_hop hop, char *const *argv, const char *code)
{
	char *tail, *text, *message, *out;

	if (hop == STATUS_TRANSLATED)
		tail = xasprintf("command terminated with exit code %s", code);
	else
		tail = runtime_exit(argv, code);
	text =
	    xasprintf("command terminated with non-zero exit code: %s", tail);
	message = status_quote(text);
	out =
	    xasprintf("{\"metadata\":{},\"status\":\"Failure\",\"message\":%s,"
		      "\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":"
		      "[{\"reason\":\"ExitCode\",\"message\":\"%s\"}]}}",
		      message, code);
	free(message);
	free(text);
	free(tail);
	return out;
}

char *
status_exit_text(char *const *argv, int code)
{
	char *number = xasprintf("%d", code);
	char *tail = runtime_exit(argv, number);
	char *out =
	    xasprintf("command terminated with non-zero exit code: %s", tail);

	free(tail);
	free(number);
	return out;
}

char *
status_failure(const char *text)
{
	char *whole = xasprintf("Internal error occurred: %s", text);
	char *message = status_quote(whole), *cause = status_quote(text);
	char *out =
	    xasprintf("{\"metadata\":{},\"status\":\"Failure\",\"message\":%s,"
		      "\"reason\":\"InternalError\",\"details\":{\"causes\":"
		      "[{\"message\":%s}]},\"code\":500}",
		      message, cause);

	free(cause);
	free(message);
	free(whole);
	return out;
}

char *
status_not_started(const char *name, int cause)
{
	/* A real runtime names a random id here; this one is always the
	 * same. */
	static const char where[] =
	    "error executing command in container: failed to exec in "
	    "container: failed to start exec \"0000000000000000000000000000000"
	    "000000000000000000000000000000000\": OCI runtime exec failed: "
	    "exec failed: ";
	char *quoted, *why, *out;

	if (!name)
		return xasprintf("%sargs must not be empty: unknown", where);
	quoted = status_quote(name);
	if (cause != ENOENT)
		why = xasprintf("%s: unknown", cause == EACCES
						   ? "permission denied"
						   : strerror(cause));
	else if (strchr(name, '/'))
		why = xasprintf("stat %s: no such file or directory: unknown",
				name);
	else
		why = xstrdup("executable file not found in $PATH: unknown");
	out = xasprintf("%sunable to start container process: exec: %s: %s",
			where, quoted, why);
	free(why);
	free(quoted);
	return out;
}
