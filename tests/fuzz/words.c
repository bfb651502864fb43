/*
 * Small readers of text: addresses, targets, durations, base64, escapes.
 *
 * links: lib/url kexec/target lib/duration lib/apipath lib/workload lib/json
 * pkgs: jansson
 * links: lib/base64 lib/mem lib/err
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kexec/target.h"
#include "lib/base64.h"
#include "lib/duration.h"
#include "lib/err.h"
#include "lib/mem.h"
#include "lib/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size), line[80];
	unsigned char *bytes = xmalloc(size);
	struct target t;
	struct url u;
	const char *why;
	size_t len;

	if (url_parse(&u, text, &why) == 0)
		url_free(&u);
	if (target_parse(&t, text, NULL, &why) == 0)
		target_free(&t);
	if (duration_ms(text) < -1)
		abort();
	if (base64_decode(bytes, &len, (const char *)data, size) == 0) {
		char *back = xmalloc(BASE64_ROOM(len));

		base64_encode(back, bytes, len);
		free(back);
	}
	if (err_escape(line, sizeof line, data, size) >= sizeof line)
		abort();
	for (const char *p = line; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			abort();
	}
	free(bytes);
	free(text);
	return 0;
}
