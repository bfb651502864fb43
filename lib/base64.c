/*
 * Base64, as strict and as lax as kubectl reads it.  Pure.
 */
#include "base64.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t
base64_encode(char *out, const void *in, size_t n)
{
	const unsigned char *s = in;
	char *p = out;
	size_t i;

	for (i = 0; i < n; i += 3) {
		unsigned v = (unsigned)s[i] << 16;

		if (i + 1 < n)
			v |= (unsigned)s[i + 1] << 8;
		if (i + 2 < n)
			v |= s[i + 2];
		*p++ = alphabet[v >> 18];
		*p++ = alphabet[v >> 12 & 63];
		*p++ = i + 1 < n ? alphabet[v >> 6 & 63] : '=';
		*p++ = i + 2 < n ? alphabet[v & 63] : '=';
	}
	*p = '\0';
	return (size_t)(p - out);
}

enum { FIRST = '+', LAST = 'z', NO = 99 };

/* What the characters from FIRST to LAST stand for. */
static const unsigned char values[] = {
    62, NO, NO, NO, 63, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, NO,
    NO, NO, NO, NO, NO, NO, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,
    10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
    NO, NO, NO, NO, NO, NO, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
    36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
};

static unsigned
value(char c)
{
	return c >= FIRST && c <= LAST ? values[c - FIRST] : NO;
}

/* Four characters that are no line breaks or padding, the common case. */
static unsigned
four(const char *in, unsigned long *v)
{
	unsigned a = value(in[0]), b = value(in[1]), c = value(in[2]),
		 d = value(in[3]);

	*v = (unsigned long)a << 18 | b << 12 | c << 6 | d;
	return (a | b | c | d) < 64;
}

int
base64_decode(unsigned char *out, size_t *len, const char *in, size_t n)
{
	unsigned long v = 0;
	size_t i, used = 0;
	unsigned have = 0, pads = 0;

	for (i = 0; i < n; i++) {
		unsigned d;

		while (have == 0 && pads == 0 && n - i >= 4 &&
		       four(in + i, &v)) {
			out[used++] = (unsigned char)(v >> 16);
			out[used++] = (unsigned char)(v >> 8);
			out[used++] = (unsigned char)v;
			i += 4;
		}
		if (i == n)
			break;
		d = value(in[i]);
		if (in[i] == '\r' || in[i] == '\n')
			continue;
		if (in[i] == '=' && have >= 2 && pads < 4 - have) {
			if (++pads < 4 - have)
				continue;
			v <<= 6 * pads;
			out[used++] = (unsigned char)(v >> 16);
			if (have == 3)
				out[used++] = (unsigned char)(v >> 8);
			continue;
		}
		if (d == NO || pads > 0)
			goto bad;
		v = (v << 6 | d) & 0xffffff;
		if (++have < 4)
			continue;
		out[used++] = (unsigned char)(v >> 16);
		out[used++] = (unsigned char)(v >> 8);
		out[used++] = (unsigned char)v;
		have = 0;
	}
	if (have == 0 || have + pads == 4) {
		*len = used;
		return 0;
	}
bad:
	*len = i;
	return -1;
}

int
base64_decode_url(unsigned char *out, size_t *len, const char *in, size_t n)
{
	unsigned long v = 0;
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		char c = in[i] == '-' ? '+' : in[i] == '_' ? '/' : in[i];
		unsigned d = in[i] == '+' || in[i] == '/' ? NO : value(c);

		if (d == NO)
			return -1;
		v = (v << 6 | d) & 0xffffff;
		/* the first of four characters ends no byte */
		if (i % 4 > 0)
			out[used++] = (unsigned char)(v >> (6 - i % 4 * 2));
	}
	*len = used;
	return n % 4 == 1 ? -1 : 0;
}
