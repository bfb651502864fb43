/*
 * How long an id token is good for.  Pure.
 */
#include "jwt.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/base64.h"
#include "lib/json.h"
#include "lib/mem.h"

#include "arena.h"

enum { LEEWAY = 10 };

/* Go counts seconds from year 1 in 64 bits; from this one of 1970 on they
 * come out as a time long past. */
static const double end_of_time = 9223371974719179008.0;

static int
fault(char *why, size_t cap, const char *what)
{
	snprintf(why, cap, "%s", what);
	return -1;
}

/* The number that j is or, a string, holds. */
static int
number(const struct json *j, double *out)
{
	const char *text = json_text(j);
	struct json *held = text ? json_new_scalar(text) : NULL;
	int rc = json_number(text ? held : j, out);

	json_free(held);
	return rc;
}

static int
read_claims(const struct json *claims, long long *exp, char *why, size_t cap)
{
	const struct json *j = json_get(claims, "exp");
	double seconds;

	*exp = LLONG_MIN;
	if (!j)
		return 0;
	if (number(j, &seconds) != 0)
		return fault(why, cap, "the claim \"exp\" is not a number");
	if (seconds > -end_of_time && seconds < end_of_time)
		*exp = (long long)seconds;
	return 0;
}

/* Which of the two that JSON has at its top the document is. */
static bool
is_object(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && memchr(" \t\r\n", text[i], 4))
		i++;
	return i < len && text[i] == '{';
}

int
jwt_expiry(const char *token, long long *exp, char *why, size_t cap)
{
	const char *part = strchr(token, '.'),
		   *end = part ? strchr(part + 1, '.') : NULL;
	size_t n, len = 0;
	struct json *claims = NULL;
	unsigned char *text;
	char where[128];
	int rc = -1;

	if (!end || strchr(end + 1, '.'))
		return fault(why, cap, "not a JWT: not three parts");
	part++;
	n = (size_t)(end - part);
	text = xmalloc(n / 4 * 3 + 2);
	if (base64_decode_url(text, &len, part, n) != 0) {
		fault(why, cap, "not a JWT: its claims are not base64");
		goto out;
	}
	claims = json_parse((char *)text, len, where, sizeof where);
	if (!claims || !is_object((char *)text, len)) {
		fault(why, cap, "not a JWT: its claims are no JSON object");
		goto out;
	}
	rc = read_claims(claims, exp, why, cap);
out:
	json_free(claims);
	wipe_free(text, n / 4 * 3 + 2);
	return rc;
}

bool
jwt_is_valid(long long exp, long long now)
{
	return exp > now + LEEWAY;
}

const char *
jwt_time(long long exp, struct arena *a)
{
	time_t t = (time_t)exp;
	struct tm tm;

	/* the years 0000 to 9999 */
	if (exp < -62167219200 || exp > 253402300799 || !gmtime_r(&t, &tm))
		return NULL;
	return arena_format(a, "%04d-%02d-%02dT%02d:%02d:%02dZ",
			    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
			    tm.tm_hour, tm.tm_min, tm.tm_sec);
}
