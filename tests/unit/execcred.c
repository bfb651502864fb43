/*
 * What an exec credential plugin is told and what it answers; YAML values as
 * JSON.
 *
 * links: kconf/arena kconf/convert kconf/execcred kconf/fold kconf/kubeconfig
 * links: kconf/node kconf/yaml lib/base64 lib/err lib/json lib/mem
 * links: lib/timestamp
 * pkgs: yaml-0.1 jansson
 */
#include "tap.h"

#include "lib/json.h"
#include "lib/mem.h"

#include "kconf/arena.h"
#include "kconf/convert.h"
#include "kconf/execcred.h"
#include "kconf/kubeconfig.h"
#include "kconf/node.h"
#include "kconf/yaml.h"

#define V1   "client.authentication.k8s.io/v1"
#define HEAD "{\"kind\":\"ExecCredential\",\"apiVersion\":\"" V1 "\","

static struct arena arena;

static void
values(void)
{
	static const struct {
		const char *in, *want;
	} row[] = {
	    {"~", "null"},
	    {"yes", "true"},
	    {"0x1F", "31"},
	    {"-0x10", "-16"},
	    {"010", "8"},
	    {"089", "89"},
	    {"0o17", "15"},
	    {"0b11", "3"},
	    {"1_000", "1000"},
	    {"0", "0"},
	    {"0.5", "0.5"},
	    {"0e0", "0"},
	    {"1e3", "1000"},
	    {"1e40", "1e40"},
	    {"9223372036854775807", "9223372036854775807"},
	    {"-9223372036854775807", "-9223372036854775807"},
	    {"9223372036854775808", "9.2233720368547758e18"},
	    {"0xffffffffffffffff", "1.8446744073709552e19"},
	    {"\"a\\\"b\"", "\"a\\\"b\""},
	    {"[a, {b: [], 1: {}}]", "[\"a\",{\"b\":[],\"1\":{}}]"},
	    {"\"a\\0b\"", NULL},
	    {"[\"\\0\"]", NULL},
	    {"{a: [\"\\0\"]}", NULL},
	};
	char why[256];

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct node *n = yaml_read(&arena, row[i].in, strlen(row[i].in),
					   why, sizeof why);
		struct json *j = n ? convert_node(n) : NULL;
		char *text = j ? json_print_line(j) : NULL;

		is(text, row[i].want, "value row %zu", i);
		wipe_str(text);
		json_free(j);
	}
}

/* What an answer is read as: the end, or the fault. */
static const char *
answer(struct execcred *c, const char *text)
{
	static char why[256];

	if (execcred_read(c, &arena, V1, text, strlen(text), why, sizeof why) !=
	    0)
		return why;
	return NULL;
}

static void
times(void)
{
	static const struct {
		const char *in;
		long long want;
	} row[] = {
	    {"1970-01-01T00:00:00Z", 0},
	    {"1969-12-31T23:59:59Z", -1},
	    {"2000-02-29T00:00:00Z", 951782400},
	    {"2000-03-01T00:00:00Z", 951868800},
	    {"2038-01-19T03:14:08Z", 2147483648},
	    {"2026-11-23T03:00:00.123456789+01:30", 1795397400},
	    {"2026-11-23T03:00:00-01:30", 1795408200},
	    {"9999-12-31T23:59:59Z", 253402300799},
	};
	static const char *const bad[] = {
	    "",
	    "1970-01-01",
	    "1970-01-01 00:00:00Z",
	    "1970-01-01t00:00:00Z",
	    "1970-01-01T00:00:00z",
	    "1970-01-01T00:00:00",
	    "1970-1-01T00:00:00Z",
	    "1970-13-01T00:00:00Z",
	    "1970-00-01T00:00:00Z",
	    "1970-01-00T00:00:00Z",
	    "1970-01-32T00:00:00Z",
	    "1970-02-29T00:00:00Z",
	    "1900-02-29T00:00:00Z",
	    "1970-01-01T24:00:00Z",
	    "1970-01-01T00:60:00Z",
	    "1970-01-01T00:00:60Z",
	    "1970-01-01T00:00:00.Z",
	    "1970-01-01T00:00:00+1:00",
	    "1970-01-01T00:00:00+01:60",
	    "1970-01-01T00:00:00Zx",
	};
	struct execcred c;
	char text[256];

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		snprintf(text, sizeof text,
			 HEAD "\"status\":{\"token\":\"t\","
			      "\"expirationTimestamp\":\"%s\"}}",
			 row[i].in);
		ok(!answer(&c, text) && c.expires_at == row[i].want &&
		       strcmp(c.expires, row[i].in) == 0,
		   "%s is %lld", row[i].in, row[i].want);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		snprintf(text, sizeof text,
			 HEAD "\"status\":{\"token\":\"t\","
			      "\"expirationTimestamp\":\"%s\"}}",
			 bad[i]);
		ok(answer(&c, text) != NULL, "\"%s\" is no time", bad[i]);
	}
}

static void
answers(void)
{
	struct execcred c;

	ok(!answer(&c, " \n" HEAD "\"status\":{\"token\":\" t \"}}\n"),
	   "white space around it");
	is(c.token, " t ", "a token is not trimmed");
	ok(!c.cert && !c.key && !c.expires, "and is all there is");
	ok(!answer(&c, HEAD "\"status\":{\"token\":\"t\","
			    "\"expirationTimestamp\":null,"
			    "\"clientKeyData\":\"\",\"more\":5},\"more\":5}"),
	   "null, empty and unknown fields");
	ok(!answer(&c, HEAD "\"status\":{\"token\":\"a\","
			    "\"token\":\"b\"}}"),
	   "a name twice");
	is(c.token, "b", "the last counts");
	ok(answer(&c, "") && answer(&c, " \n") && answer(&c, "[]") &&
	       answer(&c, "null") && answer(&c, "5"),
	   "no mapping");
	is(answer(&c, HEAD "\"status\":null}"),
	   "plugin didn't return a status field", "null for a status");
	is(answer(&c, HEAD "\"spec\":5,\"status\":{\"token\":\"t\"}}"),
	   "apiVersion, kind or spec: wrong type", "a spec that is none");
	is(answer(&c, HEAD "\"status\":{\"token\":\"a\\u0000b\"}}"),
	   "status.token: not a string", "a NUL in a token");
	is(answer(&c, "{kind: ExecCredential}"),
	   "line 1: string or '}' expected", "what starts as JSON is JSON");
	is(answer(&c, "kind: ExecCredential\nstatus: {token: \"a\\0\"}\n"),
	   "a NUL, or bytes that are not UTF-8", "a NUL in YAML");
	ok(!answer(&c, "kind: ExecCredential\napiVersion: " V1
		       "\nstatus: {token: t}\n---\nmore: text\n"),
	   "only the first YAML document");
}

static void
requests(void)
{
	static struct plugin p = {.api_version = V1,
				  .provide_cluster_info = true};
	struct choice c = {.user.plugin = &p,
			   .cluster = {.server = "https://h/",
				       .tls_server_name = "n",
				       .proxy_url = "http://p",
				       .insecure = true,
				       .disable_compression = true}};
	char *text = execcred_request(&c, "PEM", true);

	is(text,
	   "{\"kind\":\"ExecCredential\",\"apiVersion\":\"" V1
	   "\",\"spec\":{\"cluster\":{\"server\":\"https://h/\","
	   "\"tls-server-name\":\"n\",\"insecure-skip-tls-verify\":true,"
	   "\"certificate-authority-data\":\"UEVN\","
	   "\"proxy-url\":\"http://p\",\"disable-compression\":true,"
	   "\"config\":null},\"interactive\":true}}\n",
	   "a cluster with all that it can have");
	wipe_str(text);
	c.cluster.tls_server_name = "\xff";
	ok(!execcred_request(&c, NULL, true), "a name that is not UTF-8");
}

int
main(void)
{
	values();
	times();
	answers();
	requests();
	arena_wipe(&arena);
	return tap_end();
}
