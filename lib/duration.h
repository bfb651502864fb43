#ifndef LIB_DURATION_H
#define LIB_DURATION_H

/*
 * Reads a length of time as kubectl does: "0", or numbers with units h, m, s,
 * ms, us (or with a micro sign) and ns ("1m30s", "2.5s"); a number alone is
 * seconds.  Returns milliseconds, or -1 when text is none or is more than
 * INT_MAX of them.  Pure.
 */
int duration_ms(const char *text);

#endif
