/*
 * Certificates and keys, from files or from the kubeconfig itself.
 */
#include "pem.h"

#include <errno.h>
#include <string.h>

#include "lib/base64.h"
#include "lib/err.h"
#include "lib/mem.h"

#include "arena.h"
#include "files.h"

/* The len bytes of b with a NUL behind them, in a where they had to be
 * decoded. */
static const char *
bytes(const struct blob *b, struct arena *a)
{
	unsigned char *raw;
	size_t len;

	if (!b->base64)
		return b->data;
	raw = arena_alloc(a, b->len + 1);
	(void)base64_decode(raw, &len, b->base64, strlen(b->base64));
	return (const char *)raw;
}

int
pem_read(char **out, const char **origin, struct arena *a, const char *what,
	 const char *file, struct blob data, const char *begin)
{
	char *text;
	size_t len;

	if (is_set(file)) {
		if (files_read(a, file, FILES_MAX_PEM, &text, &len) != 0) {
			warn(errno, "%s: %s", what, file);
			return -1;
		}
		data.data = text;
		data.len = len;
		*origin = file;
	}
	if (!is_set(file) && data.len == 0)
		return 0;
	if (!is_set(file))
		data.data = bytes(&data, a);
	if (memchr(data.data, '\0', data.len) || !strstr(data.data, begin)) {
		warn(0, "%s: %s: no PEM block of this kind in it", what,
		     is_set(file) ? file : "inline data");
		return -1;
	}
	*out = xstrdup(data.data);
	return 0;
}
