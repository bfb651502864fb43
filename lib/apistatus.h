#ifndef LIB_APISTATUS_H
#define LIB_APISTATUS_H

#include <stddef.h>

/*
 * The message of the Status in the len bytes at buf, for the caller to free;
 * NULL when they are no Status (an answer that is not the API server's).
 */
char *apistatus_message(const char *buf, size_t len);

#endif
