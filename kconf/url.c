/*
 * The two kinds of URL in a kubeconfig.  Pure.
 */
#include "url.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "path.h"

/* Where the scheme of url ends and its "://" starts, or NULL. */
static const char *
scheme_end(const char *url)
{
	const char *p = strstr(url, "://");

	return p && strcspn(url, "/?#@[]") > (size_t)(p - url) ? p : NULL;
}

static bool
has_scheme(const char *url, const char *end, const char *scheme)
{
	return strlen(scheme) == (size_t)(end - url) &&
	       strncasecmp(url, scheme, strlen(scheme)) == 0;
}

/* A port (RFC 3986, section 3.2.3) that TCP has, or none behind the colon. */
static bool
is_port(const char *s, size_t n)
{
	unsigned long port = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		port = port * 10 + (unsigned long)(s[i] - '0');
		if (port > 65535)
			return false;
	}
	return true;
}

/* host, host:port, [address] or [address]:port. */
static bool
is_host_port(const char *s, size_t n)
{
	const char *colon;
	size_t host;

	if (n > 0 && s[0] == '[') {
		const char *end = memchr(s, ']', n);

		if (!end || end == s + 1)
			return false;
		host = (size_t)(end + 1 - s);
		colon = host < n ? s + host : NULL;
		if (colon && *colon != ':')
			return false;
	} else {
		colon = memchr(s, ':', n);
		host = colon ? (size_t)(colon - s) : n;
		if (host == 0)
			return false;
	}
	for (size_t i = 0; i < host; i++) {
		/* the zone of an IPv6 address begins with an encoded % */
		if (s[0] == '[' && host - i > 4 &&
		    strncmp(s + i, "%25", 3) == 0)
			i += 3;
		if ((unsigned char)s[i] <= ' ' ||
		    strchr("\"%<>\\^`{|}\177", s[i]))
			return false;
	}
	return !colon || is_port(colon + 1, n - host - 1);
}

static bool
has_bad_escape(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%' && (!isxdigit((unsigned char)s[i + 1]) ||
				    !isxdigit((unsigned char)s[i + 2])))
			return true;
	}
	return false;
}

/* What may be in no part of a URL, or NULL; as Go's net/url has it. */
static const char *
fault_in(const char *s, size_t n)
{
	if (has_bad_escape(s, n))
		return "a % without two hex digits";
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)s[i] <= ' ' || s[i] == '\177')
			return "a blank or control byte";
	}
	return NULL;
}

/* The same behind the host of a server, where the first n bytes are the path,
 * and blanks are let by. */
static const char *
fault_in_server(const char *s, size_t n)
{
	if (has_bad_escape(s, n))
		return "a % without two hex digits";
	for (; *s; s++) {
		if ((unsigned char)*s < ' ' || *s == '\177')
			return "a control byte";
	}
	return NULL;
}

/* A path as kubectl sends it: decoded, without "." and "..", and encoded anew
 * by the rules of Go's net/url. */
static const char *
regular_path(struct arena *a, const char *s, size_t n)
{
	static const char as_is[] = "/-_.~$&+,:;=@";
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, 3 * n + 2), *p = out;

	*p++ = '/';
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '%') {
			char digits[] = {s[i + 1], s[i + 2], '\0'};

			c = (unsigned char)strtoul(digits, NULL, 16);
			i += 2;
		}
		if (isalnum(c) || (c && strchr(as_is, c))) {
			*p++ = (char)c;
		} else {
			*p++ = '%';
			*p++ = hex[c >> 4];
			*p++ = hex[c & 15];
		}
	}
	*p = '\0';
	return path_clean(a, out);
}

/* User and password (RFC 3986, section 3.2.1), and an "@" that Go lets by. */
static bool
is_userinfo(const char *s, size_t n)
{
	static const char more[] = "-._:~!$&'()*+,;=%@";

	for (size_t i = 0; i < n; i++) {
		if (!isalnum((unsigned char)s[i]) && !strchr(more, s[i]))
			return false;
	}
	return !fault_in(s, n);
}

const char *
url_server(struct arena *a, const char *server, bool *secure, const char **why)
{
	const char *end = scheme_end(server);
	const char *rest = end ? end + 3 : server;
	size_t host = strcspn(rest, "/?#"), n;
	const char *path;

	*secure = false;
	if (end && has_scheme(server, end, "https")) {
		*secure = true;
	} else if (end && !has_scheme(server, end, "http")) {
		*why = "neither https:// nor http://";
		return NULL;
	}
	if (memchr(rest, '@', host)) {
		*why = "a user name in the URL";
		return NULL;
	}
	if (!is_host_port(rest, host)) {
		*why = "not a URL or HOST:PORT";
		return NULL;
	}
	/* a fragment may follow the host or the query, but no path */
	n = host + strcspn(rest + host, rest[host] == '/' ? "?" : "?#");
	if (!end && n > host + 1) {
		*why = "a path but no https:// in front";
		return NULL;
	}
	*why = fault_in_server(rest + host, n - host);
	if (*why)
		return NULL;
	path = regular_path(a, rest + host, n - host);
	return arena_format(a, "http%s://%.*s%s", *secure ? "s" : "", (int)host,
			    rest, path[1] ? path : "");
}

const char *
url_proxy(struct arena *a, const char *value)
{
	const char *end = scheme_end(value);

	if (!end)
		return arena_format(a, "http://%s", value);
	if (has_scheme(value, end, "socks5h"))
		return arena_format(a, "socks5%s", end);
	return value;
}

const char *
url_proxy_fault(const char *url)
{
	const char *end = scheme_end(url), *host, *at;
	size_t n;

	if (!end)
		return "not a URL";
	if (!has_scheme(url, end, "http") && !has_scheme(url, end, "https") &&
	    !has_scheme(url, end, "socks5"))
		return "its scheme must be http, https or socks5";
	host = end + 3;
	n = strcspn(host, "/?#");
	at = memrchr(host, '@', n);
	if (at && !is_userinfo(host, (size_t)(at - host)))
		return "a user or password that is not percent-encoded";
	if (at) {
		n -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	if (!is_host_port(host, n))
		return "no host in it";
	return fault_in(host + n, strcspn(host + n, "?#"));
}

char *
url_without_user(struct arena *a, const char *url)
{
	const char *end = scheme_end(url), *at;
	size_t kept = end ? (size_t)(end + 3 - url) : 0;

	at = end ? memrchr(end + 3, '@', strcspn(end + 3, "/?#"))
		 : strrchr(url, '@');
	return arena_format(a, "%.*s%s", (int)kept, url,
			    at ? at + 1 : url + kept);
}
