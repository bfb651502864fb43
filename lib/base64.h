#ifndef LIB_BASE64_H
#define LIB_BASE64_H

#include <stddef.h>

/* Room that base64_encode needs for n bytes, its NUL included. */
#define BASE64_ROOM(n) (((n) + 2) / 3 * 4 + 1)

/*
 * Standard alphabet, padded (RFC 4648, section 4).  Writes the encoding of
 * the n bytes at in and a NUL to out, which has BASE64_ROOM(n) bytes.
 * Returns its length.
 */
size_t base64_encode(char *out, const void *in, size_t n);

/*
 * Decodes the n characters at in as Go's StdEncoding does, which is what
 * kubectl reads "-data" fields with: line breaks (CR, LF) are skipped, the
 * padding is required, nothing but line breaks may follow it, and the unused
 * bits of the last character may be anything.  out holds at least n / 4 * 3
 * bytes.  Returns 0 and the size in *len; or -1 and in *len the offset of the
 * first character that is wrong.
 */
int base64_decode(unsigned char *out, size_t *len, const char *in, size_t n);

/* As base64_decode, and writes nothing. */
int base64_check(size_t *len, const char *in, size_t n);

/* How many characters at the end of the n at s are of the alphabet, or
 * padding. */
size_t base64_tail(const char *s, size_t n);

/*
 * Decodes the n characters at in, of the alphabet for URLs and without
 * padding (RFC 4648, section 5), which is how the parts of a JWT are written
 * (RFC 7515, section 2).  Line breaks are wrong, and the unused bits of the
 * last character may be anything.  out holds at least n / 4 * 3 + 2 bytes.
 * Returns 0 and the size in *len, or -1.
 */
int base64_decode_url(unsigned char *out, size_t *len, const char *in,
		      size_t n);

#endif
