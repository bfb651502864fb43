/*
 * Whatever a server answers to the upgrade: head, chunks, Status.
 *
 * links: lib/http lib/apistatus lib/json lib/base64 lib/mem lib/err
 * pkgs: jansson
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/apistatus.h"
#include "lib/http.h"
#include "lib/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xmalloc(size);
	struct http_reply r;
	struct http_body b = {.at = HTTP_BODY_SIZE};
	size_t end, len, at, used;
	const char *piece;

	memcpy(text, data, size);
	end = http_head_end(text, size);
	if (end > 0 && http_parse(&r, text, end) == 0) {
		if (r.code < 0 || r.code > 999 || strlen(r.reason) > size)
			abort();
		if (r.protocol)
			http_has_token(r.protocol, "v5.channel.k8s.io");
		http_body_init(&b, &r);
	}
	for (at = end; at < size; at += used) {
		enum http_body_next next =
		    http_body_next(&b, text + at, size - at, &used, &piece,
				   &len);

		if (used > size - at)
			abort();
		if (next == HTTP_BODY_PIECE) {
			if (piece < text + at || piece + len > text + size)
				abort();
		} else if (next != HTTP_BODY_MORE) {
			break;
		}
	}
	free(apistatus_message(text + end, size - end));
	free(text);
	return 0;
}
