/*
 * Writes settings back as a tool would:
 *
 *	writeback KUBECONFIG USER KEY=VALUE... <SIGNAL
 *
 * prints the word loaded; locks, and prints the settings that are there, a line
 * each, and the word ready; waits for the end of its stdin; writes, and ends
 * with 0 where that went well.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/io.h"
#include "lib/mem.h"

#include "kconf/arena.h"
#include "kconf/files.h"
#include "kconf/kubeconfig.h"
#include "kconf/writeback.h"

enum { MAX_SETTINGS = 8 };

int
main(int argc, char *argv[])
{
	struct setting s[MAX_SETTINGS];
	struct arena a = {0};
	struct kubeconfig k = {0};
	struct pairs now = {0};
	struct writeback *w;
	const struct entry *e;
	const char *where;
	char *in;
	size_t n = 0, len;
	int rc;

	err_init("writeback", 1);
	if (argc < 3 || argc > 3 + MAX_SETTINGS)
		die(2, 0, "usage: writeback KUBECONFIG USER KEY=VALUE...");
	for (int i = 3; i < argc; i++) {
		char *eq = strchr(argv[i], '=');

		if (!eq)
			die(2, 0, "%s: no setting", argv[i]);
		*eq = '\0';
		s[n].key = argv[i];
		s[n++].value = eq + 1;
	}
	if (files_load(&k, &a, argv[1], &where) < 0)
		return 1;
	e = entries_find(&k.users, argv[2]);
	if (!e)
		die(2, 0, "%s: no such user", argv[2]);
	puts("loaded");
	fflush(stdout);
	w = writeback_begin((const struct user *)e, &now, &a);
	for (size_t i = 0; w && i < now.n; i++)
		printf("%s=%s\n", now.item[i].key, now.item[i].values.item[0]);
	if (w)
		puts("ready");
	fflush(stdout);
	if (w && io_slurp(STDIN_FILENO, 1, &in, &len) == 0)
		wipe_free(in, len);
	rc = w ? writeback_set(w, s, n) : -1;
	writeback_end(w);
	arena_wipe(&a);
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
