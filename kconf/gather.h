#ifndef KCONF_GATHER_H
#define KCONF_GATHER_H

struct arena;
struct choice;
struct record;
struct slip;

/* The files that certificates and key were read from; NULL is inline. */
struct origins {
	const char *ca, *cert, *key;
};

/*
 * Makes the record, empty before, of what was chosen: reads every file that
 * it names and refuses what could not work or would not be safe.  Paths go
 * into from, empty before, and live as long as c.  Returns 0, or -1
 * after having said what is wrong; the caller wipes r either way.
 */
int gather(struct record *r, struct origins *from, const struct choice *c,
	   struct arena *a);

/* What to say of a slip, in a; NULL when there is none. */
const char *gather_slip(const struct slip *s, struct arena *a);

#endif
