/*
 * Where a tool's credentials come from: a file, or kconf.
 */
#include "creds.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "mem.h"

extern char **environ;

enum { OPTIONS_FD = 3 };

static void
decode(struct record *r, char *text, size_t len, const char *source)
{
	char why[256];
	int rc = record_decode(r, text, len, why, sizeof why);

	wipe_free(text, len);
	if (rc != 0)
		die(err_failure(), 0, "%s: %s", source, why);
}

void
creds_read(struct record *r, const char *file)
{
	char *text;
	size_t len;

	if (io_slurp_path(file, RECORD_MAX_BYTES, &text, &len) != 0)
		die(err_failure(), errno, "%s", file);
	decode(r, text, len, file);
}

/*
 * The kconf that belongs to this tool: the same folder, the same prefix of
 * the name; NULL when there is none.  The caller frees it.
 */
static char *
sibling(const char *tool)
{
	ssize_t tail = (ssize_t)strlen(tool);
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *name, *path;

	if (n <= 0)
		return NULL;
	self[n] = '\0';
	name = strrchr(self, '/');
	n = (ssize_t)strlen(name);
	if (n < tail || strcmp(name + n - tail, tool) != 0)
		return NULL;
	name[n - tail] = '\0';
	path = xasprintf("%skconf", self);
	if (access(path, X_OK) == 0)
		return path;
	free(path);
	return NULL;
}

/* Starts kconf; it reads its options from options, writes to record. */
static pid_t
start(const char *program, int options, int record)
{
	static char arg0[] = "kconf", arg1[] = "--args-fd", arg2[] = "3";
	char *argv[] = {arg0, arg1, arg2, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t normal;
	pid_t pid = -1;
	int rc;

	/* stdin is the command's; what is ignored here is not there */
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
					 O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, record, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, options, OPTIONS_FD);
	posix_spawnattr_init(&attr);
	sigemptyset(&normal);
	sigaddset(&normal, SIGPIPE);
	sigaddset(&normal, SIGUSR1);
	posix_spawnattr_setsigdefault(&attr, &normal);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawnp(&pid, program, &actions, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	if (rc != 0)
		die(err_failure(), rc, "%s", program);
	return pid;
}

/* A pipe whose ends are above the descriptors that start puts in place. */
static void
make_pipe(int p[2])
{
	if (pipe2(p, O_CLOEXEC) != 0)
		die(err_failure(), errno, "pipe");
	for (int i = 0; i < 2; i++) {
		int high = fcntl(p[i], F_DUPFD_CLOEXEC, OPTIONS_FD + 1);

		if (high < 0)
			die(err_failure(), errno, "pipe");
		close(p[i]);
		p[i] = high;
	}
}

void
creds_resolve(struct record *r, const char *tool, char *words, size_t words_len)
{
	char *found = sibling(tool), *text;
	const char *program = found ? found : "kconf";
	int options[2], record[2], status;
	size_t len;
	pid_t pid;

	make_pipe(options);
	make_pipe(record);
	pid = start(program, options[0], record[1]);
	close(options[0]);
	close(record[1]);
	/* when kconf has gone already, its status tells more than EPIPE */
	(void)io_write_full(options[1], words, words_len);
	close(options[1]);
	wipe_free(words, words_len);
	if (io_slurp(record[0], RECORD_MAX_BYTES, &text, &len) != 0)
		die(err_failure(), errno, "%s: record", program);
	close(record[0]);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			die(err_failure(), errno, "%s", program);
	}
	if (WIFSIGNALED(status))
		die(err_failure(), 0, "%s: killed by signal %d", program,
		    WTERMSIG(status));
	if (WEXITSTATUS(status) != 0) {
		wipe_free(text, len);
		exit(err_failure());
	}
	decode(r, text, len, program);
	free(found);
}
