/*
 * A hostile archive: the checker and the policy.  The first byte says how the
 * archive is cut; every cut must come to the same verdict.
 *
 * links: ktar-unpack/scan ktar-unpack/header ktar-unpack/pax
 * links: ktar-unpack/attrs lib/posixacl lib/base64
 * links: ktar-unpack/sparse ktar-unpack/policy lib/mem lib/err lib/pattern
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ktar-unpack/policy.h"
#include "ktar-unpack/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BLOCK_BYTES = 512 };

/* Whatever may be set is one of the user's, or a list. */
static void
look_at(const struct attrs *a)
{
	struct attr attr;
	size_t at = 0;

	while (a && attrs_next(a, &at, &attr)) {
		if (!attr.why && !attr.acl &&
		    (strncmp(attr.name, "user.", 5) != 0 || !attr.value))
			abort();
		attr_clear(&attr);
	}
}

/* What the checker says at last, and a sum of what the policy said. */
static enum scan_verdict
play(const uint8_t *data, size_t size, size_t step, unsigned *sum)
{
	struct policy p = {.max_bytes = -1, .max_files = -1, .max_depth = -1};
	struct policy_take t = {0};
	struct scan *s = scan_new(true);
	enum scan_verdict v = SCAN_MORE;
	enum policy_verdict verdict;
	size_t at = 0, used, some;
	const char *why;

	*sum = 0;
	while (size - at >= BLOCK_BYTES && v != SCAN_FAULT) {
		size_t n = (size - at) / BLOCK_BYTES * BLOCK_BYTES;

		v = scan_feed(s, data + at, n < step ? n : step, &used, &some);
		at += used;
		if (v != SCAN_MEMBER)
			continue;
		look_at(scan_member(s)->attrs);
		verdict = policy_decide(&p, scan_member(s), &t, &why);
		*sum = *sum * 31 + verdict;
		/* the path of another means nothing */
		if (verdict == POLICY_TAKE &&
		    (t.path[0] == '/' || strncmp(t.path, "../", 3) == 0 ||
		     strstr(t.path, "/../")))
			abort();
	}
	if (v != SCAN_FAULT)
		v = scan_finish(s, data + at, size - at);
	policy_free(&t);
	scan_free(s);
	return v;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned whole, cut;

	if (size < 1)
		return 0;
	if (play(data + 1, size - 1, SIZE_MAX, &whole) !=
		play(data + 1, size - 1,
		     (size_t)BLOCK_BYTES * (data[0] % 8 + 1), &cut) ||
	    whole != cut)
		abort();
	return 0;
}
