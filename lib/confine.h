#ifndef LIB_CONFINE_H
#define LIB_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Giving rights away for good: no new privileges, Landlock (what may be
 * opened and changed) and a seccomp allow-list (no sockets, no exec, no
 * fork, no ptrace).  Call once, with one thread, when everything that lies
 * elsewhere is open and before the first byte of the input is read.  What is
 * not allowed afterwards fails: EACCES for files, EPERM for system calls.
 * Descriptors that are open keep working.
 *
 * All return 0, or a mask of CONFINE_NO_* for what this kernel does not
 * have or a container does not let us use; or -1 with errno when a
 * confinement that is there cannot be put on, and then the tool must not go
 * on.
 *
 * In a build with AddressSanitizer, which reads /proc and starts a tracing
 * process when it looks for leaks, reading files and tracing stay allowed.
 */
enum {
	CONFINE_NO_LANDLOCK = 1,
	CONFINE_NO_SECCOMP = 2,
};

/* Most trees that confine_swap takes. */
enum { CONFINE_TREES = 16 };

/*
 * For a tool that makes files beneath the directory dir (any descriptor of
 * it, O_PATH too), and touches nothing else.  With dir -1 no file at all can
 * be opened.  It has no more than 128 descriptors, no other process, and
 * leaves no core file.  Into the directory aside it may move what is beneath
 * dir, and make directories for that; -1: there is none.  with is a mask of
 * what it may do besides.
 */
enum {
	CONFINE_WITH_NODES = 1, /* make devices and FIFOs in dir */
	CONFINE_WITH_ATTRS = 2, /* set attributes of what it has opened */
};

int confine_unpack(int dir, int aside, unsigned with);

/*
 * For a process that renames directories in parent and removes the n trees
 * (directories opened for reading or with O_PATH), and reads no file.  Of
 * parent it needs no more than that directories in it come and go, but where
 * Landlock has it, this holds for all that is beneath.
 */
int confine_swap(int parent, const int *trees, size_t n);

/* For a tool that reads any file and changes none; it may go on to start
 * threads, which have the same rights, with threads. */
int confine_pack(bool threads);

#endif
