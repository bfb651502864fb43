#ifndef KTAR_PACK_PAX_H
#define KTAR_PACK_PAX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The records of a pax extended header (POSIX pax, "Extended Header"): for
 * each its own length, a blank, keyword=value and a newline. */
struct pax {
	unsigned char *buf; /* its own; NULL until something is added */
	size_t len, cap;
};

/* Adds keyword=value, with a value of len bytes of any kind. */
void pax_bytes(struct pax *p, const char *keyword, const void *value,
	       size_t len);

/* Adds a number, in decimal. */
void pax_number(struct pax *p, const char *keyword, int64_t value);

/* Adds a time: seconds, and nanoseconds (0 to 999,999,999, and seconds not
 * below 0 with them) as far as the last that is not 0. */
void pax_time(struct pax *p, const char *keyword, int64_t seconds,
	      long nanoseconds);

/* Adds all records of more. */
void pax_join(struct pax *p, const struct pax *more);

/* Whether s is ASCII only; whether it is well-formed UTF-8 (RFC 3629). */
bool pax_is_ascii(const char *s);
bool pax_is_utf8(const char *s);

/* Frees what p holds and makes it empty. */
void pax_free(struct pax *p);

#endif
