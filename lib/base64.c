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

static int
value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int
base64_decode(unsigned char *out, size_t *len, const char *in, size_t n)
{
	unsigned long v = 0;
	size_t i, used = 0;
	unsigned have = 0, pads = 0;

	for (i = 0; i < n; i++) {
		int d = value(in[i]);

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
		if (d < 0 || pads > 0)
			goto bad;
		v = (v << 6 | (unsigned)d) & 0xffffff;
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
