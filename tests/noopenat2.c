/*
 * Runs a command in a world without openat2(2): usage
 *
 *	noopenat2 ENOSYS|EPERM COMMAND [ARG...]
 *
 * The call fails with that error, as on an old kernel or under a container's
 * filter.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <seccomp.h>

int
main(int argc, char *argv[])
{
	int errnum = argc > 1 && strcmp(argv[1], "EPERM") == 0 ? EPERM : ENOSYS;
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (argc < 3 || !filter ||
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO((unsigned)errnum),
			     SCMP_SYS(openat2), 0) != 0 ||
	    seccomp_load(filter) != 0) {
		fprintf(stderr, "noopenat2: cannot hide openat2\n");
		return 2;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 2;
}
