#ifndef KCONF_PROGRAM_H
#define KCONF_PROGRAM_H

struct arena;

/*
 * Where in PATH the command is, in a; a command with a slash in it is a path
 * already.  NULL and an errno where there is none: EACCES when it was found in
 * a directory that is not absolute.
 */
const char *program_find(struct arena *a, const char *command);

#endif
