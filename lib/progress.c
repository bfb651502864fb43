/*
 * Bytes, rate and time for people.
 */
#include "progress.h"

#include <stdio.h>
#include <string.h>

enum { MARK_MS = 1000, AMOUNT_BYTES = 24 };
/* what is longer than this is not told: 1000 hours */
enum { MOST_SECONDS = 3600000 };

void
progress_start(struct progress *p, int64_t now)
{
	memset(p, 0, sizeof *p);
	p->start = p->mark = now;
}

/* n bytes in the largest unit of which there is at least one. */
static void
amount(char out[AMOUNT_BYTES], uint64_t n)
{
	static const char *const unit[] = {"KiB", "MiB", "GiB",
					   "TiB", "PiB", "EiB"};
	size_t u = 0;
	double value = (double)n / 1024;

	if (n < 1024) {
		snprintf(out, AMOUNT_BYTES, "%u B", (unsigned)n);
		return;
	}
	/* what would be shown as 1024.0 is one of the next */
	while (value >= 1023.95 && u + 1 < sizeof unit / sizeof unit[0]) {
		value /= 1024;
		u++;
	}
	snprintf(out, AMOUNT_BYTES, "%.1f %s", value, unit[u]);
}

size_t
progress_line(struct progress *p, char out[PROGRESS_LINE_BYTES], uint64_t sent,
	      uint64_t received, int64_t now)
{
	char s[AMOUNT_BYTES], r[AMOUNT_BYTES], rate[AMOUNT_BYTES];
	char end[AMOUNT_BYTES] = "";
	int64_t passed = now - p->mark, seconds = (now - p->start) / 1000;
	uint64_t bytes = sent + received;

	if (passed >= MARK_MS) {
		p->rate = (uint64_t)((double)(bytes - p->mark_bytes) * 1000 /
				     (double)passed);
		p->mark = now;
		p->mark_bytes = bytes;
	} else if (p->mark == p->start && passed > 0) {
		p->rate = (uint64_t)((double)bytes * 1000 / (double)passed);
	}
	if (p->expected > bytes && bytes > 0 && now > p->start) {
		double left = (double)(p->expected - bytes) *
			      (double)(now - p->start) / 1000 / (double)bytes;

		if (left < MOST_SECONDS)
			snprintf(end, sizeof end, ", %d:%02d:%02d left",
				 (int)left / 3600, (int)left / 60 % 60,
				 (int)left % 60);
	}
	amount(s, sent);
	amount(r, received);
	amount(rate, p->rate);
	return (size_t)snprintf(out, PROGRESS_LINE_BYTES,
				"%s sent, %s received, %s/s, %lld:%02d:%02d%s",
				s, r, rate, (long long)(seconds / 3600),
				(int)(seconds / 60 % 60), (int)(seconds % 60),
				end);
}
