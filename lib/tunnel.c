/*
 * Tunnels by libcurl: the only includer of its header.  The library is loaded
 * when there is a proxy, since it brings thirty others, which would cost every
 * run 2 ms and 3 MiB.
 */
#include "tunnel.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "clock.h"
#include "dial.h"
#include "io.h"
#include "mem.h"
#include "proxyurl.h"
#include "record.h"
#include "url.h"

static const char library[] = "libcurl.so.4";

/* Debian's authorities are a fifth of it. */
enum { ROOTS_MAX_BYTES = 1 << 20 };

/* The functions that are called, with the types that the header gives. */
struct curl {
	__typeof__(&curl_global_init_mem) global_init_mem;
	__typeof__(&curl_easy_init) easy_init;
	__typeof__(&curl_easy_setopt) easy_setopt;
	__typeof__(&curl_easy_perform) easy_perform;
	__typeof__(&curl_easy_getinfo) easy_getinfo;
	__typeof__(&curl_easy_strerror) easy_strerror;
	__typeof__(&curl_easy_recv) easy_recv;
	__typeof__(&curl_easy_send) easy_send;
	__typeof__(&curl_easy_cleanup) easy_cleanup;
};

struct tunnel {
	struct curl c;
	CURL *h;
	char error[CURL_ERROR_SIZE];
	char answer[128]; /* the last status line of the proxy, "" for none */
};

/* The library stays loaded until the process ends. */
static bool
load(struct curl *c, char *why, size_t cap)
{
	void *h = dlopen(library, RTLD_NOW | RTLD_LOCAL);

#define FIND(name) \
	(c->name = h ? (__typeof__(c->name))dlsym(h, "curl_" #name) : NULL)
	if (FIND(global_init_mem) && FIND(easy_init) && FIND(easy_setopt) &&
	    FIND(easy_perform) && FIND(easy_getinfo) && FIND(easy_strerror) &&
	    FIND(easy_recv) && FIND(easy_send) && FIND(easy_cleanup))
		return true;
#undef FIND
	/* the system names the library, and says what is wrong with it */
	snprintf(why, cap, "no proxy can be used without libcurl: %s",
		 dlerror());
	return false;
}

/* Keeps the status line out of the proxy's headers. */
static size_t
take_header(char *data, size_t size, size_t n, void *arg)
{
	struct tunnel *t = arg;
	const char *space;
	size_t len;

	n *= size;
	if (n < 5 || strncmp(data, "HTTP/", 5) != 0)
		return n;
	space = memchr(data, ' ', n);
	if (!space)
		return n;
	len = n - (size_t)(space + 1 - data);
	while (len > 0 && (space[len] == '\r' || space[len] == '\n'))
		len--;
	snprintf(t->answer, sizeof t->answer, "%.*s", (int)len, space + 1);
	return n;
}

/*
 * Trusts the authorities of the record, as kubectl does, and the system's or
 * those of SSL_CERT_FILE.  The library takes either text or a file, so with
 * both the file's are read here.
 */
static bool
trust(struct tunnel *t, const char *ca)
{
	const char *roots = getenv("SSL_CERT_FILE");
	struct curl_blob blob = {.flags = CURL_BLOB_COPY};
	char *text = NULL, *both;
	size_t len;
	CURLcode code;

	if (roots && !*roots)
		roots = NULL;
	if (!ca)
		return !roots || t->c.easy_setopt(t->h, CURLOPT_PROXY_CAINFO,
						  roots) == CURLE_OK;
	/* one that cannot be read adds none, as everywhere */
	if (roots && io_slurp_path(roots, ROOTS_MAX_BYTES, &text, &len) != 0)
		text = NULL;
	both = xasprintf("%s\n%s", ca, text ? text : "");
	blob.data = both;
	blob.len = strlen(both);
	code = t->c.easy_setopt(t->h, CURLOPT_PROXY_CAINFO_BLOB, &blob);
	free(both);
	free(text);
	return code == CURLE_OK;
}

/* The texts that are set are copied. */
static bool
set_up(struct tunnel *t, const struct proxyurl *p, const char *target,
       int64_t deadline)
{
	static const long types[] = {[PROXY_HTTP] = CURLPROXY_HTTP,
				     [PROXY_HTTPS] = CURLPROXY_HTTPS,
				     [PROXY_SOCKS5] =
					 CURLPROXY_SOCKS5_HOSTNAME};
	/* 0 would be a time of the library's own */
	long ms = deadline < 0 ? INT_MAX : clock_left(deadline);
	bool good = true;

#define SET(name, value) \
	(good = good &&  \
		t->c.easy_setopt(t->h, CURLOPT_##name, value) == CURLE_OK)
	SET(ERRORBUFFER, t->error);
	SET(URL, target);
	SET(CONNECT_ONLY, 1L);
	SET(HTTPPROXYTUNNEL, 1L);
	/* without the scheme, which the type says better */
	SET(PROXY, strstr(p->name, "://") + 3);
	SET(PROXYTYPE, types[p->kind]);
	/* else the environment's */
	SET(NOPROXY, "");
	if (p->user) {
		SET(PROXYUSERNAME, p->user);
		SET(PROXYPASSWORD, p->password);
	}
	SET(PROXYAUTH, CURLAUTH_BASIC);
	SET(SOCKS5_AUTH, CURLAUTH_BASIC);
	SET(USERAGENT, "kpipe/" VERSION);
	SET(HEADERFUNCTION, take_header);
	SET(HEADERDATA, t);
	SET(CONNECTTIMEOUT_MS, ms > 0 ? ms : 1L);
	SET(TIMEOUT_MS, deadline < 0 ? 0L : ms > 0 ? ms : 1L);
	SET(NOSIGNAL, 1L);
	/* a resolver that hangs is not waited for */
	SET(QUICK_EXIT, 1L);
	SET(PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
#undef SET
	return good;
}

/* What a SOCKS5 proxy said (RFC 1928, section 6), NULL for anything else. */
static const char *
socks_answer(long code)
{
	switch (code) {
	case CURLPX_REPLY_GENERAL_SERVER_FAILURE:
		return "general failure";
	case CURLPX_REPLY_NOT_ALLOWED:
		return "not allowed by its rules";
	case CURLPX_REPLY_NETWORK_UNREACHABLE:
		return "network unreachable";
	case CURLPX_REPLY_HOST_UNREACHABLE:
		return "host unreachable";
	case CURLPX_REPLY_CONNECTION_REFUSED:
		return "connection refused";
	case CURLPX_REPLY_TTL_EXPIRED:
		return "TTL expired";
	case CURLPX_REPLY_COMMAND_NOT_SUPPORTED:
		return "command not supported";
	case CURLPX_REPLY_ADDRESS_TYPE_NOT_SUPPORTED:
		return "address type not supported";
	case CURLPX_USER_REJECTED:
		return "user or password rejected";
	case CURLPX_NO_AUTH:
		return "no way to log in that both know; it may want a user "
		       "and a password";
	default:
		return NULL;
	}
}

/* Why there is no tunnel. */
static void
explain(const struct tunnel *t, const struct proxyurl *p, CURLcode code,
	char *why, size_t cap)
{
	const char *cause = t->error[0] ? t->error : t->c.easy_strerror(code);
	const char *socks = NULL;
	long answer = 0, errnum = 0, px = 0;

	(void)t->c.easy_getinfo(t->h, CURLINFO_HTTP_CONNECTCODE, &answer);
	(void)t->c.easy_getinfo(t->h, CURLINFO_OS_ERRNO, &errnum);
	(void)t->c.easy_getinfo(t->h, CURLINFO_PROXY_ERROR, &px);
	if (code == CURLE_PROXY)
		socks = socks_answer(px);
	if (answer != 0 && answer / 100 != 2 && t->answer[0])
		snprintf(why, cap, "proxy %s: answered %s", p->name, t->answer);
	else if (socks)
		snprintf(why, cap, "proxy %s: answered: %s", p->name, socks);
	else if (code == CURLE_OPERATION_TIMEDOUT)
		snprintf(why, cap, "proxy %s: %s", p->name,
			 strerror(ETIMEDOUT));
	else if (code == CURLE_COULDNT_RESOLVE_PROXY)
		snprintf(why, cap, "proxy %s: its name cannot be resolved",
			 p->name);
	else if (code == CURLE_COULDNT_CONNECT && errnum != 0)
		snprintf(why, cap, "proxy %s: %s", p->name,
			 strerror((int)errnum));
	else
		snprintf(why, cap, "proxy %s: %s", p->name, cause);
}

/*
 * The connection's descriptor: of the library where TLS to the proxy is
 * around the stream, else one of the caller's.
 */
static int
take_socket(const struct tunnel *t, const struct proxyurl *p, char *why,
	    size_t cap)
{
	curl_socket_t s;
	int fd = -1;

	if (t->c.easy_getinfo(t->h, CURLINFO_ACTIVESOCKET, &s) == CURLE_OK &&
	    s != CURL_SOCKET_BAD)
		fd = p->kind == PROXY_HTTPS ? s : fcntl(s, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		snprintf(why, cap, "proxy %s: no socket", p->name);
	else
		dial_keepalive(fd);
	return fd;
}

static int
connect_through(struct tunnel *t, const struct proxyurl *p,
		const struct record *r, const char *target, int64_t deadline,
		char *why, size_t cap)
{
	CURLcode code;

	/* the library would write the keys of the connection there */
	unsetenv("SSLKEYLOGFILE");
	if (t->c.global_init_mem(CURL_GLOBAL_DEFAULT, wiping_malloc,
				 wiping_free, wiping_realloc, wiping_strdup,
				 wiping_calloc) != CURLE_OK ||
	    !(t->h = t->c.easy_init())) {
		snprintf(why, cap, "libcurl: does not start");
		return -1;
	}
	if (!set_up(t, p, target, deadline) || !trust(t, r->ca)) {
		snprintf(why, cap, "libcurl: an option that it does not take");
		return -1;
	}
	code = t->c.easy_perform(t->h);
	if (code != CURLE_OK) {
		explain(t, p, code, why, cap);
		return -1;
	}
	return take_socket(t, p, why, cap);
}

int
tunnel_open(struct tunnel **out, const struct record *r, const struct url *u,
	    int64_t deadline, char *why, size_t cap)
{
	struct tunnel *t = NULL;
	struct proxyurl p;
	const char *fault;
	char *target;
	int fd = -1;

	*out = NULL;
	if (proxyurl_parse(&p, r->proxy_url, &fault) != 0) {
		snprintf(why, cap, "proxy-url: %s", fault);
		return -1;
	}
	target = xasprintf(strchr(u->host, ':') ? "http://[%s]:%s/"
						: "http://%s:%s/",
			   u->host, u->port);
	t = xmalloc(sizeof *t);
	memset(t, 0, sizeof *t);
	if (load(&t->c, why, cap))
		fd = connect_through(t, &p, r, target, deadline, why, cap);
	if (fd >= 0 && p.kind == PROXY_HTTPS)
		*out = t;
	else
		tunnel_close(t);
	free(target);
	proxyurl_wipe(&p);
	return fd;
}

/* What a call of the library comes to. */
static ssize_t
result(const struct tunnel *t, CURLcode code, size_t n)
{
	long errnum = 0;

	if (code == CURLE_OK)
		return (ssize_t)n;
	if (code == CURLE_AGAIN) {
		errno = EAGAIN;
		return -1;
	}
	(void)t->c.easy_getinfo(t->h, CURLINFO_OS_ERRNO, &errnum);
	errno = errnum ? (int)errnum : ECONNRESET;
	return -1;
}

ssize_t
tunnel_recv(struct tunnel *t, void *buf, size_t n)
{
	size_t got = 0;
	CURLcode code = t->c.easy_recv(t->h, buf, n, &got);

	return result(t, code, got);
}

ssize_t
tunnel_send(struct tunnel *t, const void *buf, size_t n)
{
	size_t put = 0;
	CURLcode code = t->c.easy_send(t->h, buf, n, &put);

	return result(t, code, put);
}

void
tunnel_close(struct tunnel *t)
{
	if (!t)
		return;
	if (t->h)
		t->c.easy_cleanup(t->h);
	free(t);
}
