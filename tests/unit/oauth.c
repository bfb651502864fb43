/*
 * What is said to an issuer, and what it may answer.
 *
 * links: kconf/arena kconf/kubeconfig kconf/oauth lib/err lib/json lib/mem
 * pkgs: jansson
 */
#include "tap.h"

#include "kconf/arena.h"
#include "kconf/oauth.h"

static struct arena arena;
static const struct oauth_secrets secrets = {"my secret", "re/fresh"};

static void
forms(void)
{
	static const struct oauth_secrets none = {"", "a"};

	is(oauth_escape(&arena, "aZ09-_.~"), "aZ09-_.~", "what stays");
	is(oauth_escape(&arena, "a b+c&d=e%f/\n\303\274"),
	   "a+b%2Bc%26d%3De%25f%2F%0A%C3%BC", "what does not");
	is(oauth_escape(&arena, ""), "", "nothing");
	is(oauth_form(&arena, NULL, &secrets),
	   "grant_type=refresh_token&refresh_token=re%2Ffresh",
	   "a form without the client");
	is(oauth_form(&arena, "i d", &secrets),
	   "client_id=i+d&client_secret=my+secret&grant_type=refresh_token&"
	   "refresh_token=re%2Ffresh",
	   "one with it");
	is(oauth_form(&arena, "i", &none),
	   "client_id=i&grant_type=refresh_token&refresh_token=a",
	   "one without a secret");
}

static void
endpoints(void)
{
	static const struct {
		long status;
		const char *in, *out, *fault;
	} row[] = {
	    {200, "{\"token_endpoint\":\"https://h/t\"}", "https://h/t", NULL},
	    {200, "{\"token_endpoint\":\"\"}", NULL,
	     "there is no token_endpoint in its answer"},
	    {200, "{\"token_endpoint\":null}", NULL,
	     "there is no token_endpoint in its answer"},
	    {200, "{\"token_endpoint\":\"a\\u0000b\"}", NULL,
	     "token_endpoint: not a string"},
	    {200, "{\"token_endpoint\":[\"a\"]}", NULL,
	     "token_endpoint: not a string"},
	    {200, "", NULL,
	     "its answer is not JSON: line 1: '[' or '{' expected near "
	     "end of file"},
	    {201, "{\"token_endpoint\":\"https://h/t\"}", NULL,
	     "HTTP status 201"},
	};
	char why[128];

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		const char *got =
		    oauth_endpoint(&arena, row[i].status, row[i].in,
				   strlen(row[i].in), why, sizeof why);

		is(got, row[i].out, "endpoint %zu", i);
		if (!got)
			is(why, row[i].fault, "endpoint %zu: why", i);
	}
}

static void
answers(void)
{
	static const char form[] = "application/x-www-form-urlencoded",
			  quotes[] = "HTTP status 400: an error that quotes a "
				     "secret is not shown",
			  access[] = "there is no access_token in its answer";
	static const struct {
		long status;
		const char *type, *in, *id, *refresh, *fault;
		bool final;
	} row[] = {
	    {200, NULL, "{\"access_token\":\"a\",\"id_token\":\"i\"}", "i",
	     NULL, NULL, true},
	    {299, "application/json",
	     "{\"access_token\":\"a\",\"id_token\":\"i\",\"error\":\"\","
	     "\"refresh_token\":\"r\"}",
	     "i", "r", NULL, true},
	    {200, form, "refresh_token=r%2B+1&x&id_token=i&access_token=a", "i",
	     "r+ 1", NULL, true},
	    {200, "TEXT/plain", "id_token=i&id_token=j&access_token=a", "i",
	     NULL, NULL, true},
	    {200, form, "xid_token=i&access_token=a", NULL, NULL,
	     "there is no id_token in its answer: the login did not ask for "
	     "the scope \"openid\", or the issuer gives none at a refresh",
	     true},
	    {200, form, "id_token=%zz&access_token=a", NULL, NULL,
	     "id_token: not a token", true},
	    {200, form, "id_token=a%00b&access_token=a", NULL, NULL,
	     "id_token: not a token", true},
	    {200, form, "id_token=a%0Ab&access_token=a", NULL, NULL,
	     "id_token: not a token", true},
	    {200, form, "id_token=a&access_token=%", NULL, NULL, access, false},
	    {200, form, "id_token=a&access_token=%a", NULL, NULL, access,
	     false},
	    {200, form, "", NULL, NULL, access, false},
	    {200, NULL, "[]", NULL, NULL, access, false},
	    {200, NULL, "{\"access_token\":5,\"id_token\":\"i\"}", NULL, NULL,
	     access, false},
	    {200, NULL, "{\"access_token\":\"a\",\"id_token\":\"\303\274\"}",
	     NULL, NULL, "id_token: not a token", true},
	    {200, NULL,
	     "{\"access_token\":\"a\",\"id_token\":\"i\","
	     "\"refresh_token\":{}}",
	     NULL, NULL, "refresh_token: not a token", true},
	    {200, NULL, "{\"error\":\"e\"}", NULL, NULL, "HTTP status 200: e",
	     false},
	    {200, NULL, "{\"error\":5,\"access_token\":\"a\"}", NULL, NULL,
	     "HTTP status 200", false},
	    {300, NULL, "{\"access_token\":\"a\",\"id_token\":\"i\"}", NULL,
	     NULL, "HTTP status 300", false},
	    {400, NULL, "<html>", NULL, NULL, "HTTP status 400", false},
	    {400, NULL, "{\"error\":\"e\",\"error_description\":\"d\"}", NULL,
	     NULL, "HTTP status 400: e: d", false},
	    {400, form, "error=e&error_description=d+d", NULL, NULL,
	     "HTTP status 400: e: d d", false},
	    {400, NULL,
	     "{\"error\":\"e\",\"error_description\":\"not re/fresh\"}", NULL,
	     NULL, quotes, false},
	    {400, NULL,
	     "{\"error\":\"e\",\"error_description\":\"not re%2Ffresh\"}", NULL,
	     NULL, quotes, false},
	    {400, NULL, "{\"error\":\"my secret\"}", NULL, NULL, quotes, false},
	    {400, NULL, "{\"error\":\"my+secret\"}", NULL, NULL, quotes, false},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct oauth_tokens t = {NULL, NULL};
		char why[256];
		bool again;
		int rc = oauth_read(&t, &arena, row[i].status, row[i].type,
				    row[i].in, strlen(row[i].in), &secrets,
				    &again, why, sizeof why);

		is(rc == 0 ? NULL : why, row[i].fault, "answer %zu: fault", i);
		if (rc == 0) {
			is(t.id, row[i].id, "answer %zu: id", i);
			is(t.refresh, row[i].refresh, "answer %zu: refresh", i);
		}
		ok(again != row[i].final, "answer %zu: again", i);
	}
}

int
main(void)
{
	forms();
	endpoints();
	answers();
	arena_wipe(&arena);
	return tap_end();
}
