/*
 * The only includer of libcrypto's digests.
 */
#include "digest.h"

#include <openssl/evp.h>

int
digest_sha1(unsigned char out[DIGEST_SHA1_BYTES], const void *p, size_t n)
{
	return EVP_Digest(p, n, out, NULL, EVP_sha1(), NULL) == 1 ? 0 : -1;
}
