#ifndef LIB_FCHMODAT2_H
#define LIB_FCHMODAT2_H

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of Linux 6.6; newer than the headers of Debian 12. */
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

/* As fchmod, for a descriptor with O_PATH, too.  ENOSYS before Linux 6.6. */
static inline int
fchmodat2_fd(int fd, mode_t mode)
{
	return (int)syscall(SYS_fchmodat2, fd, "", mode, AT_EMPTY_PATH);
}

#endif
