/*
 * How long an id token is good for, whatever stands in it.
 *
 * links: kconf/arena kconf/jwt lib/base64 lib/err lib/json lib/mem
 * pkgs: jansson
 */
#include "tap.h"

#include <limits.h>
#include <stdlib.h>

#include "lib/base64.h"
#include "lib/mem.h"

#include "kconf/arena.h"
#include "kconf/jwt.h"

static char why[128];

/* A token with these claims, for free. */
static char *
token(const char *claims, size_t len)
{
	char *text = xmalloc(BASE64_ROOM(len)), *whole;

	base64_encode(text, claims, len);
	for (char *p = text; *p; p++)
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
	text[strcspn(text, "=")] = '\0';
	whole = xasprintf("e30.%s.sig", text);
	free(text);
	return whole;
}

static void
claims(void)
{
	static const char number[] = "the claim \"exp\" is not a number",
			  object[] = "not a JWT: its claims are no JSON object";
	static const struct {
		const char *in;
		long long exp;
		const char *fault;
	} row[] = {
	    {"{\"exp\":1700000000}", 1700000000, NULL},
	    {" {\"a\": [1, {}], \"exp\" : 1700000000 } ", 1700000000, NULL},
	    {"{\"exp\":1700000000.9}", 1700000000, NULL},
	    {"{\"exp\":1.7e9}", 1700000000, NULL},
	    {"{\"exp\":\"1700000000\"}", 1700000000, NULL},
	    {"{\"exp\":\"1.7e9\"}", 1700000000, NULL},
	    {"{\"exp\":1,\"exp\":2}", 2, NULL},
	    {"{\"exp\":0}", 0, NULL},
	    {"{\"exp\":-5}", -5, NULL},
	    {"{}", LLONG_MIN, NULL},
	    {"{\"Exp\":5}", LLONG_MIN, NULL},
	    {"{\"a\":{\"exp\":5}}", LLONG_MIN, NULL},
	    {"{\"exp\":null}", LLONG_MIN, NULL},
	    {"{\"exp\":1e300}", LLONG_MIN, NULL},
	    {"{\"exp\":-1e300}", LLONG_MIN, NULL},
	    {"{\"exp\":9223372036854775807}", LLONG_MIN, NULL},
	    {"{\"exp\":123456789012345678901234567890}", LLONG_MIN, NULL},
	    {"{\"exp\":9223371974719179008}", LLONG_MIN, NULL},
	    {"{\"exp\":1,\"a\":123456789012345678901234567890}", 1, NULL},
	    {"{\"exp\":1,\"a\":\"\\u0000\"}", 1, NULL},
	    {"{\"exp\":1e400}", 0, object},
	    {"{\"exp\":\"1e400\"}", 0, number},
	    {"{\"exp\":true}", 0, number},
	    {"{\"exp\":\"\"}", 0, number},
	    {"{\"exp\":\"true\"}", 0, number},
	    {"{\"exp\":\"[1]\"}", 0, number},
	    {"{\"exp\":\"soon\"}", 0, number},
	    {"{\"exp\":\"1\\u0000\"}", 0, number},
	    {"{\"exp\":[1]}", 0, number},
	    {"{\"exp\":{}}", 0, number},
	    {"[{\"exp\":1}]", 0, object},
	    {"5", 0, object},
	    {"null", 0, object},
	    {"\"{\"", 0, object},
	    {"", 0, object},
	    {"{\"exp\":1}x", 0, object},
	    {"{\"exp\":1", 0, object},
	    {"{\"exp\":\"\377\"}", 0, object},
	};
	char deep[20002];

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		char *t = token(row[i].in, strlen(row[i].in));
		long long exp = 77;
		int rc = jwt_expiry(t, &exp, why, sizeof why);

		is(rc == 0 ? NULL : why, row[i].fault, "claims %zu: fault", i);
		if (!row[i].fault)
			ok(exp == row[i].exp, "claims %zu: %lld", i, exp);
		free(t);
	}
	memset(deep, '[', 10001);
	memset(deep + 10001, ']', 10001);
	memcpy(deep, "{\"exp\":1,\"a\":", 13);
	deep[20001] = '}';
	for (int nul = 0; nul < 2; nul++) {
		char *t =
		    nul ? token("{\"exp\":1}\0", 10) : token(deep, sizeof deep);
		long long exp;

		ok(jwt_expiry(t, &exp, why, sizeof why) != 0, "%s",
		   nul ? "a NUL behind it" : "nested without end");
		free(t);
	}
}

static void
shapes(void)
{
	static const char parts[] = "not a JWT: not three parts",
			  base64[] = "not a JWT: its claims are not base64",
			  object[] = "not a JWT: its claims are no JSON object";
	static const struct {
		const char *in, *fault;
	} row[] = {
	    {"a.eyJleHAiOjE3OTk5OTk5OTl9.c", NULL},
	    {".eyJleHAiOjE3OTk5OTk5OTl9.", NULL},
	    {"a.eyJleHAiOjE3OTk5OTk5OTkgfQ.c", NULL},
	    {"a.eyJleHAiOjE3OTk5OTk5OTkgfR.c", NULL},
	    {"a.eyJleHAiOjE3OTk5OTk5OTkgfQ==.c", base64},
	    {"a.eyJleHAiOjE3OTk5OTk5OTl9A.c", base64},
	    {"a.eyJleHAiOjE3OTk5OTk5\nOTl9.c", base64},
	    {"a.eyJhIjoi/////yJ9.c", base64},
	    {"a.eyJhIjoi+yJ9.c", base64},
	    {"a.eyJleHAiOjE3OTk5OTk5OTl9.c.d", parts},
	    {"a.eyJleHAiOjE3OTk5OTk5OTl9", parts},
	    {"", parts},
	    {".", parts},
	    {"..", object},
	    {"...", parts},
	};
	char *huge = xmalloc((4 << 20) + 1);
	long long exp;

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		int rc = jwt_expiry(row[i].in, &exp, why, sizeof why);

		is(rc == 0 ? NULL : why, row[i].fault, "shape %zu", i);
	}
	memset(huge, 'A', 4 << 20);
	huge[0] = huge[(4 << 20) - 1] = '.';
	huge[4 << 20] = '\0';
	ok(jwt_expiry(huge, &exp, why, sizeof why) != 0, "4 MiB of nothing");
	free(huge);
}

static void
times(void)
{
	struct arena a = {0};

	ok(jwt_is_valid(111, 100), "11 seconds are left");
	ok(!jwt_is_valid(110, 100), "10 are too few");
	ok(!jwt_is_valid(LLONG_MIN, 100), "no end known is no end to come");
	is(jwt_time(1700000000, &a), "2023-11-14T22:13:20Z", "a time");
	is(jwt_time(0, &a), "1970-01-01T00:00:00Z", "the first");
	is(jwt_time(253402300799, &a), "9999-12-31T23:59:59Z", "the last");
	is(jwt_time(253402300800, &a), NULL, "none after the last");
	is(jwt_time(9223371974719178752, &a), NULL, "none at the end of time");
	is(jwt_time(LLONG_MIN, &a), NULL, "none without an end");
	arena_wipe(&a);
}

int
main(void)
{
	claims();
	shapes();
	times();
	return tap_end();
}
