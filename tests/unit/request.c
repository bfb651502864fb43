/*
 * What kexec asks and how it reads the answer: targets, paths, addresses,
 * durations, identity headers, heads of answers.
 *
 * links: kexec/target lib/url lib/duration lib/http lib/proxyurl
 * links: lib/apipath lib/workload lib/json lib/base64 lib/mem lib/err
 * pkgs: jansson
 */
#include "tap.h"

#include <stdlib.h>

#include "kexec/target.h"
#include "lib/duration.h"
#include "lib/http.h"
#include "lib/mem.h"
#include "lib/proxyurl.h"
#include "lib/record.h"
#include "lib/url.h"
#include "lib/workload.h"

static void
targets(void)
{
	static const struct {
		const char *text, *namespace, *want_ns, *want_pod, *type;
	} row[] = {
	    {"p", NULL, NULL, "p", NULL},
	    {"p", "n", "n", "p", NULL},
	    {"n/p", NULL, "n", "p", NULL},
	    {"n/p", "n", "n", "p", NULL},
	    {"n/p", "m", NULL, NULL, NULL},
	    {"p", "", NULL, "p", NULL},
	    {"pod/p", NULL, NULL, "p", NULL},
	    {"Pods/p", "n", "n", "p", NULL},
	    {"deploy/p", NULL, NULL, "p", "deployments"},
	    {"deploy/p", "n", "n", "p", "deployments"},
	    {"cm/p", NULL, NULL, NULL, NULL},
	    {"x.example.com/p", NULL, NULL, NULL, NULL},
	    {"..", NULL, NULL, NULL, NULL},
	    {"./p", NULL, NULL, NULL, NULL},
	    {"n/%2e", NULL, NULL, NULL, NULL},
	    {"p", "..", NULL, NULL, NULL},
	    {"deployments.v1.apps/p", NULL, NULL, "p", "deployments"},
	    {"svc/p", "n", "n", "p", "services"},
	    {"deployer/p", NULL, "deployer", "p", NULL},
	    {"/p", NULL, NULL, NULL, NULL},
	    {"n/", NULL, NULL, NULL, NULL},
	    {"n/p/c", NULL, NULL, NULL, NULL},
	    {"", NULL, NULL, NULL, NULL},
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
		is(t.name, row[i].want_pod, "its name");
		is(t.type ? t.type->plural : NULL, row[i].type, "its type");
		target_free(&t);
	}
}

static void
paths(void)
{
	static char sh[] = "sh", arg[] = "a b&c=\377\n";
	char *command[] = {sh, arg, NULL};
	struct exec_request r = {"/pre", "n", "p", "c", command, true, false};
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
	command[1] = NULL;
	r.stdin_wanted = r.tty = true;
	path = target_path(&r);
	is(path,
	   "/pre/api/v1/namespaces/n/pods/..%2Fx/exec?command=sh&stdin=true"
	   "&stdout=true&tty=true",
	   "a terminal, and with it no stderr");
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
	    {"https://[fe80::1%25eth0]:1", "fe80::1%eth0", "1", "",
	     "[fe80::1]:1"},
	    {"https://[fe80::1%25a%25b]", "fe80::1%a%25b", "443", "",
	     "[fe80::1]"},
	    {"https://a%b", "a%b", "443", "", "a%b"},
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
proxies(void)
{
	static const struct {
		const char *text;
		enum proxy_kind kind;
		const char *name, *user, *password;
	} row[] = {
	    {"http://p", PROXY_HTTP, "http://p:80", NULL, NULL},
	    {"HTTPS://p/x?y", PROXY_HTTPS, "https://p:443", NULL, NULL},
	    {"socks5://p", PROXY_SOCKS5, "socks5://p:1080", NULL, NULL},
	    {"socks5h://[::1]", PROXY_SOCKS5, "socks5://[::1]:1080", NULL,
	     NULL},
	    {"http://[::1]:7", PROXY_HTTP, "http://[::1]:7", NULL, NULL},
	    {"socks5://p:", PROXY_SOCKS5, "socks5://p:1080", NULL, NULL},
	    {"http://u:w@p:3128", PROXY_HTTP, "http://p:3128", "u", "w"},
	    {"http://u%3a%40:w:%25@p", PROXY_HTTP, "http://p:80", "u:@", "w:%"},
	    {"http://u@p", PROXY_HTTP, "http://p:80", "u", ""},
	    {"http://u:a@b@p", PROXY_HTTP, "http://p:80", "u", "a@b"},
	    {"http://@p", PROXY_HTTP, "http://p:80", NULL, NULL},
	    {"http://u:w%00@p", PROXY_HTTP, NULL, NULL, NULL},
	    {"http://u:w%4@p", PROXY_HTTP, NULL, NULL, NULL},
	    {"http://u:w%4", PROXY_HTTP, NULL, NULL, NULL},
	    {"http://u:w@", PROXY_HTTP, NULL, NULL, NULL},
	    {"http://u:w@[::1", PROXY_HTTP, NULL, NULL, NULL},
	    {"http://u:w@p:65536", PROXY_HTTP, NULL, NULL, NULL},
	    {"ftp://p", PROXY_HTTP, NULL, NULL, NULL},
	    {"p:3128", PROXY_HTTP, NULL, NULL, NULL},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		const char *why = NULL;
		struct proxyurl p;
		int rc = proxyurl_parse(&p, row[i].text, &why);

		if (!row[i].name) {
			ok(rc == -1 && why && !p.name && !p.password,
			   "proxy '%s' is refused", row[i].text);
			continue;
		}
		ok(rc == 0 && p.kind == row[i].kind, "proxy '%s'", row[i].text);
		is(p.name, row[i].name, "its name");
		is(p.user, row[i].user, "its user");
		is(p.password, row[i].password, "its password");
		proxyurl_wipe(&p);
	}
}

static void
durations(void)
{
	static const struct {
		const char *text;
		int ms;
	} row[] = {{"0", 0},         {"30", 30000},    {"30s", 30000},
		   {"1m30s", 90000}, {"250ms", 250},   {"2.5s", 2500},
		   {"1h", 3600000},  {"1us", 1},       {"2000\302\265s", 2},
		   {"3e", -1},       {"5000000ns", 5}, {"", -1},
		   {"0.5ms", 1},     {"s", -1},        {"-1s", -1},
		   {"5x", -1},       {"1.2.3s", -1},   {"1m30", -1},
		   {"9999999h", -1}};
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

/* The body in in, fed step bytes at a time, behind head. */
static const char *
body_of(const char *head, const char *in, size_t step, char out[256])
{
	char *copy = xstrdup(head);
	struct http_reply r;
	struct http_body b;
	size_t at = 0, used, n, have = 0, len = strlen(in);
	const char *data;

	if (http_parse(&r, copy, strlen(copy)) != 0)
		abort();
	free(copy);
	http_body_init(&b, &r);
	for (;;) {
		size_t room = len - at < step ? len - at : step;

		switch (http_body_next(&b, in + at, room, &used, &data, &n)) {
		case HTTP_BODY_PIECE:
			memcpy(out + have, data, n);
			have += n;
			break;
		case HTTP_BODY_MORE:
			if (at + used == len)
				return memcpy(out + have, "...", 4), out;
			break;
		case HTTP_BODY_DONE:
			out[have] = '\0';
			return out;
		case HTTP_BODY_FAULT:
			return memcpy(out + have, "!", 2), out;
		}
		at += used;
	}
}

static void
bodies(void)
{
#define HEAD "HTTP/1.1 200 OK\r\n"
	static const char chunked[] = HEAD "Transfer-Encoding: chunked\r\n\r\n";
	static const struct {
		const char *head, *in, *out;
	} row[] = {
	    {chunked, "5\r\nhello\r\n0\r\n\r\n", "hello"},
	    {chunked, "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nA: b\r\n\r\n", "hello"},
	    {chunked, "0\r\n\r\n5\r\n", ""},
	    {chunked, "a\r\nhello", "hello..."},
	    {chunked, "5\r\nhelloworld", "hello!"},
	    {chunked, "5\r\nhello\r\n0\r\nA: b\r\n", "hello..."},
	    {chunked, "fffffffffffffffff\r\nhi", "!"},
	    {chunked, "\r\nhi", "!"},
	    {chunked, "nonsense", "!"},
	    {chunked, "5x\r\n", "!"},
	    {chunked, "-5\r\n", "!"},
	    {chunked, "", "..."},
	    {HEAD "Content-Length: 5\r\n\r\n", "helloHTTP", "hello"},
	    {HEAD "Content-Length: 5\r\n\r\n", "hell", "hell..."},
	    {HEAD "Content-Length: 0\r\n\r\n", "x", ""},
	    {HEAD "\r\n", "all of it", "all of it..."},
	    {"HTTP/1.1 204 No Content\r\n\r\n", "x", ""},
	};
	static const struct {
		const char *head;
		bool keep_alive;
	} ends[] = {
	    {HEAD "Content-Length: 5\r\n\r\n", true},
	    {HEAD "Content-Length: 5\r\nConnection: close\r\n\r\n", false},
	    {HEAD "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
	     false},
	    {HEAD "Transfer-Encoding: chunked\r\n\r\n", true},
	    {HEAD "\r\n", false},
	    {"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", false},
	    {"HTTP/1.1 204 No Content\r\n\r\n", true},
	};
	char out[256], *lines = xmalloc(8192);

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		for (size_t step = 1; step < 32; step += 30)
			is(body_of(row[i].head, row[i].in, step, out),
			   row[i].out, "body %zu by %zu", i, step);
	}
	memset(lines, 'x', 8192);
	memcpy(lines, "5;", 2);
	lines[8191] = '\0';
	is(body_of(chunked, lines, 8192, out), "!", "an endless line");
	memcpy(lines, "0\r\n", 3);
	for (size_t i = 3; i < 8190; i += 4)
		memcpy(lines + i, "A:b\n", 4);
	lines[8191] = '\0';
	is(body_of(chunked, lines, 8192, out), "!", "an endless trailer");
	free(lines);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		char *copy = xstrdup(ends[i].head);
		struct http_reply r;

		ok(http_parse(&r, copy, strlen(copy)) == 0 &&
		       r.keep_alive == ends[i].keep_alive,
		   "whether a request may follow, %zu", i);
		free(copy);
	}
#undef HEAD
}

int
main(void)
{
	targets();
	paths();
	urls();
	proxies();
	durations();
	identity();
	answers();
	bodies();
	return tap_end();
}
