/*
 * What is said to an issuer and what it answers.  Pure.
 */
#include "oauth.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/base64.h"
#include "lib/json.h"
#include "lib/mem.h"

#include "arena.h"
#include "kubeconfig.h"

enum { OK = 200, MAX_SAID = 300 };

static int
fault(char *why, size_t cap, const char *what)
{
	snprintf(why, cap, "%s", what);
	return -1;
}

const char *
oauth_escape(struct arena *a, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, strlen(text) * 3 + 1), *p = out;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (strchr(plain, c)) {
			*p++ = *text;
		} else if (c == ' ') {
			*p++ = '+';
		} else {
			*p++ = '%';
			*p++ = hex[c >> 4];
			*p++ = hex[c & 15];
		}
	}
	return out;
}

const char *
oauth_form(struct arena *a, const char *client_id,
	   const struct oauth_secrets *s)
{
	const char *refresh = oauth_escape(a, s->refresh), *id, *secret;

	if (!client_id)
		return arena_format(a,
				    "grant_type=refresh_token&refresh_token=%s",
				    refresh);
	id = oauth_escape(a, client_id);
	secret =
	    is_set(s->client_secret) ? oauth_escape(a, s->client_secret) : NULL;
	return arena_format(a,
			    "client_id=%s%s%s&grant_type=refresh_token&"
			    "refresh_token=%s",
			    id, secret ? "&client_secret=" : "",
			    secret ? secret : "", refresh);
}

const char *
oauth_endpoint(struct arena *a, long status, const char *body, size_t len,
	       char *why, size_t cap)
{
	const char *url = "", *found = NULL;
	struct json *doc = NULL;
	char where[128];

	if (status != OK) {
		snprintf(why, cap, "HTTP status %ld", status);
		return NULL;
	}
	doc = json_parse(body, len, where, sizeof where);
	if (!doc)
		snprintf(why, cap, "its answer is not JSON: %s", where);
	else if (json_get_string(doc, "token_endpoint", &url) < 0)
		fault(why, cap, "token_endpoint: not a string");
	else if (!*url)
		fault(why, cap, "there is no token_endpoint in its answer");
	else
		found = arena_copy(a, url, strlen(url));
	json_free(doc);
	return found;
}

/* An answer in either of its forms. */
struct answer {
	struct json *doc; /* or NULL */
	const char *form; /* len bytes, where there is no doc */
	size_t len;
};

static int
nibble(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* The n bytes of a value, in a; NULL where an escape is none. */
static const char *
unescape(struct arena *a, const char *s, size_t n)
{
	char *out = arena_alloc(a, n + 1), *p = out;

	for (size_t i = 0; i < n; i++) {
		int high, low;

		if (s[i] != '%') {
			*p++ = s[i];
			if (s[i] == '+')
				p[-1] = ' ';
			continue;
		}
		if (n - i < 3 || (high = nibble(s[i + 1])) < 0 ||
		    (low = nibble(s[i + 2])) < 0 || high + low == 0)
			return NULL;
		*p++ = (char)(high << 4 | low);
		i += 2;
	}
	return out;
}

/* The text that an answer has for key: 1; 0 where there is none or an empty
 * one, -1 where it is no text. */
static int
get(const struct answer *w, const char *key, struct arena *a, const char **out)
{
	const char *s = "", *p = w->form, *end = p ? p + w->len : NULL;
	size_t n = strlen(key);

	*out = NULL;
	if (w->doc && json_get_string(w->doc, key, &s) < 0)
		return -1;
	for (size_t part; !w->doc && p < end; p += part + 1) {
		const char *sep = memchr(p, '&', (size_t)(end - p));

		part = (size_t)((sep ? sep : end) - p);
		if (part <= n || memcmp(p, key, n) != 0 || p[n] != '=')
			continue;
		s = unescape(a, p + n + 1, part - n - 1);
		if (!s)
			return -1;
		break;
	}
	if (!*s)
		return 0;
	*out = arena_copy(a, s, strlen(s));
	return 1;
}

/* Whether text has a secret in it, as it is or as it was sent. */
static bool
tells(const char *text, const struct oauth_secrets *s, struct arena *a)
{
	const char *const secret[] = {s->client_secret, s->refresh};

	for (size_t i = 0; i < sizeof secret / sizeof secret[0]; i++) {
		if (is_set(secret[i]) &&
		    (strstr(text, secret[i]) ||
		     strstr(text, oauth_escape(a, secret[i]))))
			return true;
	}
	return false;
}

/* What the issuer says of a request that it refused. */
static int
refused(const struct answer *w, struct arena *a, long status,
	const struct oauth_secrets *s, char *why, size_t cap)
{
	const char *error, *more;
	int n = snprintf(why, cap, "HTTP status %ld", status);

	if (get(w, "error", a, &error) <= 0)
		return -1;
	if (get(w, "error_description", a, &more) <= 0)
		more = NULL;
	if (tells(error, s, a) || (more && tells(more, s, a)))
		snprintf(why + n, cap - (size_t)n,
			 ": an error that quotes a secret is not shown");
	else
		snprintf(why + n, cap - (size_t)n, ": %.*s%s%.*s", MAX_SAID,
			 error, more ? ": " : "", MAX_SAID, more ? more : "");
	return -1;
}

/* Whether a text may stand in a header and in a kubeconfig (RFC 6749,
 * appendix A.12 and A.17). */
static bool
is_visible(const char *s)
{
	for (; *s; s++) {
		if (*s < ' ' || *s > '~')
			return false;
	}
	return true;
}

static int
read_tokens(struct oauth_tokens *out, const struct answer *w, struct arena *a,
	    char *why, size_t cap)
{
	int id = get(w, "id_token", a, &out->id),
	    refresh = get(w, "refresh_token", a, &out->refresh);

	if (id == 0)
		return fault(
		    why, cap,
		    "there is no id_token in its answer: the login did not "
		    "ask for the scope \"openid\", or the issuer gives none "
		    "at a refresh");
	if (id < 0 || !is_visible(out->id))
		return fault(why, cap, "id_token: not a token");
	if (refresh < 0 || (out->refresh && !is_visible(out->refresh)))
		return fault(why, cap, "refresh_token: not a token");
	return 0;
}

static bool
is_form(const char *type)
{
	return type && (strcasecmp(type, "text/plain") == 0 ||
			strcasecmp(type, "application/"
					 "x-www-form-urlencoded") == 0);
}

int
oauth_read(struct oauth_tokens *out, struct arena *a, long status,
	   const char *type, const char *body, size_t len,
	   const struct oauth_secrets *s, bool *again, char *why, size_t cap)
{
	struct answer w = {NULL, is_form(type) ? body : NULL, len};
	const char *text;
	char where[128];
	int rc = -1;

	*again = true;
	if (!w.form)
		w.doc = json_parse(body, len, where, sizeof where);
	if (status < 200 || status > 299 || get(&w, "error", a, &text) != 0)
		refused(&w, a, status, s, why, cap);
	else if (!w.form && !w.doc)
		snprintf(why, cap, "its answer is not JSON: %s", where);
	else if (get(&w, "access_token", a, &text) <= 0)
		fault(why, cap, "there is no access_token in its answer");
	else {
		*again = false;
		rc = read_tokens(out, &w, a, why, cap);
	}
	json_free(w.doc);
	return rc;
}
