/*
 * An ACL of a stranger's: as text, and as the value of an attribute.  What is
 * read from one is written to the other, and comes back as it was.
 *
 * links: lib/posixacl lib/mem lib/err
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/posixacl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *why;
	size_t len, len2;
	unsigned char *value =
	    posixacl_from_text((const char *)data, size, &len, &why);
	char *text;

	if (!value != !!why)
		abort();
	if (value) {
		unsigned char *again;

		text = posixacl_to_text(value, len, &why);
		if (!text)
			abort();
		again = posixacl_from_text(text, strlen(text), &len2, &why);
		if (!again || len2 != len || memcmp(value, again, len) != 0)
			abort();
		free(again);
		free(text);
	}
	free(value);

	text = posixacl_to_text(data, size, &why);
	if (!text != !!why)
		abort();
	if (text) {
		value = posixacl_from_text(text, strlen(text), &len, &why);
		if (!value || len != size)
			abort();
		free(value);
	}
	free(text);
	return 0;
}
