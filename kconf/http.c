/*
 * Requests, by libcurl: the only includer of its header.  The library is
 * loaded when a request is to be made, since it brings thirty others, which
 * would cost every run 2 ms, and hardly any run makes one.
 */
#include "http.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "lib/mem.h"

#include "arena.h"
#include "kubeconfig.h"

static const char library[] = "libcurl.so.4";

/* Go gives up instead of the eleventh request. */
enum { MAX_REDIRECTS = 9 };

/* The functions that are called, with the types that the header gives. */
struct curl {
	__typeof__(&curl_global_init_mem) global_init_mem;
	__typeof__(&curl_easy_init) easy_init;
	__typeof__(&curl_easy_setopt) easy_setopt;
	__typeof__(&curl_easy_perform) easy_perform;
	__typeof__(&curl_easy_getinfo) easy_getinfo;
	__typeof__(&curl_easy_strerror) easy_strerror;
	__typeof__(&curl_easy_cleanup) easy_cleanup;
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
	    FIND(easy_cleanup))
		return true;
#undef FIND
	/* the system names the library, and says what is wrong with it */
	snprintf(why, cap, "no request can be made without libcurl: %s",
		 dlerror());
	return false;
}

/* What a request gathers. */
struct body {
	char *s; /* HTTP_MAX_BYTES and one */
	size_t len;
	bool full;
};

static size_t
take(char *data, size_t size, size_t n, void *arg)
{
	struct body *b = arg;

	n *= size;
	if (n > HTTP_MAX_BYTES - b->len) {
		b->full = true;
		return 0;
	}
	memcpy(b->s + b->len, data, n);
	b->len += n;
	return n;
}

static const char *
variable(const char *upper, const char *lower)
{
	const char *s = getenv(upper);

	return is_set(s) ? s : getenv(lower);
}

/* The texts that are set must live until the request is done. */
static bool
set_up(const struct curl *c, CURL *h, const struct http_request *r,
       struct body *b, char *error, struct arena *a)
{
	const char *proxy = variable("HTTPS_PROXY", "https_proxy"),
		   *direct = variable("NO_PROXY", "no_proxy"),
		   *roots = getenv("SSL_CERT_FILE");
	struct curl_blob ca = {.flags = CURL_BLOB_NOCOPY};
	bool good = true;

#define SET(name, value) \
	(good = good && c->easy_setopt(h, CURLOPT_##name, value) == CURLE_OK)
	SET(ERRORBUFFER, error);
	SET(URL, r->url);
	SET(PROTOCOLS_STR, "https");
	SET(REDIR_PROTOCOLS_STR, "https");
	SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CONNECTTIMEOUT, (long)HTTP_CONNECT_SECONDS);
	SET(TIMEOUT, (long)HTTP_SECONDS);
	SET(WRITEFUNCTION, take);
	SET(WRITEDATA, b);
	SET(USERAGENT, "kconf/" VERSION);
	/* said even if there is none, or the library would take ALL_PROXY */
	SET(PROXY, is_set(proxy) ? proxy : "");
	SET(NOPROXY, arena_format(a, "%s%slocalhost,127.0.0.0/8,::1",
				  is_set(direct) ? direct : "",
				  is_set(direct) ? "," : ""));
	if (is_set(r->ca)) {
		memcpy(&ca.data, &r->ca, sizeof ca.data);
		ca.len = strlen(r->ca);
		SET(CAINFO_BLOB, &ca);
		SET(PROXY_CAINFO_BLOB, &ca);
		/* else the system's would be trusted, too */
		SET(CAPATH, NULL);
		SET(PROXY_CAPATH, NULL);
	} else if (is_set(roots)) {
		SET(CAINFO, roots);
		SET(PROXY_CAINFO, roots);
	}
	if (r->form) {
		SET(POSTFIELDS, r->form);
	} else {
		SET(FOLLOWLOCATION, 1L);
		SET(MAXREDIRS, (long)MAX_REDIRECTS);
	}
	if (r->user) {
		SET(HTTPAUTH, CURLAUTH_BASIC);
		SET(USERNAME, r->user);
		SET(PASSWORD, r->password);
	}
#undef SET
	return good;
}

static int
perform(struct http_answer *out, const struct curl *c, CURL *h,
	const struct http_request *r, struct arena *a, char *why, size_t cap)
{
	char *error = arena_alloc(a, CURL_ERROR_SIZE), *type = NULL;
	struct body b = {xmalloc(HTTP_MAX_BYTES + 1), 0, false};
	CURLcode code = CURLE_OK;
	int rc = -1;

	if (!set_up(c, h, r, &b, error, a)) {
		snprintf(why, cap, "libcurl: an option that it does not take");
		goto out;
	}
	code = c->easy_perform(h);
	if (b.full) {
		snprintf(why, cap, "an answer of more than %d bytes",
			 HTTP_MAX_BYTES);
		goto out;
	}
	if (code != CURLE_OK) {
		snprintf(why, cap, "%s",
			 error[0] ? error : c->easy_strerror(code));
		goto out;
	}
	if (c->easy_getinfo(h, CURLINFO_RESPONSE_CODE, &out->status) !=
		CURLE_OK ||
	    c->easy_getinfo(h, CURLINFO_CONTENT_TYPE, &type) != CURLE_OK) {
		snprintf(why, cap, "libcurl: no status");
		goto out;
	}
	out->type = type ? arena_copy(a, type, strcspn(type, "; \t")) : NULL;
	out->body = arena_copy(a, b.s, b.len);
	out->len = b.len;
	rc = 0;
out:
	wipe_free(b.s, HTTP_MAX_BYTES + 1);
	return rc;
}

int
http_ask(struct http_answer *out, const struct http_request *r, struct arena *a,
	 char *why, size_t cap)
{
	struct curl c;
	CURL *h;
	int rc;

	if (!load(&c, why, cap))
		return -1;
	/* the library would write the keys of the connection there */
	unsetenv("SSLKEYLOGFILE");
	if (c.global_init_mem(CURL_GLOBAL_DEFAULT, wiping_malloc, wiping_free,
			      wiping_realloc, wiping_strdup,
			      wiping_calloc) != CURLE_OK ||
	    !(h = c.easy_init())) {
		snprintf(why, cap, "libcurl: does not start");
		return -1;
	}
	rc = perform(out, &c, h, r, a, why, cap);
	c.easy_cleanup(h);
	return rc;
}
