#ifndef TESTS_APISERVER_HTTP_H
#define TESTS_APISERVER_HTTP_H

#include <stdbool.h>
#include <stddef.h>

/* HTTP/1.1 requests and answers (RFC 9112), as much as a test needs. */

enum { HTTP_HEAD_MAX = 65536, HTTP_HEADERS_MAX = 100 };

struct http_header {
	const char *name, *value;
};

/* One key and value of a query, decoded. */
struct http_param {
	char *key, *value;
};

/* A request; every string lies in text or is the request's own. */
struct http_request {
	char *text;        /* the head, cut into strings */
	char *line_target; /* the target as it was sent */
	const char *method;
	char *path; /* decoded, without the query */
	struct http_param *params;
	size_t n_params;
	struct http_header headers[HTTP_HEADERS_MAX];
	size_t n_headers;
	size_t body;   /* Content-Length */
	char *content; /* the body, where it is read; NULL: it is passed over */
};

/* Size of the head at buf, its blank line included; 0: not whole yet. */
size_t http_head_size(const unsigned char *buf, size_t n);

/*
 * Parses the n bytes of a whole head into r, which is empty before.  Returns
 * 0, or -1 when it is no request that is understood.  http_free in any case.
 */
int http_parse(struct http_request *r, const unsigned char *buf, size_t n);

void http_free(struct http_request *r);

/* The value of the first header of that name, or NULL. */
const char *http_header(const struct http_request *r, const char *name);

/* A walk through the comma lists in all headers of one name; the rest of it
 * is zero at the start. */
struct http_tokens {
	const struct http_request *request;
	const char *name;
	const char *token; /* n bytes, the next after http_next_token */
	size_t n;
	size_t header;
	const char *at;
};

/* Goes to the next token; false: that was the last. */
bool http_next_token(struct http_tokens *t);

/* Whether a comma list in any header of that name has the token, letter case
 * aside. */
bool http_has_token(const struct http_request *r, const char *name,
		    const char *token);

/* The value of the first parameter of that name, or NULL. */
const char *http_param(const struct http_request *r, const char *key);

/* A boolean parameter as the API server reads it: absent, 0 and false (in any
 * letter case) are false, everything else is true. */
bool http_param_bool(const struct http_request *r, const char *key);

/* The standard text for a status code. */
const char *http_reason(int code);

#endif
