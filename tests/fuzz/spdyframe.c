/*
 * Whatever a server sends behind the 101 of SPDY/3.1.  The first byte says how
 * the rest is cut; every cut must come to the same end.
 *
 * links: kexec/spdyframe kexec/spdyblock kexec/spdydict lib/mem lib/err
 * pkgs: zlib
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "kexec/spdyframe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A sum of all that is told; the cuts between pieces are not part of it. */
static uint64_t
play(const uint8_t *data, size_t size, size_t step)
{
	struct spdy_reader r;
	struct spdy_out o;
	uint64_t sum = 0;
	size_t at = 0, used;

	spdy_reader_init(&r);
	while (at < size) {
		size_t n = size - at < step ? size - at : step;

		switch (spdy_next(&r, data + at, n, &used, &o)) {
		case SPDY_MORE:
			/* what was handed in was all taken */
			if (used != n)
				abort();
			break;
		case SPDY_PIECE:
			if (o.stream == 0 || used > n || o.len > used)
				abort();
			for (size_t i = 0; i < o.len; i++)
				sum = (sum + o.data[i]) * 31 + o.stream;
			sum = o.fin ? (sum + 1) * 37 : sum;
			break;
		case SPDY_CONTROL:
			sum = (sum + o.type) * 41 + o.stream;
			sum = (sum + o.code) * 43 + o.fin;
			break;
		case SPDY_FAULT:
			spdy_reader_free(&r);
			return sum * 47 + (uintptr_t)o.fault;
		}
		at += used;
	}
	spdy_reader_free(&r);
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	if (play(data + 1, size - 1, size) !=
	    play(data + 1, size - 1, data[0] % 64 + 1))
		abort();
	return 0;
}
