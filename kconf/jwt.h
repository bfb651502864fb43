#ifndef KCONF_JWT_H
#define KCONF_JWT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/*
 * The time in an id token, which is a JSON Web Token (RFC 7519): how long it
 * is good for.  Nothing else in it is looked at, and not its signature: that
 * is for the API server.
 */

/*
 * Reads the claim "exp" of token into *exp, as seconds since 1970; LLONG_MIN
 * where there is none, or one that no clock reaches.  As kubectl, takes it as
 * a number with or without a fraction, or as a string that holds one.
 * Returns 0; or -1 and in why (cap bytes) why the text is no such token,
 * without a word of it.
 */
int jwt_expiry(const char *token, long long *exp, char *why, size_t cap);

/* Whether what ends at exp is still to be used at now: kubectl gives up a
 * token 10 seconds before its end. */
bool jwt_is_valid(long long exp, long long now);

/* exp as RFC 3339 has it, in a; NULL where that knows no such time. */
const char *jwt_time(long long exp, struct arena *a);

#endif
