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

enum { PAD = 64, NO = 128 };

/* What a character stands for: below 64 where it is of the alphabet. */
static const unsigned char values[256] = {
    NO, NO, NO, NO, NO,  NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO,  NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO,  62, NO, NO, NO, 63, 52, 53, 54, 55, 56, 57, 58, 59, 60,
    61, NO, NO, NO, PAD, NO, NO, NO, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
    11, 12, 13, 14, 15,  16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NO, NO, NO, NO,
    NO, NO, 26, 27, 28,  29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42,
    43, 44, 45, 46, 47,  48, 49, 50, 51, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO,  NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO,  NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO,  NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO,  NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO,  NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO,  NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO,  NO, NO, NO, NO,
};

static unsigned
value(char c)
{
	return values[(unsigned char)c];
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

/* All the bits of eight characters. */
static unsigned
eight(const char *in)
{
	return value(in[0]) | value(in[1]) | value(in[2]) | value(in[3]) |
	       value(in[4]) | value(in[5]) | value(in[6]) | value(in[7]);
}

/* The bytes that four characters stand for, of which pads are padding. */
static size_t
put(unsigned char *out, size_t used, unsigned long v, unsigned pads)
{
	if (out) {
		out[used] = (unsigned char)(v >> 16);
		if (pads < 2)
			out[used + 1] = (unsigned char)(v >> 8);
		if (pads < 1)
			out[used + 2] = (unsigned char)v;
	}
	return used + 3 - pads;
}

/* Decodes, or only counts where out is NULL; inlined into either. */
static inline int
decode(unsigned char *out, size_t *len, const char *in, size_t n)
{
	unsigned long v = 0;
	size_t i, used = 0;
	unsigned have = 0, pads = 0;

	for (i = 0; i < n; i++) {
		unsigned d;

		while (have == 0 && pads == 0 && n - i >= 4 &&
		       four(in + i, &v)) {
			used = put(out, used, v, 0);
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
			used = put(out, used, v << 6 * pads, pads);
			continue;
		}
		if (d >= PAD || pads > 0)
			goto bad;
		v = (v << 6 | d) & 0xffffff;
		if (++have < 4)
			continue;
		used = put(out, used, v, 0);
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
base64_decode(unsigned char *out, size_t *len, const char *in, size_t n)
{
	return decode(out, len, in, n);
}

int
base64_check(size_t *len, const char *in, size_t n)
{
	size_t whole = 0;
	int rc;

	/* nearly all of it is of this kind */
	while (n - whole >= 8 && eight(in + whole) < PAD)
		whole += 8;
	rc = decode(NULL, len, in + whole, n - whole);
	*len += rc == 0 ? whole / 4 * 3 : whole;
	return rc;
}

size_t
base64_tail(const char *s, size_t n)
{
	size_t i = n;

	while (i >= 8 && eight(s + i - 8) < NO)
		i -= 8;
	while (i > 0 && value(s[i - 1]) < NO)
		i--;
	return n - i;
}

int
base64_decode_url(unsigned char *out, size_t *len, const char *in, size_t n)
{
	unsigned long v = 0;
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		char c = in[i] == '-' ? '+' : in[i] == '_' ? '/' : in[i];
		unsigned d = in[i] == '+' || in[i] == '/' ? NO : value(c);

		if (d >= PAD)
			return -1;
		v = (v << 6 | d) & 0xffffff;
		/* the first of four characters ends no byte */
		if (i % 4 > 0)
			out[used++] = (unsigned char)(v >> (6 - i % 4 * 2));
	}
	*len = used;
	return n % 4 == 1 ? -1 : 0;
}
