/*
 * The record in the words of curl's config file.  curl takes certificates
 * from files only.  Where the kubeconfig names a file, so does the config;
 * where the text is inline, the config names a file that cannot be, which
 * makes curl fail until its command line says better, rather than trust the
 * system's roots; and what it says then is the name, so that is the remedy.
 */
#include "curl.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/record.h"

#include "gather.h"
#include "text.h"

/* s within the double quotes of a curl config file (curl(1), --config). */
static void
add_escaped(struct text *t, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '\\':
		case '"':
			text_add(t, "\\%c", *s);
			break;
		case '\n':
			text_add(t, "\\n");
			break;
		case '\r':
			text_add(t, "\\r");
			break;
		case '\t':
			text_add(t, "\\t");
			break;
		case '\v':
			text_add(t, "\\v");
			break;
		default:
			text_add(t, "%c", *s);
		}
	}
}

static void
add_option(struct text *t, const char *option, const char *before,
	   const char *between, const char *after)
{
	text_add(t, "%s = \"", option);
	add_escaped(t, before);
	add_escaped(t, between);
	add_escaped(t, after ? after : "");
	text_add(t, "\"\n");
}

/* A header; one without a value ends with ";" for curl, which sends none that
 * has but blanks behind the colon, while HTTP has no blanks at either end. */
static void
add_header(struct text *t, const char *name, const char *value)
{
	if (value[strspn(value, " \t")])
		add_option(t, "header", name, ": ", value);
	else
		add_option(t, "header", name, ";", NULL);
}

/* A certificate's path as curl takes it, whose ":" would start a password. */
static char *
cert_path(const char *path)
{
	struct text t = {0};

	for (; *path; path++)
		text_add(&t, "%s%c", *path == ':' || *path == '\\' ? "\\" : "",
			 *path);
	return t.s;
}

static void
add_file(struct text *t, const char *option, const char *pem, const char *file)
{
	char *path, *escaped;

	if (!pem)
		return;
	path = file ? realpath(file, NULL) : NULL;
	if (!path)
		path = xasprintf("/dev/null/inline, add --%s <(kconf -o %s)",
				 option,
				 strcmp(option, "cacert") == 0 ? "ca" : option);
	escaped = strcmp(option, "cert") == 0 ? cert_path(path) : NULL;
	add_option(t, option, escaped ? escaped : path, "", NULL);
	free(escaped);
	free(path);
}

/*
 * The key of an Impersonate-Extra header: what is no HTTP token character
 * (RFC 9110, section 5.6.2), and "%", becomes %XX.
 */
static void
add_extra(struct text *t, const struct record_extra *e)
{
	static const char token[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "!#$&'*+-.^_`|~";
	struct text key = {0};

	text_add(&key, "Impersonate-Extra-");
	for (const char *s = e->key; *s; s++) {
		if (strchr(token, *s))
			text_add(&key, "%c", *s);
		else
			text_add(&key, "%%%02X", (unsigned)(unsigned char)*s);
	}
	for (size_t i = 0; i < e->n_values; i++)
		add_header(t, key.s, e->values[i]);
	wipe_str(key.s);
}

/* What the environment has for curl, or for kubectl, is not asked again. */
static void
add_proxy(struct text *t, const char *url)
{
	static const char socks[] = "socks5://";
	size_t n = strlen(socks);

	if (!url) {
		text_add(t, "noproxy = \"*\"\n");
		return;
	}
	/* the proxy resolves the name, as kubectl has it do */
	if (strncasecmp(url, socks, n) == 0)
		add_option(t, "proxy", "socks5h://", url + n, NULL);
	else
		add_option(t, "proxy", url, "", NULL);
	text_add(t, "noproxy = \"\"\n");
}

char *
curl_print(const struct record *r, const struct origins *from, const char **why)
{
	struct text t = {0};

	if (r->tls_server_name) {
		*why = "curl has no option for tls-server-name";
		return NULL;
	}
	text_add(&t, "# for %s\n", r->server);
	add_file(&t, "cacert", r->ca, from->ca);
	add_file(&t, "cert", r->cert, from->cert);
	add_file(&t, "key", r->key, from->key);
	if (r->insecure)
		text_add(&t, "insecure\n");
	if (r->token)
		add_option(&t, "header", "Authorization: Bearer ", r->token,
			   NULL);
	else if (r->username)
		add_option(&t, "user", r->username, ":", r->password);
	add_proxy(&t, r->proxy_url);
	if (r->as)
		add_header(&t, "Impersonate-User", r->as);
	if (r->as_uid)
		add_header(&t, "Impersonate-Uid", r->as_uid);
	for (size_t i = 0; i < r->n_as_groups; i++)
		add_header(&t, "Impersonate-Group", r->as_groups[i]);
	for (size_t i = 0; i < r->n_as_user_extra; i++)
		add_extra(&t, &r->as_user_extra[i]);
	return t.s;
}
