#ifndef KTAR_UNPACK_TEMPORARY_H
#define KTAR_UNPACK_TEMPORARY_H

#include <stddef.h>

/* Digits behind the prefix of a temporary name. */
enum { TEMPORARY_DIGITS = 16 };

/*
 * Writes prefix and TEMPORARY_DIGITS hexadecimal digits that nobody can guess
 * into name, which has size bytes, enough for them.  0, or -1 with errno.
 */
int temporary_name(char *name, size_t size, const char *prefix);

#endif
