/*
 * --bwlimit: rates, and what may flow when.
 *
 * links: kexec/bucket
 */
#include "tap.h"

#include "kexec/bucket.h"

int
main(void)
{
	static const struct {
		const char *text;
		int64_t rate;
	} rates[] = {{"0", 0},         {"1", 1024},        {"1k", 1024},
		     {"1.5K", 1536},   {"2M", 2 << 20},    {"1g", 1 << 30},
		     {".5m", 1 << 19}, {"0.0001", 1},      {"", -1},
		     {".", -1},        {"k", -1},          {"-1", -1},
		     {"1kk", -1},      {"1 k", -1},        {"1.2.3", -1},
		     {"1e3", -1},      {"1000000000g", -1}};
	struct bucket b;
	int64_t when = -1, now = 1000;
	uint64_t flown = 0;

	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
		ok(bucket_rate(rates[i].text) == rates[i].rate, "rate '%s'",
		   rates[i].text);

	bucket_init(&b, 0, now);
	bucket_take(&b, UINT64_MAX);
	ok(bucket_open(&b, now, &when) && when == -1, "no limit");

	bucket_init(&b, 1000, now);
	ok(bucket_open(&b, now, &when), "open at first");
	bucket_take(&b, 500);
	ok(!bucket_open(&b, now, &when) && when == now + 501, "a debt");
	ok(!bucket_open(&b, now + 499, &when), "not yet");
	ok(bucket_open(&b, now + 500, &when), "it is paid");

	/* a pause saves a tenth of a second and no more */
	now += 1000000;
	ok(bucket_open(&b, now, &when), "open after a pause");
	bucket_take(&b, 101);
	ok(!bucket_open(&b, now, &when), "what a pause saves is bounded");

	/* 60 s in steps of whatever is asked for */
	bucket_init(&b, 100000, 0);
	for (now = 0; now < 60000;) {
		if (bucket_open(&b, now, &when)) {
			bucket_take(&b, 65536);
			flown += 65536;
		} else {
			now = when;
		}
	}
	ok(flown >= 5900000 && flown <= 6070000, "%llu bytes in a minute",
	   (unsigned long long)flown);
	return tap_end();
}
