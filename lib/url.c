/*
 * The server field of a cluster (RFC 3986, as far as kubeconfig uses it).
 */
#include "url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"

/* A host may hold no blank, control or delimiter; what is left the resolver
 * and the certificate judge. */
static bool
good_host(const char *s)
{
	if (!*s)
		return false;
	for (; *s; s++) {
		if (*s <= ' ' || *s == 0x7f || strchr("@\\\"<>^`{|}", *s))
			return false;
	}
	return true;
}

static bool
good_port(const char *s)
{
	size_t n;

	/* kubectl counts the digits of the number only */
	s += strspn(s, "0");
	n = strspn(s, "0123456789");

	return n > 0 && n <= 5 && s[n] == '\0' &&
	       strtoul(s, NULL, 10) - 1 < 65535;
}

int
url_parse(struct url *u, const char *text, const char **why)
{
	const char *p, *end, *colon, *path;
	char *zone;

	memset(u, 0, sizeof *u);
	if (strncasecmp(text, "https://", 8) == 0) {
		u->tls = true;
		p = text + 8;
	} else if (strncasecmp(text, "http://", 7) == 0) {
		p = text + 7;
	} else {
		*why = "not an http:// or https:// address";
		return -1;
	}
	for (const char *c = p; *c; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f) {
			*why = "has a blank or a control byte in it";
			return -1;
		}
	}
	end = p + strcspn(p, "/?#");
	if (memchr(p, '@', (size_t)(end - p))) {
		*why = "has a user name in it";
		return -1;
	}
	if (*p == '[') {
		const char *close = memchr(p, ']', (size_t)(end - p));

		if (!close) {
			*why = "has a bracket that is not closed";
			return -1;
		}
		u->host = xstrndup(p + 1, (size_t)(close - p - 1));
		zone = strstr(u->host, "%25");
		/* encoded there, not on its own (RFC 6874) */
		if (zone)
			memmove(zone + 1, zone + 3, strlen(zone + 3) + 1);
		colon = close + 1;
	} else {
		colon = p + strcspn(p, ":/?#");
		u->host = xstrndup(p, (size_t)(colon - p));
	}
	if (colon < end && *colon == ':')
		u->port = xstrndup(colon + 1, (size_t)(end - colon - 1));
	else if (colon == end)
		u->port = xstrdup("");
	if (u->port && !*u->port) {
		free(u->port);
		u->port = xstrdup(u->tls ? "443" : "80");
	}
	if (!good_host(u->host) || !u->port || !good_port(u->port)) {
		*why = "has no good host or port";
		url_free(u);
		return -1;
	}
	path = end;
	end = path + strcspn(path, "?#");
	while (end > path && end[-1] == '/')
		end--;
	u->prefix = xstrndup(path, (size_t)(end - path));
	/* the zone means something to the sender alone */
	u->name = xstrndup(u->host,
			   strcspn(u->host, strchr(u->host, ':') ? "%" : ""));
	u->hostname =
	    xasprintf(strchr(u->host, ':') ? "[%s]%s%s" : "%s%s%s", u->name,
		      strcmp(u->port, u->tls ? "443" : "80") ? ":" : "",
		      strcmp(u->port, u->tls ? "443" : "80") ? u->port : "");
	return 0;
}

void
url_free(struct url *u)
{
	free(u->host);
	free(u->port);
	free(u->prefix);
	free(u->hostname);
	free(u->name);
	memset(u, 0, sizeof *u);
}
