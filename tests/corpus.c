/*
 * Runs a fuzz target on the inputs that are kept, without a fuzzer: linked with
 * tests/fuzz/NAME.c it is NAME's replay, a test that says TAP.
 *
 *	replay                  the files of tests/fuzz/corpus/NAME, and those
 *	                        packed in tests/fuzz/corpus/NAME.pack
 *	replay --pack DIR       packs the files of DIR, to stdout
 *	replay --unpack DIR     and back into DIR, from stdin
 *	replay --one            the input on stdin
 *
 * A pack is, for each input, its size in decimal, a newline, its bytes and a
 * newline. An input that crashes is written to stdout as a comment in hex.
 */
#include <dirent.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20 };

static unsigned char input[MOST];
static size_t input_size;

static int
fault(const char *what)
{
	printf("Bail out! %s\n", what);
	return EXIT_FAILURE;
}

/* The input is the only thing that tells how to repeat it. */
static void
crashed(int sig)
{
	static const char hex[] = "0123456789abcdef";
	char c[2];

	(void)!write(STDOUT_FILENO, "# crashed on ", 13);
	for (size_t i = 0; i < input_size; i++) {
		c[0] = hex[input[i] >> 4];
		c[1] = hex[input[i] & 15];
		(void)!write(STDOUT_FILENO, c, 2);
	}
	(void)!write(STDOUT_FILENO, "\n", 1);
	signal(sig, SIG_DFL);
	raise(sig);
}

/* A block of its own size, so that what reads beyond it is found out. */
static int
run(void *arg)
{
	unsigned char *copy = malloc(input_size ? input_size : 1);
	int *count = arg;

	if (!copy)
		return -1;
	memcpy(copy, input, input_size);
	LLVMFuzzerTestOneInput(copy, input_size);
	free(copy);
	++*count;
	return 0;
}

static int
pack(void *arg)
{
	(void)arg;
	printf("%zu\n", input_size);
	fwrite(input, 1, input_size, stdout);
	return putchar('\n') == EOF ? -1 : 0;
}

static int
unpack(void *arg)
{
	static unsigned number;
	char name[4096];
	FILE *f;

	snprintf(name, sizeof name, "%s/pack-%04u", (const char *)arg,
		 number++);
	f = fopen(name, "wb");
	if (!f)
		return -1;
	fwrite(input, 1, input_size, f);
	return fclose(f);
}

/* Each file of the folder dir into input; returns -1 when one cannot be read,
 * or each fails. */
static int
each_file(const char *dir, int (*each)(void *), void *arg)
{
	struct dirent **list;
	int n = scandir(dir, &list, NULL, alphasort), rc = n < 0 ? -1 : 0;

	for (int i = 0; i < n; i++) {
		char name[4096];
		FILE *f;

		snprintf(name, sizeof name, "%s/%s", dir, list[i]->d_name);
		if (list[i]->d_name[0] != '.' && rc == 0) {
			f = fopen(name, "rb");
			rc = f ? 0 : -1;
			input_size = f ? fread(input, 1, MOST, f) : 0;
			if (f)
				fclose(f);
			if (rc == 0)
				rc = each(arg);
		}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	return rc;
}

static int
each_packed(FILE *f, int (*each)(void *), void *arg)
{
	int got;

	while ((got = fscanf(f, "%zu", &input_size)) == 1) {
		if (getc(f) != '\n' || input_size > MOST ||
		    fread(input, 1, input_size, f) != input_size ||
		    getc(f) != '\n' || each(arg) != 0)
			return -1;
	}
	return got == EOF && !ferror(f) ? 0 : -1;
}

static int
replay(const char *name)
{
	const char *tests = getenv("KPIPE_TESTS");
	char path[4096];
	int files = 0, packed = 0;
	FILE *f;

	signal(SIGABRT, crashed);
	signal(SIGSEGV, crashed);
	signal(SIGBUS, crashed);
	signal(SIGFPE, crashed);
	setvbuf(stdout, NULL, _IOLBF, 0);
	snprintf(path, sizeof path, "%s/fuzz/corpus/%s",
		 tests ? tests : "tests", name);
	if (access(path, F_OK) == 0 && each_file(path, run, &files) != 0)
		return fault("a file of the corpus cannot be read");
	printf("ok 1 - %s: %d files\n", name, files);
	strncat(path, ".pack", sizeof path - strlen(path) - 1);
	f = fopen(path, "rb");
	if (f && each_packed(f, run, &packed) != 0)
		return fault("the pack is broken");
	if (f)
		fclose(f);
	printf("ok 2 - %s: %d packed inputs\n", name, packed);
	puts("1..2");
	return EXIT_SUCCESS;
}

static int
one(void)
{
	int count = 0;

	input_size = fread(input, 1, MOST, stdin);
	return ferror(stdin) || run(&count) != 0 ? fault("cannot be read")
						 : EXIT_SUCCESS;
}

int
main(int argc, char *argv[])
{
	if (argc == 3 && strcmp(argv[1], "--pack") == 0)
		return each_file(argv[2], pack, NULL) == 0
			   ? EXIT_SUCCESS
			   : fault("cannot pack");
	if (argc == 3 && strcmp(argv[1], "--unpack") == 0)
		return each_packed(stdin, unpack, argv[2]) == 0
			   ? EXIT_SUCCESS
			   : fault("cannot unpack");
	if (argc == 2 && strcmp(argv[1], "--one") == 0)
		return one();
	return replay(NAME);
}
