#ifndef TESTS_FUZZ_REPAIR_H
#define TESTS_FUZZ_REPAIR_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/*
 * Makes an archive that a fuzzer has changed whole again where only a sum or a
 * length is wrong, which it would hardly guess: what is behind those is what it
 * is to find.
 */

static size_t
repair_size(const uint8_t *block)
{
	size_t n = 0;

	if (block[124] & 0x80)
		return (size_t)block[134] << 8 | block[135];
	for (int i = 124; i < 136; i++)
		if (block[i] >= '0' && block[i] <= '7')
			n = (n * 8 + (size_t)(block[i] - '0')) & 0xffffff;
	return n;
}

/* The records of a pax header get their lengths, and it gets its own. */
static void
repair_records(uint8_t *block, uint8_t *body, size_t len)
{
	static uint8_t out[1 << 16];
	size_t room = (len + 511) / 512 * 512, used = 0, at = 0;
	char text[32];

	if (room > sizeof out)
		return;
	while (at < len) {
		const uint8_t *end = memchr(body + at, '\n', len - at);
		const uint8_t *blank;
		size_t n, rest, digits = 1;

		if (!end)
			return;
		n = (size_t)(end - body) - at + 1;
		blank = memchr(body + at, ' ', n);
		rest = blank ? n - (size_t)(blank - body - (long)at) : n;
		while (digits < (size_t)snprintf(text, sizeof text, "%zu",
						 rest + digits))
			digits++;
		if (used + digits + rest > room)
			return;
		memcpy(out + used, text, digits);
		memcpy(out + used + digits, end + 1 - rest, rest);
		used += digits + rest;
		at += n;
	}
	memset(body, 0, room);
	memcpy(body, out, used);
	snprintf(text, sizeof text, "%011zo", used);
	memcpy(block + 124, text, 12);
}

static void
repair_sum(uint8_t *block)
{
	unsigned sum = 8 * ' ';
	char text[16];

	for (int i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? 0 : block[i];
	snprintf(text, sizeof text, "%06o", sum);
	memcpy(block + 148, text, 7);
	block[155] = ' ';
}

static void
repair(uint8_t *p, size_t len)
{
	static const uint8_t zero[512];
	size_t size;

	for (size_t at = 0; len - at >= 512; at += size) {
		uint8_t *block = p + at;

		size = 0;
		at += 512;
		if (memcmp(block, zero, 512) == 0)
			continue;
		size = repair_size(block);
		if ((size + 511) / 512 * 512 > len - at)
			size = 0;
		if (block[156] == 'x' || block[156] == 'g')
			repair_records(block, p + at, size);
		repair_sum(block);
		size = (size + 511) / 512 * 512;
	}
}

#endif
