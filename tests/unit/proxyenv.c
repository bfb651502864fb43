/*
 * Which proxy the environment means for a server.
 *
 * links: kconf/arena kconf/kubeconfig kconf/path kconf/proxyenv kconf/text
 * links: kconf/url lib/err lib/mem
 */
#include "tap.h"

#include "kconf/arena.h"
#include "kconf/proxyenv.h"

static struct arena arena;

/* NO_PROXY against a host and its port. */
static void
no_proxy(void)
{
	static const struct {
		const char *list, *host, *port;
		bool exempt;
	} row[] = {
	    /* never proxied */
	    {NULL, "localhost", "443", true},
	    {"", "localhost", "443", true},
	    {NULL, "127.0.0.1", "443", true},
	    {NULL, "127.255.0.9", "443", true},
	    {NULL, "::1", "443", true},
	    {NULL, "0:0:0:0:0:0:0:1", "443", true},
	    {NULL, "::ffff:127.0.0.1", "443", true},
	    {NULL, "::ffff:7f01:203", "443", true},
	    {NULL, "LOCALHOST", "443", false},
	    {NULL, "localhost.", "443", false},
	    {NULL, "a.localhost", "443", false},
	    {NULL, "128.0.0.1", "443", false},
	    {NULL, "::2", "443", false},
	    {NULL, "::127.0.0.1", "443", false},
	    {NULL, "0.0.0.0", "443", false},
	    {NULL, "127.1", "443", false},
	    {NULL, "127.0.0.01", "443", false},
	    {NULL, "h", "443", false},
	    /* everything */
	    {"*", "h", "443", true},
	    {"*", "10.0.0.1", "443", true},
	    {"*", "fd00::1", "443", true},
	    {"x, * ,y", "h", "443", true},
	    {"*:443", "h", "443", false},
	    {"**", "h", "443", false},
	    /* empty items */
	    {",", "h", "443", false},
	    {" , ,", "h", "443", false},
	    {",,h", "h", "443", true},
	    {"h,", "h", "443", true},
	    {":443", "h", "443", false},
	    {"a b", "a", "443", false},
	    {"a;h", "h", "443", false},
	    {"a h", "h", "443", false},
	    /* names */
	    {"example.com", "example.com", "443", true},
	    {"example.com", "a.example.com", "443", true},
	    {"example.com", "b.a.example.com", "443", true},
	    {"example.com", "notexample.com", "443", false},
	    {"example.com", "example.com.org", "443", false},
	    {"example.com", "example.co", "443", false},
	    {"example.com", "com", "443", false},
	    {"example.com", "example.com.", "443", false},
	    {"example.com.", "example.com", "443", false},
	    {"example.com.", "example.com.", "443", true},
	    {".example.com", "example.com", "443", false},
	    {".example.com", "a.example.com", "443", true},
	    {".example.com", "aexample.com", "443", false},
	    {"*.example.com", "example.com", "443", false},
	    {"*.example.com", "a.example.com", "443", true},
	    {"*.example.com", "b.a.example.com", "443", true},
	    {"*example.com", "aexample.com", "443", false},
	    {"a.*.com", "a.b.com", "443", false},
	    {"..example.com", "a.example.com", "443", false},
	    {".", "h", "443", false},
	    {"*.", "h", "443", false},
	    {"*.", "h.", "443", true},
	    {"com", "example.com", "443", true},
	    {"Example.COM", "example.com", "443", true},
	    {"example.com", "EXAMPLE.com", "443", true},
	    {"\texample.com\n", "example.com", "443", true},
	    {"https://example.com", "example.com", "443", false},
	    {"example.com/", "example.com", "443", false},
	    {"\xc3\xbc.de", "\xc3\xbc.de", "443", true},
	    {"xn--tda.de", "\xc3\xbc.de", "443", false},
	    {"localhost", "LOCALHOST", "443", true},
	    {"xn--h", "h", "443", false},
	    /* ports */
	    {"example.com:443", "example.com", "443", true},
	    {"example.com:443", "a.example.com", "443", true},
	    {"example.com:443", "example.com", "6443", false},
	    {"example.com:0443", "example.com", "443", false},
	    {"example.com:https", "example.com", "443", false},
	    {"example.com:", "example.com", "6443", true},
	    {".example.com:443", "a.example.com", "443", true},
	    {"*.example.com:443", "a.example.com", "443", true},
	    {"*.example.com:443", "a.example.com", "80", false},
	    {"[example.com]:443", "example.com", "443", true},
	    {"[example.com]", "example.com", "443", false},
	    {"a:b:443", "a", "443", false},
	    /* addresses */
	    {"10.0.0.1", "10.0.0.1", "443", true},
	    {"10.0.0.1", "10.0.0.2", "443", false},
	    {"10.0.0.1:443", "10.0.0.1", "443", true},
	    {"10.0.0.1:443", "10.0.0.1", "80", false},
	    {"10.0.0.1:", "10.0.0.1", "80", true},
	    {"[10.0.0.1]:443", "10.0.0.1", "443", true},
	    {"10.0.0.01", "10.0.0.1", "443", false},
	    {"010.0.0.1", "10.0.0.1", "443", false},
	    {"10.0.0", "10.0.0.1", "443", false},
	    {"0.0.1", "10.0.0.1", "443", false},
	    {".0.0.1", "10.0.0.1", "443", false},
	    {"10.0.0.1", "a.10.0.0.1", "443", false},
	    {"::ffff:10.0.0.1", "10.0.0.1", "443", true},
	    {"10.0.0.1", "::ffff:a00:1", "443", true},
	    {"fd00::1", "fd00::1", "443", true},
	    {"FD00:0::1", "fd00::1", "443", true},
	    {"[fd00::1]", "fd00::1", "443", false},
	    {"[fd00::1]:443", "fd00::1", "443", true},
	    {"[fd00::1]:443", "fd00::1", "80", false},
	    {"[fd00::1]:", "fd00::1", "80", true},
	    {"fd00::1:443", "fd00::1", "443", false},
	    {"[fd00::1", "fd00::1", "443", false},
	    {"fd00::1]:443", "fd00::1", "443", false},
	    {"[[fd00::1]]:443", "fd00::1", "443", false},
	    {"[fd00::1]x:443", "fd00::1", "443", false},
	    {"fe80::1%eth0", "fe80::1", "443", false},
	    /* networks */
	    {"10.0.0.0/8", "10.1.2.3", "443", true},
	    {"10.0.0.0/8", "11.1.2.3", "443", false},
	    {"10.9.9.9/8", "10.1.2.3", "443", true},
	    {"10.0.0.0/9", "10.127.0.1", "443", true},
	    {"10.0.0.0/9", "10.128.0.1", "443", false},
	    {"10.0.0.1/32", "10.0.0.1", "443", true},
	    {"10.0.0.1/31", "10.0.0.0", "443", true},
	    {"10.0.0.1/33", "10.0.0.1", "443", false},
	    {"0.0.0.0/0", "10.0.0.1", "443", true},
	    {"0.0.0.0/0", "fd00::1", "443", false},
	    {"0.0.0.0/0", "example.com", "443", false},
	    {"::/0", "fd00::1", "443", true},
	    {"::/0", "10.0.0.1", "443", false},
	    {"fd00::/64", "fd00::ff", "443", true},
	    {"fd00::/64", "fd00:0:0:1::1", "443", false},
	    {"fd00::/63", "fd00:0:0:1::1", "443", true},
	    {"fd00::1/128", "fd00::1", "443", true},
	    {"fd00::1/129", "fd00::1", "443", false},
	    {"::ffff:10.0.0.0/104", "10.1.2.3", "443", true},
	    {"::ffff:10.0.0.0/96", "11.1.2.3", "443", true},
	    {"::ffff:10.0.0.0/95", "10.1.2.3", "443", false},
	    {"::ffff:10.0.0.0/24", "::5", "443", true},
	    {"10.0.0.0/8:443", "10.0.0.1", "443", false},
	    {"10.0.0.0/", "10.0.0.1", "443", false},
	    {"10.0.0.0/+8", "10.0.0.1", "443", false},
	    {"10.0.0.0/8/8", "10.0.0.1", "443", false},
	    {"10.0.0.0/255.0.0.0", "10.0.0.1", "443", false},
	    {"10.0.0.0/4294967304", "10.0.0.1", "443", false},
	    {"10/8", "10.0.0.1", "443", false},
	    {"/8", "10.0.0.1", "443", false},
	    {"10.0.0.0/08", "10.0.0.1", "443", true},
	    {"010.000.0.00/8", "10.0.0.1", "443", true},
	    {"a,010.0.0.0/8", "10.0.0.1", "443", true},
	    {"a, 010.0.0.0/8", "10.0.0.1", "443", false},
	    {"a, 10.0.0.0/8", "10.0.0.1", "443", true},
	    {"010.0.0.0/8", "8.0.0.1", "443", false},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		ok(proxyenv_exempts(&arena, row[i].list, row[i].host,
				    row[i].port) == row[i].exempt,
		   "row %zu: a NO_PROXY that %s %s:%s", i,
		   row[i].exempt ? "names" : "does not name", row[i].host,
		   row[i].port);
}

/* Which variable counts, and what becomes of its value. */
static void
proxies(void)
{
	static const struct {
		const char *server, *want;
		struct proxyenv env;
	} row[] = {
	    {"https://h", NULL, {.https_proxy = {0}}},
	    {"https://h", "http://p:1", {.https_proxy = {"http://p:1"}}},
	    {"https://h", "http://q", {.https_proxy = {NULL, "http://q"}}},
	    {"https://h", "http://q", {.https_proxy = {"", "http://q"}}},
	    {"https://h",
	     "http://p",
	     {.https_proxy = {"http://p", "http://q"}}},
	    {"https://h", NULL, {.http_proxy = {"http://p", "http://q"}}},
	    {"http://h", "http://p", {.http_proxy = {"http://p"}}},
	    {"http://h", "http://q", {.http_proxy = {NULL, "http://q"}}},
	    {"http://h", NULL, {.https_proxy = {"http://p"}}},
	    {"https://h", "http://p:1", {.https_proxy = {"p:1"}}},
	    {"https://h", "http://p", {.https_proxy = {"p"}}},
	    {"https://h", "http://10.0.0.1:1", {.https_proxy = {"10.0.0.1:1"}}},
	    {"https://h", "http://[::1]:1", {.https_proxy = {"[::1]:1"}}},
	    {"https://h", "http://u:w@p:1", {.https_proxy = {"u:w@p:1"}}},
	    {"https://h", "https://p", {.https_proxy = {"https://p"}}},
	    {"https://h", "HTTP://p", {.https_proxy = {"HTTP://p"}}},
	    {"https://h", "socks5://p", {.https_proxy = {"socks5://p"}}},
	    {"https://h",
	     "socks5://u:w@p",
	     {.https_proxy = {"Socks5H://u:w@p"}}},
	    {"https://h/p",
	     NULL,
	     {.https_proxy = {"p"}, .no_proxy = {"h:443"}}},
	    {"https://h:", NULL, {.https_proxy = {"p"}, .no_proxy = {"h:443"}}},
	    {"https://h:8443/p",
	     "http://p",
	     {.https_proxy = {"p"}, .no_proxy = {"h:443"}}},
	    {"http://h", NULL, {.http_proxy = {"p"}, .no_proxy = {"h:80"}}},
	    {"http://h",
	     "http://p",
	     {.http_proxy = {"p"}, .no_proxy = {"h:443"}}},
	    {"https://[fd00::1]",
	     NULL,
	     {.https_proxy = {"p"}, .no_proxy = {"fd00::1"}}},
	    {"https://[fd00::1]:8",
	     NULL,
	     {.https_proxy = {"p"}, .no_proxy = {"[fd00::1]:8"}}},
	    {"https://[::1]:8", NULL, {.https_proxy = {"p"}}},
	    {"https://h",
	     NULL,
	     {.https_proxy = {"p"}, .no_proxy = {NULL, "h"}}},
	    {"https://h", NULL, {.https_proxy = {"p"}, .no_proxy = {"", "h"}}},
	    {"https://h",
	     "http://p",
	     {.https_proxy = {"p"}, .no_proxy = {"x", "h"}}},
	    /* a fault in what is not used is none */
	    {"https://h", NULL, {.https_proxy = {"%"}, .no_proxy = {"h"}}},
	    {"https://localhost:1", NULL, {.https_proxy = {"%"}}},
	    {"https://h", NULL, {.http_proxy = {"%"}}},
	    {"https://h",
	     "http://p",
	     {.https_proxy = {"p"}, .request_method = "GET"}},
	    {"http://h", NULL, {.request_method = "GET"}},
	    {"http://h",
	     "http://p",
	     {.http_proxy = {"p"}, .request_method = ""}},
	};
	const char *proxy, *variable, *why;

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		ok(proxyenv_find(&arena, &row[i].env, row[i].server, &proxy,
				 &variable, &why) == 0,
		   "row %zu is good", i);
		is(proxy, row[i].want, "row %zu: the proxy for %s", i,
		   row[i].server);
	}
}

static void
faults(void)
{
	static const struct {
		const char *server, *variable, *why;
		struct proxyenv env;
	} row[] = {
	    {"https://h",
	     "HTTPS_PROXY",
	     "its scheme must be http, https or socks5",
	     {.https_proxy = {"ftp://secret"}}},
	    {"https://h",
	     "https_proxy",
	     "no host in it",
	     {.https_proxy = {NULL, "http://"}}},
	    {"https://h",
	     "HTTPS_PROXY",
	     "no host in it",
	     {.https_proxy = {"//p:1"}}},
	    {"https://h",
	     "HTTPS_PROXY",
	     "no host in it",
	     {.https_proxy = {"http:p:1"}}},
	    {"https://h",
	     "HTTPS_PROXY",
	     "no host in it",
	     {.https_proxy = {"http://p "}}},
	    {"https://h",
	     "HTTPS_PROXY",
	     "a user or password that is not percent-encoded",
	     {.https_proxy = {"u:p w@h"}}},
	    {"https://h",
	     "HTTPS_PROXY",
	     "a % without two hex digits",
	     {.https_proxy = {"http://p/%zz"}}},
	    {"http://h",
	     "HTTP_PROXY",
	     "not used in a CGI program (REQUEST_METHOD is set)",
	     {.http_proxy = {"p"}, .request_method = "GET"}},
	    {"http://localhost",
	     "http_proxy",
	     "not used in a CGI program (REQUEST_METHOD is set)",
	     {.http_proxy = {"", "p"},
	      .no_proxy = {"*"},
	      .request_method = "GET"}},
	};
	const char *proxy, *variable = NULL, *why = NULL;

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		ok(proxyenv_find(&arena, &row[i].env, row[i].server, &proxy,
				 &variable, &why) == -1,
		   "fault %zu is one", i);
		is(variable, row[i].variable, "fault %zu: the variable", i);
		is(why, row[i].why, "fault %zu: the reason", i);
	}
}

int
main(void)
{
	no_proxy();
	proxies();
	faults();
	arena_wipe(&arena);
	return tap_end();
}
