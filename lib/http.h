#ifndef LIB_HTTP_H
#define LIB_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * HTTP/1.1 as a client needs it (RFC 9110, RFC 9112): the headers that tell
 * who asks, and answers taken apart.  Pure.
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
	long length;     /* Content-Length, -1 without */
	bool keep_alive; /* another request may follow the body's end */
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

/* Where a body is that comes piece by piece. */
struct http_body {
	enum http_body_at {
		HTTP_BODY_LENGTH, /* left bytes to come */
		HTTP_BODY_TO_END, /* until the connection ends */
		HTTP_BODY_SIZE,   /* in the line in front of a chunk */
		HTTP_BODY_SKIP,   /* in that line, behind the size */
		HTTP_BODY_CHUNK,  /* in a chunk, left bytes to come */
		HTTP_BODY_GAP,    /* behind a chunk */
		HTTP_BODY_TRAILER /* behind the last one */
	} at;
	uint64_t left;
	unsigned line; /* bytes of the line so far */
	bool last;     /* the chunk of no bytes has come */
};

enum http_body_next {
	HTTP_BODY_MORE,  /* all is taken, and more must come */
	HTTP_BODY_PIECE, /* *data and *len are a piece of the body */
	HTTP_BODY_DONE,  /* the body has ended */
	HTTP_BODY_FAULT  /* this is no body */
};

/* At the start of the body of r. */
void http_body_init(struct http_body *b, const struct http_reply *r);

/*
 * Takes what it can of the n bytes at in, of which *used are then done with.
 * Undoes the chunked coding (RFC 9112, section 7.1); the lines in it are
 * bounded.  A body that lasts until the connection ends is never done.
 */
enum http_body_next http_body_next(struct http_body *b, const char *in,
				   size_t n, size_t *used, const char **data,
				   size_t *len);

/* Whether list, comma separated, holds token in any letter case. */
bool http_has_token(const char *list, const char *token);

#endif
