/*
 * Exchanges two names as fast as it can: usage
 *
 *	swaps A B
 *
 * until SIGTERM comes; then says how often, with both as they were.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t over;

static void
on_term(int sig)
{
	(void)sig;
	over = 1;
}

int
main(int argc, char *argv[])
{
	unsigned long n = 0;

	if (argc != 3 || signal(SIGTERM, on_term) == SIG_ERR)
		return 2;
	while (!over || n % 2) {
		if (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2],
			      RENAME_EXCHANGE) != 0) {
			perror("swaps");
			return 1;
		}
		n++;
	}
	printf("%lu\n", n);
	return 0;
}
