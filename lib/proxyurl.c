/*
 * The proxy-url field of a cluster (RFC 3986, as far as kubeconfig uses it).
 */
#include "proxyurl.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"
#include "url.h"

static const struct {
	const char *scheme, *shown, *port;
	enum proxy_kind kind;
} kinds[] = {
    {"http://", "http", "80", PROXY_HTTP},
    {"https://", "https", "443", PROXY_HTTPS},
    {"socks5://", "socks5", "1080", PROXY_SOCKS5},
    {"socks5h://", "socks5", "1080", PROXY_SOCKS5},
};

/* The n bytes at s without percent-encoding; NULL when it is wrong, or
 * holds a NUL. */
static char *
decode(const char *s, size_t n)
{
	char *out = xmalloc(n + 1), *p = out;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '%') {
			char digits[3] = {0};

			if (n - i < 3 || !isxdigit((unsigned char)s[i + 1]) ||
			    !isxdigit((unsigned char)s[i + 2]))
				goto fail;
			memcpy(digits, s + i + 1, 2);
			c = (unsigned char)strtoul(digits, NULL, 16);
			i += 2;
		}
		if (c == '\0')
			goto fail;
		*p++ = (char)c;
	}
	*p = '\0';
	return out;
fail:
	wipe_free(out, n + 1);
	return NULL;
}

/* Reads the n bytes of user:password at s.  Returns false when they are
 * wrong. */
static bool
read_user(struct proxyurl *p, const char *s, size_t n)
{
	const char *colon = memchr(s, ':', n);
	size_t user = colon ? (size_t)(colon - s) : n;

	p->user = decode(s, user);
	p->password = decode(colon ? colon + 1 : s, colon ? n - user - 1 : 0);
	return p->user && p->password;
}

int
proxyurl_parse(struct proxyurl *p, const char *text, const char **why)
{
	const size_t n_kinds = sizeof kinds / sizeof *kinds;
	const char *s = NULL, *end, *at, *close, *fault;
	char *address;
	struct url u;
	size_t i, n;
	int rc;

	memset(p, 0, sizeof *p);
	for (i = 0; i < n_kinds; i++) {
		n = strlen(kinds[i].scheme);
		if (strncasecmp(text, kinds[i].scheme, n) == 0) {
			s = text + n;
			break;
		}
	}
	if (!s) {
		*why = "its scheme must be http, https or socks5";
		return -1;
	}
	end = s + strcspn(s, "/?#");
	at = memrchr(s, '@', (size_t)(end - s));
	if (at && at > s && !read_user(p, s, (size_t)(at - s))) {
		*why = "a user or password that is not percent-encoded";
		proxyurl_wipe(p);
		return -1;
	}
	if (at)
		s = at + 1;
	n = (size_t)(end - s);
	close = memrchr(s, ']', n);
	at =
	    memchr(close ? close : s, ':', (size_t)(end - (close ? close : s)));
	address = at ? xasprintf("http://%.*s%s", (int)n, s,
				 at + 1 == end ? kinds[i].port : "")
		     : xasprintf("http://%.*s:%s", (int)n, s, kinds[i].port);
	rc = url_parse(&u, address, &fault);
	free(address);
	if (rc != 0) {
		*why = "no good host or port in it";
		proxyurl_wipe(p);
		return -1;
	}
	p->kind = kinds[i].kind;
	p->name = xasprintf(strchr(u.host, ':') ? "%s://[%s]:%s" : "%s://%s:%s",
			    kinds[i].shown, u.host, u.port);
	url_free(&u);
	return 0;
}

void
proxyurl_wipe(struct proxyurl *p)
{
	free(p->name);
	wipe_str(p->user);
	wipe_str(p->password);
	memset(p, 0, sizeof *p);
}
