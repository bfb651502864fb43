/*
 * Which kubeconfigs are read, and reading them.
 */
#include "files.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"

#include "arena.h"
#include "decode.h"
#include "fold.h"
#include "kubeconfig.h"
#include "kuberc.h"
#include "yaml.h"

int
files_read(struct arena *a, const char *path, size_t max, char **text,
	   size_t *len)
{
	char *buf;

	if (io_slurp_path(path, max, &buf, len) != 0)
		return -1;
	arena_own(a, buf, *len);
	*text = buf;
	return 0;
}

int
files_read_word(struct arena *a, const char *path, size_t max, char **text,
		size_t *len)
{
	static const char blank[] = " \t\r\n\v\f";
	size_t led;

	if (files_read(a, path, max, text, len) != 0)
		return -1;
	led = strspn(*text, blank);
	*text += led;
	*len -= led;
	while (*len > 0 && memchr(blank, (*text)[*len - 1], sizeof blank - 1))
		(*text)[--*len] = '\0';
	return 0;
}

/* Returns 1 when the file was read, 0 when there is none, -1 on a fault. */
static int
load(struct kubeconfig *k, struct arena *a, const char *file, bool must)
{
	char why[512], *text, *cwd;
	struct node *root;
	struct fold fold;
	size_t len;
	int rc = -1;

	if (io_slurp_path(file, FILES_MAX_BYTES, &text, &len) != 0) {
		if (!must && errno == ENOENT)
			return 0;
		warn(errno, "%s", file);
		return -1;
	}
	arena_own(a, text, len);
	fold_make(&fold, a, text, len);
	root = yaml_read_folded(a, &fold, why, sizeof why);
	cwd = get_current_dir_name();
	if (root)
		rc = decode_config(k, a, root, cwd, file, why, sizeof why);
	free(cwd);
	if (rc != 0)
		warn(0, "%s: %s", file, why);
	return rc == 0 ? 1 : -1;
}

/* Whether the name of n bytes at s was in the list before s. */
static bool
repeated(const char *list, const char *s, size_t n)
{
	while (list < s) {
		size_t len = strcspn(list, ":");

		if (len == n && memcmp(list, s, n) == 0)
			return true;
		list += len + 1;
	}
	return false;
}

static const char *
and_also(struct arena *a, const char *list, const char *file)
{
	return list ? arena_format(a, "%s, %s", list, file) : file;
}

static int
load_list(struct kubeconfig *k, struct arena *a, const char *list,
	  const char **where)
{
	const char *s, *missing = NULL, *found = NULL;
	bool failed = false;
	int files = 0;
	size_t n;

	for (s = list; *s; s += n + (s[n] == ':')) {
		const char *file;
		int rc;

		n = strcspn(s, ":");
		if (n == 0 || repeated(list, s, n))
			continue;
		file = arena_copy(a, s, n);
		rc = load(k, a, file, false);
		if (rc < 0)
			failed = true;
		else if (rc > 0)
			files++;
		if (rc > 0)
			found = and_also(a, found, file);
		else
			missing = and_also(a, missing, file);
	}
	*where = found ? found : missing ? missing : "KUBECONFIG";
	return failed ? -1 : files;
}

int
files_load(struct kubeconfig *k, struct arena *a, const char *explicit,
	   const char **where)
{
	const char *list = getenv("KUBECONFIG"), *home = getenv("HOME");

	if (is_set(explicit)) {
		*where = explicit;
		return load(k, a, explicit, true);
	}
	if (is_set(list))
		return load_list(k, a, list, where);
	*where = "HOME";
	if (!is_set(home))
		return 0;
	*where = arena_format(a, "%s/.kube/config", home);
	return load(k, a, *where, false);
}

static int
load_kuberc(struct kuberc *k, struct arena *a, const char *file, bool must)
{
	char why[512], *text;
	struct node *documents;
	size_t len;
	int rc = -1;

	if (io_slurp_path(file, FILES_MAX_BYTES, &text, &len) != 0) {
		if (!must && errno == ENOENT)
			return 0;
		warn(errno, "%s", file);
		return -1;
	}
	documents = yaml_read_all(a, text, len, why, sizeof why);
	wipe_free(text, len);
	if (documents)
		rc = kuberc_decode(k, a, documents, file, why, sizeof why);
	if (rc != 0)
		warn(0, "%s: %s", file, why);
	return rc;
}

int
files_kuberc(struct kuberc *k, struct arena *a, const char *explicit)
{
	const char *gate = getenv("KUBECTL_KUBERC"), *file = getenv("KUBERC");
	const char *home = getenv("HOME"), *off = NULL;

	if (gate && strcmp(gate, "false") == 0)
		off = "KUBECTL_KUBERC=false";
	else if (file && strcmp(file, "off") == 0)
		off = "KUBERC=off";
	if (off && is_set(explicit)) {
		warn(0, "--kuberc %s: not with %s", explicit, off);
		return -1;
	}
	if (off)
		return 0;
	if (is_set(explicit))
		return load_kuberc(k, a, explicit, true);
	if (is_set(file))
		return load_kuberc(k, a, file, true);
	if (!is_set(home))
		return 0;
	return load_kuberc(k, a, arena_format(a, "%s/.kube/kuberc", home),
			   false);
}
