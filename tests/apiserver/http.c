/*
 * The head of a request, cut into its parts.  Pure.
 */
#include "http.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

size_t
http_head_size(const unsigned char *buf, size_t n)
{
	const unsigned char *end =
	    n == 0 ? NULL : memmem(buf, n, "\r\n\r\n", 4);

	return end ? (size_t)(end - buf) + 4 : 0;
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Decodes the n bytes at s into a new string; a NUL byte or a wrong
 * escape gives NULL. */
static char *
decode(const char *s, size_t n, bool plus)
{
	char *out = xmalloc(n + 1);
	size_t i, len = 0;

	for (i = 0; i < n; i++) {
		char c = s[i];

		if (c == '+' && plus) {
			c = ' ';
		} else if (c == '%') {
			int high = i + 2 < n ? hex_digit(s[i + 1]) : -1;
			int low = high >= 0 ? hex_digit(s[i + 2]) : -1;

			if (low < 0)
				goto bad;
			c = (char)(high << 4 | low);
			i += 2;
		}
		if (c == '\0')
			goto bad;
		out[len++] = c;
	}
	out[len] = '\0';
	return out;
bad:
	free(out);
	return NULL;
}

static int
parse_query(struct http_request *r, const char *query)
{
	while (*query) {
		size_t n = strcspn(query, "&");
		size_t key = strcspn(query, "=&");
		struct http_param *p;

		if (n > 0) {
			r->params = xrealloc(r->params, (r->n_params + 1) *
							    sizeof(*r->params));
			p = &r->params[r->n_params++];
			p->key = decode(query, key, true);
			p->value =
			    key < n ? decode(query + key + 1, n - key - 1, true)
				    : xstrdup("");
			if (!p->key || !p->value)
				return -1;
		}
		query += n;
		if (*query == '&')
			query++;
	}
	return 0;
}

static int
parse_headers(struct http_request *r, char *line)
{
	const char *length;

	while (*line) {
		char *end = strstr(line, "\r\n");
		char *colon = strchr(line, ':');

		if (!end || !colon || colon > end || colon == line ||
		    r->n_headers == HTTP_HEADERS_MAX)
			return -1;
		*end = *colon = '\0';
		colon++;
		colon += strspn(colon, " \t");
		r->headers[r->n_headers].name = line;
		r->headers[r->n_headers++].value = colon;
		line = end + 2;
	}
	length = http_header(r, "Content-Length");
	if (length) {
		char *end;

		r->body = strtoul(length, &end, 10);
		if (*end || end == length || *length == '-')
			return -1;
	}
	return 0;
}

int
http_parse(struct http_request *r, const unsigned char *buf, size_t n)
{
	char *target, *end, *query;

	memset(r, 0, sizeof(*r));
	r->text = xstrndup((const char *)buf, n);
	/* The blank line is not wanted: headers end with the string. */
	if (strlen(r->text) != n)
		return -1;
	r->text[n - 2] = '\0';
	r->method = r->text;
	target = strchr(r->text, ' ');
	if (!target)
		return -1;
	*target++ = '\0';
	end = strstr(target, " HTTP/1.1\r\n");
	if (*target != '/' || !end ||
	    strcspn(target, " \r\n") != (size_t)(end - target))
		return -1;
	*end = '\0';
	r->line_target = xstrdup(target);
	query = strchr(r->line_target, '?');
	r->path = decode(r->line_target,
			 query ? (size_t)(query - r->line_target)
			       : strlen(r->line_target),
			 false);
	if (!r->path || (query && parse_query(r, query + 1) < 0))
		return -1;
	return parse_headers(r, end + strlen(" HTTP/1.1\r\n"));
}

void
http_free(struct http_request *r)
{
	size_t i;

	for (i = 0; i < r->n_params; i++) {
		free(r->params[i].key);
		free(r->params[i].value);
	}
	free(r->params);
	free(r->path);
	free(r->line_target);
	free(r->text);
	free(r->content);
	memset(r, 0, sizeof(*r));
}

const char *
http_header(const struct http_request *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->n_headers; i++)
		if (strcasecmp(r->headers[i].name, name) == 0)
			return r->headers[i].value;
	return NULL;
}

bool
http_next_token(struct http_tokens *t)
{
	const struct http_request *r = t->request;

	for (; t->header < r->n_headers; t->header++, t->at = NULL) {
		const struct http_header *h = &r->headers[t->header];

		if (strcasecmp(h->name, t->name) != 0)
			continue;
		t->token = t->at ? t->at : h->value;
		t->token += strspn(t->token, ", \t");
		t->n = strcspn(t->token, ", \t");
		t->at = t->token + t->n;
		if (t->n > 0)
			return true;
	}
	return false;
}

bool
http_has_token(const struct http_request *r, const char *name,
	       const char *token)
{
	struct http_tokens t = {.request = r, .name = name};

	while (http_next_token(&t))
		if (t.n == strlen(token) &&
		    strncasecmp(t.token, token, t.n) == 0)
			return true;
	return false;
}

const char *
http_param(const struct http_request *r, const char *key)
{
	size_t i;

	for (i = 0; i < r->n_params; i++)
		if (strcmp(r->params[i].key, key) == 0)
			return r->params[i].value;
	return NULL;
}

bool
http_param_bool(const struct http_request *r, const char *key)
{
	const char *value = http_param(r, key);

	return value && strcmp(value, "0") != 0 &&
	       strcasecmp(value, "false") != 0;
}

const char *
http_reason(int code)
{
	static const struct {
		int code;
		const char *text;
	} reasons[] = {{101, "Switching Protocols"},
		       {200, "OK"},
		       {400, "Bad Request"},
		       {401, "Unauthorized"},
		       {403, "Forbidden"},
		       {404, "Not Found"},
		       {405, "Method Not Allowed"},
		       {415, "Unsupported Media Type"},
		       {422, "Unprocessable Entity"},
		       {500, "Internal Server Error"},
		       {502, "Bad Gateway"}};
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (reasons[i].code == code)
			return reasons[i].text;
	return "Unknown";
}
