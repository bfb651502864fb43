/*
 * The proxy of the environment, by the rules of Go's libraries: HTTPS_PROXY,
 * HTTP_PROXY, and NO_PROXY item by item.  Pure.
 */
#include "proxyenv.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include "arena.h"
#include "kubeconfig.h"
#include "url.h"

enum { MAPPED_BITS = 96 };

/* IPv4 as IPv4 within IPv6 (RFC 4291, section 2.5.5.2). */
struct address {
	unsigned char byte[16];
};

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool
is_v4(const struct address *a)
{
	return memcmp(a->byte, mapped, sizeof mapped) == 0;
}

static bool
parse_address(struct address *out, const char *s)
{
	if (inet_pton(AF_INET6, s, out->byte) == 1)
		return true;
	memcpy(out->byte, mapped, sizeof mapped);
	return inet_pton(AF_INET, s, out->byte + sizeof mapped) == 1;
}

static bool
is_loopback(const struct address *a)
{
	static const struct address loopback = {.byte = {[15] = 1}};

	return is_v4(a) ? a->byte[12] == 127
			: memcmp(a, &loopback, sizeof loopback) == 0;
}

/* The number s of at most max; else more than max. */
static unsigned
parse_bits(const char *s, unsigned max)
{
	unsigned n = 0;

	if (!*s)
		return max + 1;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return max + 1;
		n = n * 10 + (unsigned)(*s - '0');
		if (n > max)
			return max + 1;
	}
	return n;
}

/* An IPv4 address without the zeros that may stand in front of its numbers. */
static char *
without_zeros(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, strlen(s) + 1), *p = out;
	bool first = true;

	for (; *s; s++) {
		if (first && *s == '0' && s[1] >= '0' && s[1] <= '9')
			continue;
		first = *s == '.';
		*p++ = *s;
	}
	return out;
}

/* A network (RFC 4632, section 3.1): its address, and how many bits count.
 * kubectl lets by zeros in front of numbers, if no blank is around the item. */
static bool
parse_network(struct arena *a, const char *item, bool bare, struct address *net,
	      unsigned *bits)
{
	const char *slash = strchr(item, '/');
	const char *text;
	bool v6;

	if (!slash)
		return false;
	text = arena_copy(a, item, (size_t)(slash - item));
	v6 = strchr(text, ':') != NULL;
	if (!parse_address(net, bare && !v6 ? without_zeros(a, text) : text))
		return false;
	*bits = parse_bits(slash + 1, v6 ? 128 : 32);
	if (*bits > (v6 ? 128 : 32))
		return false;
	*bits += v6 ? 0 : MAPPED_BITS;
	return true;
}

static bool
in_network(const struct address *target, const struct address *net,
	   unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;
	bool net_is_v4 = is_v4(net) && bits >= MAPPED_BITS;

	if (net_is_v4 != is_v4(target) ||
	    memcmp(target->byte, net->byte, whole) != 0)
		return false;
	return rest == 0 ||
	       (target->byte[whole] ^ net->byte[whole]) >> (8 - rest) == 0;
}

/* Splits HOST:PORT or [HOST]:PORT; false for what is neither. */
static bool
split(struct arena *a, const char *s, const char **host, const char **port)
{
	const char *colon = strrchr(s, ':');
	size_t skip = s[0] == '[' ? 1 : 0;
	const char *end = skip ? strchr(s, ']') : colon;

	if (!colon || !end || end + skip != colon || strpbrk(s + skip, "[") ||
	    strpbrk(end + skip, "]") ||
	    (!skip && memchr(s, ':', (size_t)(end - s))) ||
	    (!skip && strchr(s, ']')))
		return false;
	*host = arena_copy(a, s + skip, (size_t)(end - s) - skip);
	*port = colon + 1;
	return true;
}

/* Whether host is called name, or lies beneath it. */
static bool
in_domain(const char *name, const char *host)
{
	size_t n, len = strlen(host);

	if (name[0] == '*' && name[1] == '.')
		name++;
	/* with a dot in front, no host is called so */
	if (strcmp(name, host) == 0)
		return true;
	if (name[0] == '.')
		name++;
	n = strlen(name);
	return len > n && host[len - n - 1] == '.' &&
	       strcmp(host + len - n, name) == 0;
}

/* Whether one item of NO_PROXY means the host; address is NULL for a name. */
static bool
item_exempts(struct arena *a, const char *item, bool bare, const char *host,
	     const char *port, const struct address *address)
{
	const char *its_host = item, *its_port = "";
	struct address its;
	unsigned bits;
	bool same;

	if (strcmp(item, "*") == 0)
		return true;
	if (parse_network(a, item, bare, &its, &bits))
		return address && in_network(address, &its, bits);
	if (split(a, item, &its_host, &its_port) && !*its_host)
		return false;
	if (parse_address(&its, its_host))
		same = address && memcmp(&its, address, sizeof its) == 0;
	else
		same = !address && in_domain(its_host, host);
	return same && (!*its_port || strcmp(its_port, port) == 0);
}

/* The n bytes at s in small letters, without blanks at the ends. */
static char *
lower(struct arena *a, const char *s, size_t n)
{
	static const char blank[] = " \t\n\v\f\r";
	char *out;

	while (n > 0 && memchr(blank, *s, sizeof blank - 1)) {
		s++;
		n--;
	}
	while (n > 0 && memchr(blank, s[n - 1], sizeof blank - 1))
		n--;
	out = arena_copy(a, s, n);
	for (char *p = out; *p; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	}
	return out;
}

bool
proxyenv_exempts(struct arena *a, const char *no_proxy, const char *host,
		 const char *port)
{
	struct address parsed;
	const struct address *address = NULL;

	if (parse_address(&parsed, host))
		address = &parsed;
	/* in small letters only */
	if (strcmp(host, "localhost") == 0 || (address && is_loopback(address)))
		return true;
	host = lower(a, host, strlen(host));
	for (const char *s = no_proxy ? no_proxy : ""; *s;) {
		size_t n = strcspn(s, ",");
		const char *item = lower(a, s, n);

		if (*item && item_exempts(a, item, strlen(item) == n, host,
					  port, address))
			return true;
		s += n + (s[n] == ',');
	}
	return false;
}

/* Host and port of a server. */
static void
take_apart(struct arena *a, const char *server, bool secure, const char **host,
	   const char **port)
{
	const char *s = strstr(server, "://") + 3;
	const char *authority = arena_copy(a, s, strcspn(s, "/"));
	const char *usual = secure ? "443" : "80";

	*port = "";
	if (!split(a, authority, host, port)) {
		*host = authority;
		if (authority[0] == '[')
			*host =
			    arena_copy(a, authority + 1, strlen(authority) - 2);
	}
	if (!**port)
		*port = usual;
}

int
proxyenv_find(struct arena *a, const struct proxyenv *e, const char *server,
	      const char **proxy, const char **variable, const char **why)
{
	static const char *const names[][2] = {{"HTTP_PROXY", "http_proxy"},
					       {"HTTPS_PROXY", "https_proxy"}};
	bool secure = strncmp(server, "https:", 6) == 0;
	const char *const *values = secure ? e->https_proxy : e->http_proxy;
	size_t which = is_set(values[0]) ? 0 : 1;
	const char *no_proxy = e->no_proxy[is_set(e->no_proxy[0]) ? 0 : 1];
	const char *host, *port;

	*proxy = NULL;
	if (!is_set(values[which]))
		return 0;
	take_apart(a, server, secure, &host, &port);
	*variable = names[secure][which];
	/* the header "Proxy:" of a request could set it (CVE-2016-5385) */
	if (!secure && is_set(e->request_method)) {
		*why = "not used in a CGI program (REQUEST_METHOD is set)";
		return -1;
	}
	if (proxyenv_exempts(a, no_proxy, host, port))
		return 0;
	*proxy = url_proxy(a, values[which]);
	*why = url_proxy_fault(*proxy);
	return *why ? -1 : 0;
}
