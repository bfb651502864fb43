/*
 * Bytes, files, rate and time for people.  By hand, since what formats may not
 * be called in a signal handler.
 */
#include "progress.h"

#include <string.h>

enum { MARK_MS = 1000 };
/* what is longer than this is not told: 1000 hours */
enum { MOST_SECONDS = 3600000 };

/* A line that grows; all that is put there together fits. */
struct text {
	char *to;
	size_t len;
};

void
progress_start(struct progress *p, int64_t now)
{
	memset(p, 0, sizeof *p);
	p->start = p->mark = now;
}

void
progress_note(struct progress *p, uint64_t bytes, int64_t now)
{
	int64_t passed = now - p->mark;
	uint64_t moved = bytes - p->mark_bytes;

	if (passed < MARK_MS && (p->mark != p->start || passed <= 0))
		return;
	p->rate = (uint64_t)((double)moved * 1000 / (double)passed);
	if (passed < MARK_MS)
		return;
	p->mark = now;
	p->mark_bytes = bytes;
}

static void
word(struct text *t, const char *s)
{
	size_t n = strlen(s);

	memcpy(t->to + t->len, s, n);
	t->len += n;
}

/* n in at least so many digits. */
static void
number(struct text *t, uint64_t n, size_t digits)
{
	char digit[20];
	size_t have = 0;

	do
		digit[have++] = (char)('0' + n % 10);
	while ((n /= 10) > 0 || have < digits);
	while (have > 0)
		t->to[t->len++] = digit[--have];
}

/* n bytes in the largest unit of which there is at least one. */
static void
amount(struct text *t, uint64_t n)
{
	static const char *const unit[] = {" KiB", " MiB", " GiB",
					   " TiB", " PiB", " EiB"};
	unsigned u = 0, shift = 10;
	uint64_t whole, tenths;

	if (n < 1024) {
		number(t, n, 1);
		word(t, " B");
		return;
	}
	for (;; u++, shift += 10) {
		uint64_t one = (uint64_t)1 << shift;

		whole = n >> shift;
		tenths = ((n & (one - 1)) * 10 + one / 2) >> shift;
		whole += tenths / 10;
		tenths %= 10;
		/* what would be shown as 1024.0 is one of the next */
		if (whole < 1024 || u + 1 == sizeof unit / sizeof unit[0])
			break;
	}
	number(t, whole, 1);
	word(t, ".");
	number(t, tenths, 1);
	word(t, unit[u]);
}

static void
duration(struct text *t, uint64_t seconds)
{
	number(t, seconds / 3600, 1);
	word(t, ":");
	number(t, seconds / 60 % 60, 2);
	word(t, ":");
	number(t, seconds % 60, 2);
}

/* The rate, the time, and what is left of it. */
static size_t
end(const struct progress *p, struct text *t, uint64_t bytes, int64_t now)
{
	double left;

	word(t, ", ");
	amount(t, p->rate);
	word(t, "/s, ");
	duration(t, (uint64_t)(now - p->start) / 1000);
	if (p->expected > bytes && bytes > 0 && now > p->start) {
		left = (double)(p->expected - bytes) *
		       (double)(now - p->start) / 1000 / (double)bytes;
		if (left < MOST_SECONDS) {
			word(t, ", ");
			duration(t, (uint64_t)left);
			word(t, " left");
		}
	}
	t->to[t->len] = '\0';
	return t->len;
}

size_t
progress_line(struct progress *p, char out[PROGRESS_LINE_BYTES], uint64_t sent,
	      uint64_t received, int64_t now)
{
	struct text t = {out, 0};

	progress_note(p, sent + received, now);
	amount(&t, sent);
	word(&t, " sent, ");
	amount(&t, received);
	word(&t, " received");
	return end(p, &t, sent + received, now);
}

size_t
progress_files_line(struct progress *p, char out[PROGRESS_LINE_BYTES],
		    uint64_t bytes, uint64_t files, int64_t now)
{
	struct text t = {out, 0};

	progress_note(p, bytes, now);
	amount(&t, bytes);
	word(&t, ", ");
	number(&t, files, 1);
	word(&t, files == 1 ? " file" : " files");
	return end(p, &t, bytes, now);
}
