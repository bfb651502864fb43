/*
 * Compressed header blocks.  The one file that knows zlib.  Pure.
 */
#include "spdyheaders.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "lib/mem.h"

#include "spdyframe.h"

enum { BLOCK_MAX = 1 << 20, CHUNK = 4096 };

struct headers_in {
	z_stream z;
	struct queue text; /* the block that is read */
};

struct headers_out {
	z_stream z;
};

/* The words of the dictionary that a length stands before. */
static const char words[] =
    "options|head|post|put|delete|trace|accept|accept-charset|accept-encodi"
    "ng|accept-language|accept-ranges|age|allow|authorization|cache-control"
    "|connection|content-base|content-encoding|content-language|content-len"
    "gth|content-location|content-md5|content-range|content-type|date|etag|"
    "expect|expires|from|host|if-match|if-modified-since|if-none-match|if-r"
    "ange|if-unmodified-since|last-modified|location|max-forwards|pragma|pr"
    "oxy-authenticate|proxy-authorization|range|referer|retry-after|server|"
    "te|trailer|transfer-encoding|upgrade|user-agent|vary|via|warning|www-a"
    "uthenticate|method|get|status|200 OK|version|HTTP/1.1|url|public|set-c"
    "ookie|keep-alive|origin";

/* What follows them. */
static const char tail[] =
    "100101201202205206300302303304305306307402405406407408409410411412413414"
    "415416417502504505203 Non-Authoritative Information204 No Content301 "
    "Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not "
    "Found500 Internal Server Error501 Not Implemented503 Service "
    "UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 "
    "Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,"
    "image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,"
    "text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8"
    "charset=iso-8859-1,utf-,*,enq=0.";

/* Puts the dictionary into q. */
static void
put_dictionary(struct queue *q)
{
	const char *word = words;

	for (;; word++) {
		size_t n = strcspn(word, "|");

		spdy_put32(q, (uint32_t)n);
		queue_put(q, word, n);
		word += n;
		if (!*word)
			break;
	}
	queue_put(q, tail, strlen(tail));
}

struct headers_in *
headers_in_new(void)
{
	struct headers_in *h = xmalloc(sizeof(*h));

	memset(h, 0, sizeof(*h));
	if (inflateInit(&h->z) != Z_OK)
		abort();
	return h;
}

/* Inflates the n bytes at in, all of them, into h->text. */
static int
inflate_block(struct headers_in *h, const unsigned char *in, size_t n)
{
	unsigned char chunk[CHUNK];
	int rc;

	h->z.next_in = (unsigned char *)in;
	h->z.avail_in = (unsigned)n;
	do {
		h->z.next_out = chunk;
		h->z.avail_out = sizeof(chunk);
		rc = inflate(&h->z, Z_SYNC_FLUSH);
		if (rc == Z_NEED_DICT) {
			struct queue dictionary = {0};

			put_dictionary(&dictionary);
			rc =
			    inflateSetDictionary(&h->z, queue_peek(&dictionary),
						 (unsigned)dictionary.len);
			queue_free(&dictionary);
		}
		if (rc != Z_OK && rc != Z_BUF_ERROR)
			return -1;
		queue_put(&h->text, chunk, sizeof(chunk) - h->z.avail_out);
		if (h->text.len > BLOCK_MAX)
			return -1;
	} while (h->z.avail_in > 0 || h->z.avail_out == 0);
	return 0;
}

/* Takes a string with its length off the *left bytes at *at. */
static bool
take_string(const unsigned char **at, size_t *left, const unsigned char **s,
	    size_t *n)
{
	if (*left < 4 || spdy_read32(*at) > *left - 4)
		return false;
	*n = spdy_read32(*at);
	*s = *at + 4;
	*at += 4 + *n;
	*left -= 4 + *n;
	return true;
}

int
headers_read(struct headers_in *h, const unsigned char *block, size_t n,
	     const char *name, char *value, size_t size)
{
	const unsigned char *at, *key, *text;
	size_t left, key_len, len;
	uint32_t count;

	*value = '\0';
	queue_drop(&h->text, h->text.len);
	if (inflate_block(h, block, n) < 0 || h->text.len < 4)
		return -1;
	at = queue_peek(&h->text);
	left = h->text.len - 4;
	count = spdy_read32(at);
	for (at += 4; count > 0; count--) {
		if (!take_string(&at, &left, &key, &key_len) ||
		    !take_string(&at, &left, &text, &len))
			return -1;
		if (key_len == strlen(name) &&
		    memcmp(key, name, key_len) == 0 && len < size) {
			memcpy(value, text, len);
			value[len] = '\0';
		}
	}
	return left == 0 ? 0 : -1;
}

void
headers_in_free(struct headers_in *h)
{
	inflateEnd(&h->z);
	queue_free(&h->text);
	free(h);
}

struct headers_out *
headers_out_new(void)
{
	struct headers_out *h = xmalloc(sizeof(*h));
	struct queue dictionary = {0};

	memset(h, 0, sizeof(*h));
	put_dictionary(&dictionary);
	if (deflateInit(&h->z, Z_BEST_COMPRESSION) != Z_OK ||
	    deflateSetDictionary(&h->z, queue_peek(&dictionary),
				 (unsigned)dictionary.len) != Z_OK)
		abort();
	queue_free(&dictionary);
	return h;
}

static void
deflate_on(struct headers_out *h, struct queue *out, const void *in, size_t n,
	   int flush)
{
	unsigned char chunk[CHUNK];

	h->z.next_in = (unsigned char *)in;
	h->z.avail_in = (unsigned)n;
	do {
		h->z.next_out = chunk;
		h->z.avail_out = sizeof(chunk);
		deflate(&h->z, flush);
		queue_put(out, chunk, sizeof(chunk) - h->z.avail_out);
	} while (h->z.avail_out == 0);
}

void
headers_write_none(struct headers_out *h, struct queue *out)
{
	static const unsigned char none[4];

	deflate_on(h, out, none, sizeof(none), Z_SYNC_FLUSH);
}

void
headers_write_zeroes(struct headers_out *h, struct queue *out, size_t n)
{
	static const unsigned char zeroes[CHUNK];
	struct queue start = {0};

	spdy_put32(&start, 1);
	spdy_put32(&start, 1);
	queue_put(&start, "x", 1);
	spdy_put32(&start, (uint32_t)n);
	deflate_on(h, out, queue_peek(&start), start.len, Z_NO_FLUSH);
	queue_free(&start);
	while (n > 0) {
		size_t some = n < sizeof(zeroes) ? n : sizeof(zeroes);

		deflate_on(h, out, zeroes, some, Z_NO_FLUSH);
		n -= some;
	}
	deflate_on(h, out, zeroes, 0, Z_SYNC_FLUSH);
}

void
headers_out_free(struct headers_out *h)
{
	deflateEnd(&h->z);
	free(h);
}
