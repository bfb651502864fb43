/*
 * Records that somebody else made: what is read can be written and read again.
 *
 * links: lib/record lib/json lib/base64 lib/mem lib/err
 * pkgs: jansson
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record r, again;
	const char *field;
	char why[128], *text;

	if (record_decode(&r, (const char *)data, size, why, sizeof why) != 0)
		return 0;
	text = record_encode(&r, false, &field);
	/* a certificate may be no UTF-8, but it is encoded; nothing else is */
	if (!text ||
	    record_decode(&again, text, strlen(text), why, sizeof why) != 0)
		abort();
	record_wipe(&again);
	record_wipe(&r);
	wipe_str(text);
	return 0;
}
