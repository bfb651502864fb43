/*
 * Requests and answers.
 */
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base64.h"
#include "mem.h"
#include "record.h"

/* The lines around chunks, and all that is behind the last one. */
enum { HTTP_LINE_MAX = 4096 };

/* A header's value: no control bytes, or it could forge further headers. */
static bool
good_value(const char *s)
{
	for (; *s; s++) {
		if (((unsigned char)*s < ' ' && *s != '\t') || *s == 0x7f)
			return false;
	}
	return true;
}

static void
append(char **head, const char *name, const char *prefix, const char *value)
{
	char *longer = xasprintf("%s%s: %s%s\r\n", *head, name, prefix, value);

	wipe_str(*head);
	*head = longer;
}

static int
append_checked(char **head, const char *name, const char *prefix,
	       const char *value, const char *what, const char **field)
{
	if (!value)
		return 0;
	if (!good_value(value)) {
		*field = what;
		return -1;
	}
	append(head, name, prefix, value);
	return 0;
}

/* The key of an extra, as client-go writes it into a header's name: every
 * byte that is no token character (RFC 9110, 5.6.2), and %, as %XX. */
static char *
extra_name(const char *key)
{
	static const char token[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "!#$&'*+-.^_`|~";
	static const char start[] = "Impersonate-Extra-";
	char *name = xmalloc(sizeof start + strlen(key) * 3);
	char *p = name + sizeof start - 1;

	memcpy(name, start, sizeof start);
	for (; *key; key++) {
		if (strchr(token, *key))
			*p++ = *key;
		else
			p += snprintf(p, 4, "%%%02X", (unsigned char)*key);
	}
	*p = '\0';
	return name;
}

static int
impersonation(char **head, const struct record *r, const char **field)
{
	if (append_checked(head, "Impersonate-User", "", r->as, "as", field) ||
	    append_checked(head, "Impersonate-Uid", "", r->as_uid, "as-uid",
			   field))
		return -1;
	for (size_t i = 0; i < r->n_as_groups; i++) {
		if (append_checked(head, "Impersonate-Group", "",
				   r->as_groups[i], "as-groups", field))
			return -1;
	}
	for (size_t i = 0; i < r->n_as_user_extra; i++) {
		const struct record_extra *e = &r->as_user_extra[i];
		char *name = extra_name(e->key);
		int rc = 0;

		for (size_t k = 0; k < e->n_values && rc == 0; k++)
			rc = append_checked(head, name, "", e->values[k],
					    "as-user-extra", field);
		free(name);
		if (rc != 0)
			return -1;
	}
	return 0;
}

static void
basic(char **head, const char *user, const char *password)
{
	char *pair = xasprintf("%s:%s", user, password ? password : "");
	size_t n = strlen(pair);
	char *code = xmalloc(BASE64_ROOM(n));

	base64_encode(code, pair, n);
	append(head, "Authorization", "Basic ", code);
	wipe_str(pair);
	wipe_str(code);
}

int
http_identity(char **head, const struct record *r, const char **field)
{
	if (r->token) {
		if (append_checked(head, "Authorization", "Bearer ", r->token,
				   "token", field))
			return -1;
	} else if (r->username) {
		basic(head, r->username, r->password);
	}
	return impersonation(head, r, field);
}

size_t
http_head_end(const char *buf, size_t len)
{
	const char *end = memmem(buf, len, "\r\n\r\n", 4);

	return end ? (size_t)(end - buf) + 4 : 0;
}

bool
http_has_token(const char *list, const char *token)
{
	size_t want = strlen(token);

	while (*list) {
		size_t n;

		list += strspn(list, " \t,");
		n = strcspn(list, " \t,");
		if (n == want && strncasecmp(list, token, n) == 0)
			return true;
		list += n;
	}
	return false;
}

static void
take_header(struct http_reply *r, const char *name, const char *value)
{
	if (strcasecmp(name, "Upgrade") == 0)
		r->upgrade = value;
	else if (strcasecmp(name, "Connection") == 0) {
		r->connection_upgrade |= http_has_token(value, "upgrade");
		r->keep_alive &= !http_has_token(value, "close");
	} else if (strcasecmp(name, "Sec-WebSocket-Accept") == 0)
		r->accept = value;
	else if (strcasecmp(name, "Sec-WebSocket-Protocol") == 0)
		r->protocol = value;
	else if (strcasecmp(name, "X-Stream-Protocol-Version") == 0)
		r->stream_protocol = value;
	else if (strcasecmp(name, "Transfer-Encoding") == 0)
		r->chunked = http_has_token(value, "chunked");
	else if (strcasecmp(name, "Content-Length") == 0 && *value &&
		 strspn(value, "0123456789") == strlen(value))
		r->length = strtol(value, NULL, 10);
}

int
http_parse(struct http_reply *r, char *head, size_t len)
{
	char *line = head, *next, *end;

	memset(r, 0, sizeof *r);
	r->length = -1;
	r->keep_alive = len > 8 && memcmp(head, "HTTP/1.1 ", 9) == 0;
	if (len < 4 || memchr(head, '\0', len))
		return -1;
	head[len - 2] = '\0';
	next = strstr(line, "\r\n");
	if (!next || strncmp(line, "HTTP/1.", 7) != 0 || next - line < 12 ||
	    line[8] != ' ' || strspn(line + 9, "0123456789") != 3)
		return -1;
	*next = '\0';
	r->code =
	    (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
	r->reason = line[12] == ' ' ? line + 13 : line + 12;
	for (line = next + 2; *line; line = next + 2) {
		char *colon;

		next = strstr(line, "\r\n");
		if (!next)
			return -1;
		*next = '\0';
		colon = strchr(line, ':');
		if (!colon)
			return -1;
		*colon++ = '\0';
		colon += strspn(colon, " \t");
		for (end = next;
		     end > colon && (end[-1] == ' ' || end[-1] == '\t'); end--)
			end[-1] = '\0';
		take_header(r, line, colon);
	}
	/* where the next answer would begin must be beyond doubt */
	if (r->chunked ? r->length >= 0
		       : r->length < 0 && r->code != 204 && r->code != 304)
		r->keep_alive = false;
	return 0;
}

void
http_body_init(struct http_body *b, const struct http_reply *r)
{
	memset(b, 0, sizeof *b);
	b->at = HTTP_BODY_TO_END;
	if (r->code == 204 || r->code == 304) {
		b->at = HTTP_BODY_LENGTH;
	} else if (r->chunked) {
		b->at = HTTP_BODY_SIZE;
	} else if (r->length >= 0) {
		b->at = HTTP_BODY_LENGTH;
		b->left = (uint64_t)r->length;
	}
}

/* The value of a hexadecimal digit, or -1. */
static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Takes one byte of the lines around chunks; false when it cannot be there. */
static bool
take_line(struct http_body *b, char c)
{
	int digit = hex(c);

	if (++b->line > HTTP_LINE_MAX)
		return false;
	if (b->at == HTTP_BODY_SIZE && digit >= 0) {
		if (b->left >> 56)
			return false;
		b->left = b->left << 4 | (uint64_t)digit;
		return true;
	}
	if (b->at == HTTP_BODY_SIZE) {
		/* a size has a digit */
		if (b->line == 1 || !strchr("\r\n; \t", c) || !c)
			return false;
		b->at = HTTP_BODY_SKIP;
	}
	if (c != '\n')
		return b->at != HTTP_BODY_GAP || c == '\r';
	if (b->at == HTTP_BODY_GAP)
		b->at = HTTP_BODY_SIZE;
	else
		b->at = b->left ? HTTP_BODY_CHUNK : HTTP_BODY_TRAILER;
	b->line = 0;
	return true;
}

/* Takes one byte behind the last chunk: lines, until an empty one. */
static bool
take_trailer(struct http_body *b, char c)
{
	/* all of them together are bounded as one line is */
	if (++b->left > HTTP_LINE_MAX)
		return false;
	if (c == '\n') {
		b->last = b->line == 0;
		b->line = 0;
	} else if (c != '\r') {
		b->line++;
	}
	return true;
}

enum http_body_next
http_body_next(struct http_body *b, const char *in, size_t n, size_t *used,
	       const char **data, size_t *len)
{
	*used = 0;
	while (!b->last) {
		bool counted =
		    b->at == HTTP_BODY_LENGTH || b->at == HTTP_BODY_CHUNK;

		if (b->at == HTTP_BODY_LENGTH && b->left == 0)
			break;
		if (*used == n)
			return HTTP_BODY_MORE;
		if (counted || b->at == HTTP_BODY_TO_END) {
			*data = in + *used;
			*len = n - *used;
			if (counted && *len > b->left)
				*len = (size_t)b->left;
			b->left -= counted ? *len : 0;
			if (b->at == HTTP_BODY_CHUNK && b->left == 0)
				b->at = HTTP_BODY_GAP;
			*used += *len;
			return HTTP_BODY_PIECE;
		}
		if (b->at == HTTP_BODY_TRAILER ? !take_trailer(b, in[*used])
					       : !take_line(b, in[*used]))
			return HTTP_BODY_FAULT;
		++*used;
	}
	return HTTP_BODY_DONE;
}
