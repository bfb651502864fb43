/*
 * How much may flow.
 */
#include "bucket.h"

#include <stddef.h>

enum { BURST_MS = 100 };

void
bucket_init(struct bucket *b, uint64_t rate, int64_t now)
{
	b->rate = (double)rate / 1000;
	b->left = 0;
	b->at = now;
}

void
bucket_take(struct bucket *b, uint64_t n)
{
	b->left -= (double)n;
}

bool
bucket_open(struct bucket *b, int64_t now, int64_t *when)
{
	if (b->rate <= 0)
		return true;
	b->left += b->rate * (double)(now - b->at);
	b->at = now;
	if (b->left > b->rate * BURST_MS)
		b->left = b->rate * BURST_MS;
	if (b->left >= 0)
		return true;
	*when = now + 1 + (int64_t)(-b->left / b->rate);
	return false;
}

int64_t
bucket_rate(const char *text)
{
	double n = 0, scale = 1;
	bool point = false, digits = false;

	for (; (*text >= '0' && *text <= '9') || (*text == '.' && !point);
	     text++) {
		if (*text == '.') {
			point = true;
			continue;
		}
		digits = true;
		n = n * 10 + (*text - '0');
		if (point)
			scale *= 10;
	}
	if (!digits)
		return -1;
	n = n / scale * 1024;
	switch (*text) {
	case 'g':
	case 'G':
		n *= 1024;
		/* fall through */
	case 'm':
	case 'M':
		n *= 1024;
		/* fall through */
	case 'k':
	case 'K':
		text++;
		break;
	default:
		break;
	}
	/* written so that it holds for no number, too */
	if (*text || !(n <= 1e15))
		return -1;
	/* less than a byte would be none at all */
	return n > 0 && n < 1 ? 1 : (int64_t)n;
}
