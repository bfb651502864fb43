#ifndef KCONF_EDIT_H
#define KCONF_EDIT_H

#include <stddef.h>

/* A member of users[name=...].user.auth-provider.config. */
struct setting {
	const char *key, *value;
};

/*
 * The kubeconfig of len bytes at buf with n settings of that user changed, and
 * no other byte: comments, order, layout, line ends and what follows the
 * first document stay.  A setting keeps its quotes where they can hold the
 * value, a block becomes one line, and a new one goes behind the last of the
 * config.  Returns 0 and in *out *out_len bytes for wipe_free.  Returns -1
 * and in why (cap bytes) the reason, with the line where there is one, when
 * that cannot be done: values that come from aliases or merge keys or have
 * tags, UTF-16, a config without a setting.  The result is read again
 * and compared with what was read before, so a fault of the editing is -1,
 * too.
 */
int edit_config(const char *buf, size_t len, const char *user,
		const struct setting *s, size_t n, char **out, size_t *out_len,
		char *why, size_t cap);

#endif
