/*
 * What a kept credential is called.  Two runs that could differ in anything
 * that the plugin sees have two names.  The only includer of libmd.
 */
#include "cachekey.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sys/types.h>

#include <sha2.h>

#include "lib/mem.h"

#include "child.h"

/* Another form of the files is another name. */
static const char format[] = "kpipe exec credential 1";

static void
add_number(SHA2_CTX *sum, uint64_t n)
{
	uint8_t bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(n >> (8 * i));
	SHA256Update(sum, bytes, sizeof bytes);
}

/* The length goes first: no two lists of texts are one text. */
static void
add(SHA2_CTX *sum, const char *s)
{
	add_number(sum, strlen(s));
	SHA256Update(sum, (const uint8_t *)s, strlen(s));
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whether a shell changes the variable from one command to the next. */
static int
is_restless(const char *variable)
{
	static const char *const names[] = {"_=", "SHLVL=", "OLDPWD="};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strncmp(variable, names[i], strlen(names[i])) == 0)
			return 1;
	}
	return 0;
}

/* In an order of its own, since that of the environment means nothing. */
static void
add_environment(SHA2_CTX *sum, char *const *envp)
{
	size_t n = 0, kept = 0;
	const char **sorted;

	while (envp[n])
		n++;
	sorted = xmalloc(n * sizeof *sorted);
	for (size_t i = 0; i < n; i++) {
		if (!is_restless(envp[i]))
			sorted[kept++] = envp[i];
	}
	qsort(sorted, kept, sizeof *sorted, compare);
	add_number(sum, kept);
	for (size_t i = 0; i < kept; i++)
		add(sum, sorted[i]);
	free(sorted);
}

int
cachekey_make(char out[CACHEKEY_CHARS + 1], const struct child *c,
	      const char *version)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX sum;
	struct stat st;
	char *cwd = NULL;
	size_t n = 0;

	if (stat(c->path, &st) != 0 || !(cwd = get_current_dir_name()))
		return -1;
	SHA256Init(&sum);
	add(&sum, format);
	add(&sum, version);
	add(&sum, c->path);
	add_number(&sum, st.st_dev);
	add_number(&sum, st.st_ino);
	add_number(&sum, (uint64_t)st.st_size);
	add_number(&sum, (uint64_t)st.st_mtim.tv_sec);
	add_number(&sum, (uint64_t)st.st_mtim.tv_nsec);
	add(&sum, cwd);
	free(cwd);
	while (c->argv[n])
		n++;
	add_number(&sum, n);
	for (size_t i = 0; i < n; i++)
		add(&sum, c->argv[i]);
	add_environment(&sum, c->envp);
	SHA256Final(digest, &sum);
	for (size_t i = 0; i < sizeof digest; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
	/* its buffer has the end of the environment */
	explicit_bzero(&sum, sizeof sum);
	return 0;
}
