/*
 * The pure parts of lib/: escaping, base64, the credential record.
 *
 * links: lib/err lib/mem lib/base64 lib/json lib/record
 * pkgs: jansson
 */
#include "tap.h"

#include <stdlib.h>

#include "lib/base64.h"
#include "lib/err.h"
#include "lib/mem.h"
#include "lib/record.h"

static void
escapes(void)
{
	static const struct {
		const char *in, *out;
	} row[] = {
	    {"plain text", "plain text"},
	    {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
	    {"back\\slash", "back\\\\slash"},
	    {"\033[31mred", "\\033[31mred"},
	    {"gr\303\274n \342\202\254 \360\237\230\200",
	     "gr\303\274n \342\202\254 \360\237\230\200"},
	    {"\302\233C1", "\\302\\233C1"},
	    {"\342\200\256rtl", "\\342\\200\\256rtl"},
	    {"\377\376", "\\377\\376"},
	    {"\300\257", "\\300\\257"},
	    {"\355\240\200", "\\355\\240\\200"},
	    {"cut \342\202", "cut \\342\\202"},
	    {"\177", "\\177"},
	};
	char out[64];

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		err_escape(out, sizeof out, row[i].in, strlen(row[i].in));
		is(out, row[i].out, "escape row %zu", i);
	}
	ok(err_escape(out, 6, "ab\n\n", 4) == 4, "no half escape at the end");
	is(out, "ab\\n", "what fits is there");
}

static void
base64(void)
{
	static const struct {
		const char *in, *out; /* out NULL: a fault */
		size_t at;
	} row[] = {
	    {"", "", 0},
	    {"aGVsbG8=", "hello", 0},
	    {"aGVs\nbG8=\r\n", "hello", 0},
	    {"aGVsbG8", NULL, 7},
	    {"aGVs bG8=", NULL, 4},
	    {"aGVsbG8=x", NULL, 8},
	    {"aGVsbG8==", NULL, 8},
	    {"aGVsbA=", NULL, 7},
	    {"aGVsbA==", "hell", 0},
	    {"aGVsbB==", "hell", 0},
	    {"a-_=", NULL, 1},
	    {"=", NULL, 0},
	    {"aGVsbG8gaGVsbG8gaGVsbG8=", "hello hello hello", 0},
	    {"aGVsbG8gaGVs\nbG8gaGVsbG8=\n", "hello hello hello", 0},
	    {"aGVsbG8gaGVsbG8ga-VsbG8=", NULL, 17},
	    {"aGVsbG8gaGVsbG8gaG", NULL, 18},
	    {"aGVsbG8\0aGVsbG8=", NULL, 7},
	};
	unsigned char out[64];
	char text[BASE64_ROOM(5)];
	size_t len, count;

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		size_t n = strlen(row[i].in);
		int rc = base64_decode(out, &len, row[i].in, n);

		ok(base64_check(&count, row[i].in, n) == rc && count == len,
		   "base64 row %zu checked", i);
		if (!row[i].out) {
			ok(rc == -1 && len == row[i].at,
			   "base64 row %zu is refused at %zu", i, row[i].at);
			continue;
		}
		ok(rc == 0 && len == strlen(row[i].out) &&
		       memcmp(out, row[i].out, len) == 0,
		   "base64 row %zu", i);
	}
	base64_encode(text, "hello", 5);
	is(text, "aGVsbG8=", "encode");
	ok(base64_tail("a: abcDEF0189+/==", 17) == 14 &&
	       base64_tail("abc", 3) == 3 && base64_tail("a\xff", 2) == 0 &&
	       base64_tail("abcd@bcdefghi", 13) == 8 && base64_tail("", 0) == 0,
	   "the base64 at the end");
}

static void
records(void)
{
	static char group[] = "g", key[] = "k", value[] = "v/\303\251";
	char *groups[] = {group}, *values[] = {value};
	struct record_extra extra = {key, values, 1};
	struct record r = {0}, back;
	const char *field;
	char *text, why[128];

	r.context = xstrdup("ctx");
	r.server = xstrdup("https://h:1/p");
	r.ca = xstrdup("-----BEGIN X\n");
	r.token = xstrdup("t0k");
	r.key = xstrdup("KEY");
	r.namespace = xstrdup("ns");
	r.expires = xstrdup("2030-01-01T00:00:00Z");
	r.as = xstrdup("u");
	r.as_groups = groups;
	r.n_as_groups = 1;
	r.as_user_extra = &extra;
	r.n_as_user_extra = 1;
	r.insecure = true;

	text = record_encode(&r, false, &field);
	ok(text &&
	       record_decode(&back, text, strlen(text), why, sizeof why) == 0,
	   "a record survives the way there and back");
	is(back.server, r.server, "server");
	is(back.ca, r.ca, "ca");
	is(back.token, r.token, "token");
	is(back.namespace, r.namespace, "namespace");
	is(back.expires, r.expires, "expires");
	is(back.as_groups[0], "g", "group");
	is(back.as_user_extra[0].values[0], value, "extra");
	ok(back.insecure, "insecure");
	record_wipe(&back);
	wipe_str(text);

	text = record_encode(&r, true, &field);
	ok(!strstr(text, "t0k") && strstr(text, "REDACTED"), "redacted");
	wipe_str(text);

	free(r.token);
	r.token = xstrdup("\377");
	ok(!record_encode(&r, false, &field), "a token must be UTF-8");
	is(field, "token", "and the field is named");

	r.as_groups = NULL;
	r.n_as_groups = 0;
	r.as_user_extra = NULL;
	r.n_as_user_extra = 0;
	record_wipe(&r);
}

static void
bad_records(void)
{
	static const struct {
		const char *in, *why;
	} row[] = {
	    {"", "line 1: '[' or '{' expected near end of file"},
	    {"{\"users\":[{\"user\":{\"password\":\"hunter2",
	     "line 1: premature end of input"},
	    {"{\"password\" \"hunter2\"}", "line 1: ':' expected"},
	    {"{}", "server: missing"},
	    {"{\"current-context\":1}", "current-context: not a string"},
	    {"{\"clusters\":[{\"name\":\"\",\"cluster\":{\"server\":\"https://"
	     "x\","
	     "\"certificate-authority-data\":\"?\"}}]}",
	     "certificate-authority-data: not base64"},
	    {"{\"clusters\":[{\"name\":\"\",\"cluster\":{\"server\":\"https://"
	     "x\","
	     "\"certificate-authority\":\"/f\"}}]}",
	     "certificate-authority: not self-contained (make the record "
	     "with kconf)"},
	};
	struct record r;
	char why[128];

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		ok(record_decode(&r, row[i].in, strlen(row[i].in), why,
				 sizeof why) == -1,
		   "bad record %zu is refused", i);
		is(why, row[i].why, "and the reason is given");
	}
}

int
main(void)
{
	err_init("unit", 1);
	escapes();
	base64();
	records();
	bad_records();
	return tap_end();
}
