#ifndef LIB_KUBEOPTS_H
#define LIB_KUBEOPTS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The options of every tool that resolves credentials, under kubectl's names.
 * kconf acts on them; the other tools take them and hand them to kconf.
 */

/* Values of getopt_long; -n and -s are the letters themselves. */
enum kubeopt {
	KUBEOPT_KUBECONFIG = 256,
	KUBEOPT_CONTEXT,
	KUBEOPT_CLUSTER,
	KUBEOPT_USER,
	KUBEOPT_TOKEN,
	KUBEOPT_TOKEN_FILE,
	KUBEOPT_AS,
	KUBEOPT_AS_GROUP,
	KUBEOPT_AS_UID,
	KUBEOPT_AS_USER_EXTRA,
	KUBEOPT_CA,
	KUBEOPT_CERT,
	KUBEOPT_KEY,
	KUBEOPT_TLS_SERVER_NAME,
	KUBEOPT_INSECURE,
	KUBEOPT_PROXY_URL,
	KUBEOPT_KUBERC,
	KUBEOPT_REQUEST_TIMEOUT,
	KUBEOPT_END /* a tool's own long options start here */
};

/* For the optstring and the struct option table of a tool. */
#define KUBEOPT_SHORT "n:s:"
#define KUBEOPT_LONG                                                           \
	{"kubeconfig", required_argument, NULL, KUBEOPT_KUBECONFIG},           \
	    {"context", required_argument, NULL, KUBEOPT_CONTEXT},             \
	    {"cluster", required_argument, NULL, KUBEOPT_CLUSTER},             \
	    {"user", required_argument, NULL, KUBEOPT_USER},                   \
	    {"namespace", required_argument, NULL, 'n'},                       \
	    {"server", required_argument, NULL, 's'},                          \
	    {"token", required_argument, NULL, KUBEOPT_TOKEN},                 \
	    {"token-file", required_argument, NULL, KUBEOPT_TOKEN_FILE},       \
	    {"as", required_argument, NULL, KUBEOPT_AS},                       \
	    {"as-group", required_argument, NULL, KUBEOPT_AS_GROUP},           \
	    {"as-uid", required_argument, NULL, KUBEOPT_AS_UID},               \
	    {"as-user-extra", required_argument, NULL, KUBEOPT_AS_USER_EXTRA}, \
	    {"certificate-authority", required_argument, NULL, KUBEOPT_CA},    \
	    {"client-certificate", required_argument, NULL, KUBEOPT_CERT},     \
	    {"client-key", required_argument, NULL, KUBEOPT_KEY},              \
	    {"tls-server-name", required_argument, NULL,                       \
	     KUBEOPT_TLS_SERVER_NAME},                                         \
	    {"insecure-skip-tls-verify", optional_argument, NULL,              \
	     KUBEOPT_INSECURE},                                                \
	    {"proxy-url", required_argument, NULL, KUBEOPT_PROXY_URL},         \
	    {"kuberc", required_argument, NULL, KUBEOPT_KUBERC},               \
	{                                                                      \
		"request-timeout", required_argument, NULL,                    \
		    KUBEOPT_REQUEST_TIMEOUT                                    \
	}

/* What was given; NULL is not given.  The strings are those of argv. */
struct kubeopts {
	const char *kubeconfig, *context, *cluster, *user;
	const char *namespace, *server, *token, *token_file;
	const char *as, *as_uid;
	const char **as_groups; /* n_as_groups of them */
	size_t n_as_groups;
	const char **as_user_extra; /* "key=value" each */
	size_t n_as_user_extra;
	const char *certificate_authority, *client_certificate, *client_key;
	const char *tls_server_name, *proxy_url, *kuberc, *request_timeout;
	bool insecure;
};

/*
 * Takes one option that getopt_long returned as opt with argument arg.
 * Returns 1 when it was one of these, 0 when it is not theirs, -1 when its
 * argument is wrong, and then *why is a text that names the fault.
 */
int kubeopts_take(struct kubeopts *o, int opt, const char *arg,
		  const char **why);

/*
 * All that was given, as words of a command line, each ended by a NUL: what
 * "kconf --args-fd" reads.  Stores the number of bytes in *len; the caller
 * wipes and frees the result.
 */
char *kubeopts_words(const struct kubeopts *o, size_t *len);

/*
 * Overwrites a token that was given on the command line, in front of any "--",
 * so that other users' ps shows it no longer.  The token of a struct kubeopts
 * is of no use afterwards.
 */
void kubeopts_hide_token(int argc, char *argv[]);

/* Frees the lists of o, not the strings. */
void kubeopts_free(struct kubeopts *o);

#endif
