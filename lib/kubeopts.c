/*
 * The KUBE OPTIONS: one table for taking them and for handing them on.
 */
#include "kubeopts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"

/* The options that keep one string: where it is kept, and its name. */
static const struct {
	int opt;
	const char *word;
	size_t at;
} single[] = {
    {KUBEOPT_KUBECONFIG, "--kubeconfig", offsetof(struct kubeopts, kubeconfig)},
    {KUBEOPT_CONTEXT, "--context", offsetof(struct kubeopts, context)},
    {KUBEOPT_CLUSTER, "--cluster", offsetof(struct kubeopts, cluster)},
    {KUBEOPT_USER, "--user", offsetof(struct kubeopts, user)},
    {'n', "--namespace", offsetof(struct kubeopts, namespace)},
    {'s', "--server", offsetof(struct kubeopts, server)},
    {KUBEOPT_TOKEN, "--token", offsetof(struct kubeopts, token)},
    {KUBEOPT_TOKEN_FILE, "--token-file", offsetof(struct kubeopts, token_file)},
    {KUBEOPT_AS, "--as", offsetof(struct kubeopts, as)},
    {KUBEOPT_AS_UID, "--as-uid", offsetof(struct kubeopts, as_uid)},
    {KUBEOPT_CA, "--certificate-authority",
     offsetof(struct kubeopts, certificate_authority)},
    {KUBEOPT_CERT, "--client-certificate",
     offsetof(struct kubeopts, client_certificate)},
    {KUBEOPT_KEY, "--client-key", offsetof(struct kubeopts, client_key)},
    {KUBEOPT_TLS_SERVER_NAME, "--tls-server-name",
     offsetof(struct kubeopts, tls_server_name)},
    {KUBEOPT_PROXY_URL, "--proxy-url", offsetof(struct kubeopts, proxy_url)},
    {KUBEOPT_KUBERC, "--kuberc", offsetof(struct kubeopts, kuberc)},
    {KUBEOPT_REQUEST_TIMEOUT, "--request-timeout",
     offsetof(struct kubeopts, request_timeout)},
};

enum { N_SINGLE = sizeof single / sizeof single[0] };

static void
append(const char ***list, size_t *n, const char *s)
{
	*list = xrealloc(*list, (*n + 1) * sizeof **list);
	(*list)[(*n)++] = s;
}

/* The spellings of Go's strconv.ParseBool. */
static int
parse_bool(const char *s)
{
	static const char *const yes[] = {"1",    "t",    "T",
					  "TRUE", "true", "True"};
	static const char *const no[] = {"0",     "f",     "F",
					 "FALSE", "false", "False"};

	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
		if (strcmp(s, yes[i]) == 0)
			return 1;
		if (strcmp(s, no[i]) == 0)
			return 0;
	}
	return -1;
}

int
kubeopts_take(struct kubeopts *o, int opt, const char *arg, const char **why)
{
	int yes;

	for (size_t i = 0; i < N_SINGLE; i++) {
		if (single[i].opt != opt)
			continue;
		memcpy((char *)o + single[i].at, &arg, sizeof arg);
		return 1;
	}
	switch (opt) {
	case KUBEOPT_AS_GROUP:
		append(&o->as_groups, &o->n_as_groups, arg);
		return 1;
	case KUBEOPT_AS_USER_EXTRA:
		if (arg[0] == '=' || !strchr(arg, '=')) {
			*why = "wants KEY=VALUE";
			return -1;
		}
		append(&o->as_user_extra, &o->n_as_user_extra, arg);
		return 1;
	case KUBEOPT_INSECURE:
		yes = arg ? parse_bool(arg) : 1;
		if (yes < 0) {
			*why = "wants true or false";
			return -1;
		}
		o->insecure = yes;
		return 1;
	default:
		return 0;
	}
}

static void
add_word(char **buf, size_t *len, const char *word)
{
	size_t n = strlen(word) + 1;
	char *bigger = xmalloc(*len + n);

	if (*len > 0)
		memcpy(bigger, *buf, *len);
	memcpy(bigger + *len, word, n);
	wipe_free(*buf, *len);
	*buf = bigger;
	*len += n;
}

char *
kubeopts_words(const struct kubeopts *o, size_t *len)
{
	char *buf = NULL;

	*len = 0;
	for (size_t i = 0; i < N_SINGLE; i++) {
		const char *value;

		memcpy(&value, (const char *)o + single[i].at, sizeof value);
		if (!value)
			continue;
		add_word(&buf, len, single[i].word);
		add_word(&buf, len, value);
	}
	for (size_t i = 0; i < o->n_as_groups; i++) {
		add_word(&buf, len, "--as-group");
		add_word(&buf, len, o->as_groups[i]);
	}
	for (size_t i = 0; i < o->n_as_user_extra; i++) {
		add_word(&buf, len, "--as-user-extra");
		add_word(&buf, len, o->as_user_extra[i]);
	}
	if (o->insecure)
		add_word(&buf, len, "--insecure-skip-tls-verify");
	return buf;
}

void
kubeopts_hide_token(int argc, char *argv[])
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--token") == 0 && i + 1 < argc)
			memset(argv[i + 1], 'x', strlen(argv[i + 1]));
		else if (strncmp(argv[i], "--token=", 8) == 0)
			memset(argv[i] + 8, 'x', strlen(argv[i] + 8));
	}
}

void
kubeopts_free(struct kubeopts *o)
{
	free(o->as_groups);
	free(o->as_user_extra);
	memset(o, 0, sizeof *o);
}
