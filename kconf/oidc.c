/*
 * The auth-provider "oidc": an id token while it is valid, and then the next
 * one for the refresh token.
 */
#include "oidc.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lib/base64.h"
#include "lib/err.h"
#include "lib/mem.h"

#include "arena.h"
#include "http.h"
#include "jwt.h"
#include "kubeconfig.h"
#include "oauth.h"
#include "pem.h"
#include "url.h"
#include "writeback.h"

enum { WHY = 1024 };

/* Who asks, and with what. */
struct state {
	const struct pairs *config;
	const char *place;
	const char *ca; /* PEM text, or NULL */
	struct arena *a;
};

static const char *
setting(const struct state *p, const char *key)
{
	const char *s = pairs_get(p->config, key);

	return s ? s : "";
}

/* The roots; for wipe_str, and NULL where the system's are to be used. */
static int
read_roots(char **pem, const struct state *p)
{
	static const char what[] = "idp-certificate-authority";
	const char *text = setting(p, "idp-certificate-authority-data"),
		   *file = setting(p, what), *origin;
	size_t n = strlen(text), len = 0;
	unsigned char *data = arena_alloc(p->a, n / 4 * 3 + 1);
	struct blob blob = {.data = (char *)data};

	*pem = NULL;
	if (base64_decode(data, &len, text, n) != 0) {
		warn(0, "%s: %s-data: illegal base64 data at input byte %zu",
		     p->place, what, len);
		return -1;
	}
	blob.len = len;
	/* kubectl looks at the file only where there is no data */
	return pem_read(pem, &origin, p->a,
			arena_format(p->a, "%s: %s", p->place, what),
			len > 0 ? NULL : file, blob, PEM_CERTIFICATE);
}

/* Whether the id token is there and valid: 1 or 0; -1 after having said that
 * it is none. */
static int
has_valid(const struct state *p, long long *exp)
{
	const char *token = setting(p, "id-token");
	char why[WHY];

	if (!*token)
		return 0;
	if (jwt_expiry(token, exp, why, sizeof why) != 0) {
		warn(0, "%s: id-token: %s", p->place, why);
		return -1;
	}
	return jwt_is_valid(*exp, (long long)time(NULL));
}

/* Says what is wrong with the issuer, or with the endpoint that it names if
 * that is not NULL; returns -1. */
static int
blame(const struct state *p, const char *endpoint, const char *why)
{
	const char *issuer =
	    url_without_user(p->a, setting(p, "idp-issuer-url"));

	warn(0, "%s: issuer %s: %s%s%s%s", p->place, issuer,
	     endpoint ? "token endpoint " : "",
	     endpoint ? url_without_user(p->a, endpoint) : "",
	     endpoint ? ": " : "", why);
	return -1;
}

/* No secret goes anywhere but by https, and none is in a URL. */
static const char *
url_fault(const struct state *p, const char *url)
{
	if (strncasecmp(url, "https://", 8) != 0)
		return "not https";
	if (strcmp(url, url_without_user(p->a, url)) != 0)
		return "a user or password in it";
	return NULL;
}

/* The URL that tokens are asked of, or NULL after having said why not. */
static const char *
discover(const struct state *p, const char *issuer)
{
	size_t n = strlen(issuer);
	struct http_request r = {.ca = p->ca};
	const char *why = url_fault(p, issuer), *endpoint;
	struct http_answer answer;
	char buf[WHY];

	r.url =
	    arena_format(p->a, "%.*s/.well-known/openid-configuration",
			 (int)(n - (n > 0 && issuer[n - 1] == '/')), issuer);
	if (why || http_ask(&answer, &r, p->a, buf, sizeof buf) != 0) {
		blame(p, NULL, why ? why : buf);
		return NULL;
	}
	endpoint = oauth_endpoint(p->a, answer.status, answer.body, answer.len,
				  buf, sizeof buf);
	if (!endpoint)
		blame(p, NULL, buf);
	else if ((why = url_fault(p, endpoint)))
		blame(p, endpoint, why);
	return why ? NULL : endpoint;
}

/* Tokens for the refresh token: by Basic and, where that is refused, by form
 * fields, which is how Go finds out what an issuer wants. */
static int
request(struct oauth_tokens *out, const struct state *p, const char *endpoint,
	const struct oauth_secrets *s)
{
	const char *id = setting(p, "client-id");
	char why[WHY];
	bool again = true;

	for (int way = 0; way < 2 && again; way++) {
		struct http_request r = {.url = endpoint, .ca = p->ca};
		struct http_answer answer;

		r.form = oauth_form(p->a, way == 0 ? NULL : id, s);
		if (way == 0) {
			r.user = oauth_escape(p->a, id);
			r.password = oauth_escape(p->a, s->client_secret);
		}
		if (http_ask(&answer, &r, p->a, why, sizeof why) != 0)
			break;
		if (oauth_read(out, p->a, answer.status, answer.type,
			       answer.body, answer.len, s, &again, why,
			       sizeof why) == 0)
			return 0;
	}
	return blame(p, endpoint, why);
}

/* Whether there is anything to get a token with; says so if not. */
static bool
can_refresh(const struct state *p)
{
	bool can = *setting(p, "refresh-token");

	if (!can)
		warn(0,
		     "%s: no valid id-token, and no refresh-token to get one",
		     p->place);
	return can;
}

static int
refresh(struct oauth_tokens *out, const struct state *p)
{
	const char *issuer = setting(p, "idp-issuer-url"), *endpoint;
	const struct oauth_secrets s = {setting(p, "client-secret"),
					setting(p, "refresh-token")};

	endpoint = discover(p, issuer);
	return endpoint ? request(out, p, endpoint, &s) : -1;
}

/* What the issuer gave is written before anything else is done with it: the
 * old refresh token may be good for nothing now. */
static int
keep(struct writeback *w, const struct state *p, const struct oauth_tokens *t)
{
	struct setting s[] = {{"id-token", t->id}, {"refresh-token", NULL}};
	size_t n = 1;

	if (t->refresh && strcmp(t->refresh, setting(p, s[1].key)) != 0)
		s[n++].value = t->refresh;
	return writeback_set(w, s, n);
}

/* A new token, which is used as it is, as kubectl does, but not in silence. */
static void
judge(const char *token, long long *exp, const struct state *p, bool quiet)
{
	char why[WHY];

	if (jwt_expiry(token, exp, why, sizeof why) != 0) {
		*exp = LLONG_MIN;
		if (!quiet)
			warn(0, "%s: the new id-token: %s", p->place, why);
	} else if (!quiet && *exp <= (long long)time(NULL)) {
		warn(0, "%s: the new id-token has expired already", p->place);
	}
}

/* The next token, of the issuer or of another process that was faster. */
static const char *
renew(const struct state *known, long long *exp, const struct choice *c)
{
	struct state p = *known;
	struct oauth_tokens t = {NULL, NULL};
	struct writeback *w;
	struct pairs now;
	char *pem = NULL;
	const char *token = NULL;
	int valid;

	if (!can_refresh(known))
		return NULL;
	w = writeback_begin(&c->user, &now, p.a);
	if (!w)
		return NULL;
	p.config = &now;
	valid = has_valid(&p, exp);
	if (valid == 1) {
		token = setting(&p, "id-token");
	} else if (valid == 0 && can_refresh(&p) && read_roots(&pem, &p) == 0) {
		p.ca = pem;
		if (refresh(&t, &p) == 0 && keep(w, &p, &t) == 0) {
			token = t.id;
			judge(token, exp, &p, c->quiet);
		}
	}
	writeback_end(w);
	wipe_str(pem);
	return token;
}

static struct state
of(const struct choice *c, struct arena *a)
{
	const char *user =
	    kubeconfig_place(&c->user.entry, "user", c->user_name, a);
	struct state p = {&c->user.provider->config,
			  arena_format(a, "%s: auth-provider \"oidc\"", user),
			  NULL, a};

	return p;
}

int
oidc_check(const struct choice *c, struct arena *a)
{
	const struct state p = of(c, a);
	char *pem;
	int rc = read_roots(&pem, &p);

	wipe_str(pem);
	return rc;
}

int
oidc_ask(struct user *u, const char **expires, const struct choice *c,
	 struct arena *a)
{
	struct state p = of(c, a);
	long long exp = LLONG_MIN;
	int valid = has_valid(&p, &exp);

	if (valid < 0)
		return -1;
	u->token = valid ? setting(&p, "id-token") : renew(&p, &exp, c);
	if (!u->token)
		return -1;
	*expires = jwt_time(exp, a);
	return 0;
}
