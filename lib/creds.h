#ifndef LIB_CREDS_H
#define LIB_CREDS_H

#include <stddef.h>

#include "record.h"

/*
 * Reads a record that was made before from file.  Ends the process with
 * err_failure() and one line when that fails.
 */
void creds_read(struct record *r, const char *file);

/*
 * Runs kconf, the one beside this program or else the one on PATH (tool is the
 * name of this program, behind a prefix that the two share), with the len bytes
 * of options at words (kubeopts_words), which are wiped and freed, and reads
 * its record.  The options travel on a pipe, since one of them may be a token.
 * Ends the process with err_failure() when that fails; kconf itself has then
 * said why.
 */
void creds_resolve(struct record *r, const char *tool, char *words, size_t len);

#endif
