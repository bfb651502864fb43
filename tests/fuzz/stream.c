/*
 * Whatever a server sends behind the 101: frames, messages, statuses.  The
 * first byte says how the rest is cut; every cut must come to the same end.
 *
 * links: kexec/frame kexec/session kexec/status lib/json lib/mem lib/err
 * pkgs: jansson
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "kexec/frame.h"
#include "kexec/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The session's end, and a sum of what it put out. */
static int
play(const uint8_t *data, size_t size, size_t step, unsigned *sum)
{
	struct frame_reader r = {0};
	struct frame_out o;
	struct session s;
	size_t at = 0, used;
	int code;

	*sum = 0;
	session_init(&s, true);
	while (at < size && s.state != SESSION_ENDED) {
		size_t n = size - at < step ? size - at : step, len;
		const unsigned char *out;
		int fd;

		switch (frame_next(&r, data + at, n, &used, &o)) {
		case FRAME_MORE:
			break;
		case FRAME_PIECE:
			fd = session_message(&s, o.first, o.data, o.len, &out,
					     &len);
			for (size_t i = 0; fd >= 0 && i < len; i++)
				*sum = *sum * 31 + out[i] + (unsigned)fd;
			break;
		case FRAME_CONTROL:
			if (o.op == FRAME_CLOSE)
				session_end(&s, "closed");
			break;
		case FRAME_FAULT:
			session_end(&s, o.fault);
			break;
		}
		at += used;
	}
	session_end(&s, "cut");
	code = s.verdict.code;
	session_free(&s);
	return code;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned whole, cut;

	if (size < 1)
		return 0;
	if (play(data + 1, size - 1, size, &whole) !=
		play(data + 1, size - 1, data[0] % 16 + 1, &cut) ||
	    whole != cut)
		abort();
	return 0;
}
