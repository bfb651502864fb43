/*
 * Status objects in the bodies of answers.
 */
#include "apistatus.h"

#include <string.h>

#include "json.h"
#include "mem.h"

char *
apistatus_message(const char *buf, size_t len)
{
	const char *kind = "", *message = NULL;
	char why[128], *text = NULL;
	struct json *doc = json_parse(buf, len, why, sizeof why);

	if (doc && json_get_string(doc, "kind", &kind) > 0 &&
	    strcmp(kind, "Status") == 0 &&
	    json_get_string(doc, "message", &message) > 0)
		text = xstrdup(message);
	json_free(doc);
	return text;
}
