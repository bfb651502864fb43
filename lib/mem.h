#ifndef LIB_MEM_H
#define LIB_MEM_H

#include <stddef.h>

/*
 * Memory or death: as malloc, realloc, strdup, strndup and asprintf, but they
 * never return NULL; when memory is out the process says so and ends with
 * err_failure().  The caller frees.  A size of 0 gives a block of 1 byte.
 */
void *xmalloc(size_t n);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Wipes the n bytes at p, then frees p; the compiler cannot leave the wiping
 * out.  p may be NULL.  For blocks that have held a secret.
 */
void wipe_free(void *p, size_t n);

/* As wipe_free, for a string. */
void wipe_str(char *s);

/* Wipes that much of the stack below the caller, where functions that have
 * returned, of libraries too, may have left a secret. */
enum { WIPE_STACK_BYTES = 128 << 10 };
void wipe_stack(void);

/*
 * As malloc, calloc, realloc, strdup and free, NULL when memory is out, but
 * every block is wiped before it is given back: for libraries that take an
 * allocator and are handed secrets.  These blocks and those of malloc are
 * not to be mixed.
 */
void *wiping_malloc(size_t n);
void *wiping_calloc(size_t n, size_t size);
void *wiping_realloc(void *p, size_t n);
char *wiping_strdup(const char *s);
void wiping_free(void *p);

#endif
