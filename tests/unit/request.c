/*
 * What kexec asks and how it reads the answer: targets, paths, addresses,
 * durations, identity headers, heads of answers.
 *
 * links: kexec/target lib/url lib/duration lib/http
 * links: lib/base64 lib/mem lib/err
 */
#include "tap.h"

#include <stdlib.h>

#include "kexec/target.h"
#include "lib/duration.h"
#include "lib/http.h"
#include "lib/mem.h"
#include "lib/record.h"
#include "lib/url.h"

static void
targets(void)
{
	static const struct {
		const char *text, *namespace, *want_ns, *want_pod;
	} row[] = {
	    {"p", NULL, NULL, "p"},
	    {"p", "n", "n", "p"},
	    {"n/p", NULL, "n", "p"},
	    {"n/p", "n", "n", "p"},
	    {"n/p", "m", NULL, NULL},
	    {"p", "", NULL, "p"},
	    {"pod/p", NULL, NULL, "p"},
	    {"Pods/p", "n", "n", "p"},
	    {"deploy/p", NULL, NULL, NULL},
	    {"deployments.v1.apps/p", NULL, NULL, NULL},
	    {"svc/p", "n", NULL, NULL},
	    {"deployer/p", NULL, "deployer", "p"},
	    {"/p", NULL, NULL, NULL},
	    {"n/", NULL, NULL, NULL},
	    {"n/p/c", NULL, NULL, NULL},
	    {"", NULL, NULL, NULL},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		const char *why = NULL;
		struct target t;
		int rc = target_parse(&t, row[i].text, row[i].namespace, &why);

		if (!row[i].want_pod) {
			ok(rc == -1 && why, "target '%s' is refused",
			   row[i].text);
			continue;
		}
		ok(rc == 0, "target '%s'", row[i].text);
		is(t.namespace, row[i].want_ns, "its namespace");
		is(t.pod, row[i].want_pod, "its pod");
		target_free(&t);
	}
}

static void
paths(void)
{
	static char sh[] = "sh", arg[] = "a b&c=\377\n";
	char *command[] = {sh, arg, NULL};
	struct exec_request r = {"/pre", "n", "p", "c", command, true};
	char *path = target_path(&r);

	is(path,
	   "/pre/api/v1/namespaces/n/pods/p/exec?command=sh&command="
	   "a%20b%26c%3D%FF%0A&container=c&stderr=true&stdin=true&stdout=true",
	   "path of an exec request");
	free(path);
	r.container = NULL;
	r.stdin_wanted = false;
	r.pod = "../x";
	path = target_path(&r);
	is(path,
	   "/pre/api/v1/namespaces/n/pods/..%2Fx/exec?command=sh&command="
	   "a%20b%26c%3D%FF%0A&stderr=true&stdout=true",
	   "no container, no stdin, and a name that cannot leave its place");
	free(path);
}

static void
urls(void)
{
	static const struct {
		const char *text, *host, *port, *prefix, *hostname;
	} row[] = {
	    {"https://h", "h", "443", "", "h"},
	    {"https://h:443/", "h", "443", "", "h"},
	    {"HTTPS://h:6443/p/q//", "h", "6443", "/p/q", "h:6443"},
	    {"http://h", "h", "80", "", "h"},
	    {"https://[::1]:1/", "::1", "1", "", "[::1]:1"},
	    {"https://[::1]", "::1", "443", "", "[::1]"},
	    {"https://h?q#f", "h", "443", "", "h"},
	    {"https://h:/x?q", "h", "443", "/x", "h"},
	    {"h:6443", NULL, NULL, NULL, NULL},
	    {"ftp://h", NULL, NULL, NULL, NULL},
	    {"https://u:p@h", NULL, NULL, NULL, NULL},
	    {"https://", NULL, NULL, NULL, NULL},
	    {"https://h:0", NULL, NULL, NULL, NULL},
	    {"https://h:65536", NULL, NULL, NULL, NULL},
	    {"https://h:x", NULL, NULL, NULL, NULL},
	    {"https://[::1", NULL, NULL, NULL, NULL},
	    {"https://[::1]x", NULL, NULL, NULL, NULL},
	    {"https://a b", NULL, NULL, NULL, NULL},
	    {"https://h/x HTTP/1.1\r\nEvil: 1", NULL, NULL, NULL, NULL},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		const char *why = NULL;
		struct url u;
		int rc = url_parse(&u, row[i].text, &why);

		if (!row[i].host) {
			ok(rc == -1 && why, "'%s' is refused", row[i].text);
			continue;
		}
		ok(rc == 0 && strcmp(u.host, row[i].host) == 0 &&
		       strcmp(u.port, row[i].port) == 0 &&
		       strcmp(u.prefix, row[i].prefix) == 0 &&
		       strcmp(u.hostname, row[i].hostname) == 0,
		   "'%s'", row[i].text);
		url_free(&u);
	}
}

static void
durations(void)
{
	static const struct {
		const char *text;
		int ms;
	} row[] = {{"0", 0},         {"30", 30000},  {"30s", 30000},
		   {"1m30s", 90000}, {"250ms", 250}, {"2.5s", 2500},
		   {"1h", 3600000},  {"", -1},       {"0.5ms", 1},
		   {"s", -1},        {"-1s", -1},    {"5x", -1},
		   {"1.2.3s", -1},   {"1m30", -1},   {"9999999h", -1}};
	char digits[1024] = "";

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		ok(duration_ms(row[i].text) == row[i].ms, "duration '%s'",
		   row[i].text);

	memset(digits, '9', sizeof digits - 1);
	digits[sizeof digits / 2] = '.';
	ok(duration_ms(digits) == -1, "infinity by infinity is no duration");
}

static void
identity(void)
{
	static char tok[] = "tok", as[] = "u", bad[] = "a\r\nX: y",
		    user[] = "me", pw[] = "pw", key[] = "acme.com/x \303\251",
		    val[] = "v";
	char *values[] = {val, val};
	struct record_extra extra = {key, values, 2};
	struct record r = {.token = tok, .as = as};
	const char *field = NULL;
	char *head = xstrdup("");

	r.as_user_extra = &extra;
	r.n_as_user_extra = 1;
	ok(http_identity(&head, &r, &field) == 0, "identity by token");
	is(head,
	   "Authorization: Bearer tok\r\nImpersonate-User: u\r\n"
	   "Impersonate-Extra-acme.com%2Fx%20%C3%A9: v\r\n"
	   "Impersonate-Extra-acme.com%2Fx%20%C3%A9: v\r\n",
	   "its header lines");
	free(head);

	r = (struct record){.username = user, .password = pw};
	head = xstrdup("");
	ok(http_identity(&head, &r, &field) == 0, "identity by password");
	is(head, "Authorization: Basic bWU6cHc=\r\n", "its header line");
	free(head);

	r = (struct record){.token = bad};
	head = xstrdup("");
	ok(http_identity(&head, &r, &field) == -1 &&
	       strcmp(field, "token") == 0,
	   "a token that would forge a header is refused by name");
	free(head);
}

static void
answers(void)
{
	char head[] = "HTTP/1.1 101 Switching Protocols\r\nuPgrade:  websocket "
		      "\r\nConnection: keep-alive, Upgrade\r\n"
		      "Sec-WebSocket-Protocol: x\r\n"
		      "X-Stream-Protocol-Version: y\r\n\r\n";
	char bare[] = "HTTP/1.1 403 Forbidden\r\n\r\n";
	static const char *const wrong[] = {
	    "HTTP/2 200 OK\r\n\r\n", "SSH-2.0-OpenSSH\r\n\r\n",
	    "HTTP/1.1 20\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n"};
	struct http_reply r;

	ok(http_head_end(head, sizeof head - 1) == sizeof head - 1 &&
	       http_head_end(head, sizeof head - 2) == 0,
	   "the head ends with the empty line");
	ok(http_parse(&r, head, sizeof head - 1) == 0 && r.code == 101,
	   "an answer");
	is(r.upgrade, "websocket", "blanks around a value go");
	ok(r.connection_upgrade, "Connection is a list");
	is(r.protocol, "x", "a subprotocol");
	is(r.stream_protocol, "y", "the last header too");
	ok(http_parse(&r, bare, sizeof bare - 1) == 0 && r.code == 403 &&
	       r.length == -1,
	   "a bare answer");
	is(r.reason, "Forbidden", "its reason");
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		char *copy = xstrdup(wrong[i]);

		ok(http_parse(&r, copy, strlen(copy)) == -1,
		   "wrong answer %zu is refused", i);
		free(copy);
	}
}

static void
chunks(void)
{
	static const struct {
		const char *in, *out;
	} row[] = {
	    {"5\r\nhello\r\n0\r\n\r\n", "hello"},
	    {"2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n", "hello"},
	    {"a\r\nhello", "hello"},
	    {"fffffffffffffffff\r\nhi", "hi"},
	    {"nonsense", ""},
	    {"", ""},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		char body[64];
		size_t len = strlen(row[i].in);

		memcpy(body, row[i].in, len + 1);
		http_dechunk(body, &len);
		body[len] = '\0';
		is(body, row[i].out, "chunked body %zu", i);
	}
}

int
main(void)
{
	targets();
	paths();
	urls();
	durations();
	identity();
	answers();
	chunks();
	return tap_end();
}
