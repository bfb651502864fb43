#ifndef LIB_HTTP_H
#define LIB_HTTP_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The HTTP/1.1 upgrade (RFC 9110, section 7.8): the text of the request, and
 * the answer taken apart.  Pure.
 */

/* An answer's head is never longer, nor a body that is worth reading. */
enum { HTTP_HEAD_MAX = 65536, HTTP_BODY_MAX = 65536 };

struct record;

/*
 * Appends the headers that tell who asks: Authorization (bearer, else basic)
 * and the impersonation headers of r to the request text in *head, which the
 * caller frees with wipe_str, since it now holds secrets.  Returns 0, or -1
 * and in *field the name of the field that cannot be in a header.
 */
int http_identity(char **head, const struct record *r, const char **field);

/* The head of an answer; the strings point into the text, which was cut up. */
struct http_reply {
	int code;
	const char *reason;          /* the reason phrase */
	const char *upgrade;         /* Upgrade, NULL without */
	const char *accept;          /* Sec-WebSocket-Accept */
	const char *protocol;        /* Sec-WebSocket-Protocol */
	const char *stream_protocol; /* X-Stream-Protocol-Version */
	bool connection_upgrade, chunked;
	long length; /* Content-Length, -1 without */
};

/*
 * Where the head in the len bytes at buf ends: the offset behind its empty
 * line, 0 when there is none yet.
 */
size_t http_head_end(const char *buf, size_t len);

/*
 * Takes apart the head of len bytes at head, of which the last is
 * overwritten with NUL and others with it.  Returns 0, or -1 when it is no
 * HTTP/1 answer.
 */
int http_parse(struct http_reply *r, char *head, size_t len);

/*
 * Undoes the chunked coding (RFC 9112, section 7.1) of the *len bytes at body
 * in place, as far as they go.
 */
void http_dechunk(char *body, size_t *len);

/* Whether list, comma separated, holds token in any letter case. */
bool http_has_token(const char *list, const char *token);

#endif
