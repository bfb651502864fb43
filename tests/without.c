/*
 * Runs a command in a world without some system calls: usage
 *
 *	without CALL[,CALL...] ENOSYS|EPERM|EINVAL|EXDEV COMMAND [ARG...]
 *
 * The calls fail with that error, as on an old kernel, another file system or
 * under a container's filter.  The call seccomp takes what prctl(2) can do of
 * it along.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <seccomp.h>

static int
number_of(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} error[] = {{"ENOSYS", ENOSYS},
		     {"EPERM", EPERM},
		     {"EINVAL", EINVAL},
		     {"EXDEV", EXDEV}};

	for (size_t i = 0; i < sizeof error / sizeof *error; i++)
		if (strcmp(name, error[i].name) == 0)
			return error[i].number;
	return -1;
}

static int
hide(scmp_filter_ctx filter, const char *name, uint32_t action)
{
	int call = seccomp_syscall_resolve_name(name), rc;

	if (call == __NR_SCMP_ERROR)
		return -1;
	rc = seccomp_rule_add(filter, action, call, 0);
	if (rc == 0 && strcmp(name, "seccomp") == 0)
		rc = seccomp_rule_add(filter, action, SCMP_SYS(prctl), 1,
				      SCMP_A0_64(SCMP_CMP_EQ, PR_SET_SECCOMP,
						 0));
	return rc;
}

int
main(int argc, char *argv[])
{
	int errnum = argc > 3 ? number_of(argv[2]) : -1;
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	char *rest;

	if (errnum < 0 || !filter) {
		fprintf(stderr, "usage: without CALL[,...] ERROR COMMAND\n");
		return 2;
	}
	for (char *name = strtok_r(argv[1], ",", &rest); name;
	     name = strtok_r(NULL, ",", &rest)) {
		if (hide(filter, name, SCMP_ACT_ERRNO((unsigned)errnum)) == 0)
			continue;
		fprintf(stderr, "without: cannot hide %s\n", name);
		return 2;
	}
	if (seccomp_load(filter) != 0) {
		fprintf(stderr, "without: cannot hide %s\n", argv[1]);
		return 2;
	}
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return 2;
}
