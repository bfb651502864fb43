#ifndef KEXEC_DIGEST_H
#define KEXEC_DIGEST_H

#include <stddef.h>

enum { DIGEST_SHA1_BYTES = 20 };

/* SHA-1 of the n bytes at p, for the handshake of RFC 6455 only.  Returns 0,
 * or -1 when the library refuses. */
int digest_sha1(unsigned char out[DIGEST_SHA1_BYTES], const void *p, size_t n);

#endif
