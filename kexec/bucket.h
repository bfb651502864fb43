#ifndef KEXEC_BUCKET_H
#define KEXEC_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A token bucket for one direction of --bwlimit.  Pure.  What flows is taken
 * out when it has flowed, which may leave a debt; nothing more flows before
 * that is paid.  It never holds more than a tenth of a second is worth.
 */
struct bucket {
	double rate; /* bytes in a millisecond; 0: no limit */
	double left; /* bytes; less than 0 is a debt */
	int64_t at;  /* clock_ms of left */
};

/* A bucket of rate bytes in a second, 0 for no limit. */
void bucket_init(struct bucket *b, uint64_t rate, int64_t now);

/* n bytes have flowed. */
void bucket_take(struct bucket *b, uint64_t n);

/* Whether bytes may flow at now; else *when (clock_ms) is when they may. */
bool bucket_open(struct bucket *b, int64_t now, int64_t *when);

/* RATE as rsync has it: a number, and K, M or G of 1024; without one K.  Bytes
 * in a second, 0 for no limit; or -1 when it is none. */
int64_t bucket_rate(const char *text);

#endif
