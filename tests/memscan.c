/*
 * What is left in the memory of a program when it ends, whichever way it
 * does: it is traced, and looked through at the stop before its end, when
 * nothing of it runs any more.
 *
 * usage: memscan PIECES REPORT CMD...
 *
 * PIECES has a name, a blank and some bytes in each line; REPORT gets a line
 * for each place where such bytes are: name, part of memory, address.  Exit:
 * that of CMD, or 128 and the signal; 99 when it cannot be done.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_PIECES = 256, LINE_BYTES = 4096, FAILED = 99 };

struct piece {
	char name[64];
	char bytes[256];
	size_t len;
};

struct scan {
	struct piece piece[MAX_PIECES];
	size_t n;
	FILE *maps, *mem_file, *report;
	int mem;
};

static _Noreturn void
fail(const char *what)
{
	printf("memscan: %s: %s\n", what, strerror(errno));
	exit(FAILED);
}

static void
read_pieces(struct scan *s, const char *path)
{
	char line[LINE_BYTES];
	FILE *f = fopen(path, "r");

	if (!f)
		fail(path);
	while (s->n < MAX_PIECES && fgets(line, sizeof line, f)) {
		struct piece *p = &s->piece[s->n];

		if (sscanf(line, "%63s %255s", p->name, p->bytes) != 2)
			continue;
		p->len = strlen(p->bytes);
		s->n++;
	}
	fclose(f);
}

static void
look(const struct scan *s, const char *what, unsigned long start,
     unsigned long end)
{
	size_t size = end - start, have = 0;
	char *buf = malloc(size);

	if (!buf)
		fail("memory");
	while (have < size) {
		ssize_t n = pread(s->mem, buf + have, size - have,
				  (off_t)(start + have));

		if (n <= 0)
			break;
		have += (size_t)n;
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct piece *p = &s->piece[i];
		const char *at = buf;

		while ((at = memmem(at, have - (size_t)(at - buf), p->bytes,
				    p->len))) {
			fprintf(s->report, "%s %s 0x%lx\n", p->name, what,
				start + (unsigned long)(at - buf));
			at++;
		}
	}
	free(buf);
}

static void
look_everywhere(struct scan *s)
{
	char line[LINE_BYTES];
	size_t parts = 0;

	rewind(s->maps);
	while (fgets(line, sizeof line, s->maps)) {
		char mode[5], what[256] = "anonymous";
		unsigned long start, end;

		if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %255s", &start, &end,
			   mode, what) < 3 ||
		    mode[0] != 'r' || what[1] == 'v')
			continue;
		look(s, what, start, end);
		parts++;
	}
	if (parts == 0)
		fail("no memory is left");
}

static FILE *
open_of(pid_t pid, const char *name)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	f = fopen(path, "r");
	if (!f)
		fail(path);
	return f;
}

/* Behind exec: what is open then stays so, even when it closes itself to
 * others. */
static void
open_memory(struct scan *s, pid_t pid)
{
	if (s->maps) {
		fclose(s->maps);
		fclose(s->mem_file);
	}
	s->maps = open_of(pid, "maps");
	s->mem_file = open_of(pid, "mem");
	s->mem = fileno(s->mem_file);
}

/* Until its end; returns the status that wait(2) has. */
static int
trace(struct scan *s, pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		fail("exec");
	open_memory(s, pid);
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL,
		   (void *)(long)(PTRACE_O_TRACEEXIT | PTRACE_O_TRACEEXEC |
				  PTRACE_O_EXITKILL)) != 0)
		fail("ptrace");
	for (long sig = 0;;) {
		if (ptrace(PTRACE_CONT, pid, NULL, (void *)sig) != 0 ||
		    waitpid(pid, &status, 0) != pid)
			fail("ptrace");
		if (!WIFSTOPPED(status))
			return status;
		sig = status >> 16 ? 0 : WSTOPSIG(status);
		if (status >> 16 == PTRACE_EVENT_EXEC)
			open_memory(s, pid);
		else if (status >> 16 == PTRACE_EVENT_EXIT)
			look_everywhere(s);
	}
}

int
main(int argc, char *argv[])
{
	static struct scan s;
	pid_t pid;
	int status;

	if (argc < 4)
		return FAILED;
	read_pieces(&s, argv[1]);
	s.report = fopen(argv[2], "we");
	if (!s.report)
		fail(argv[2]);
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execvp(argv[3], argv + 3);
		_exit(FAILED);
	}
	status = trace(&s, pid);
	if (fclose(s.report) != 0)
		fail(argv[2]);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
