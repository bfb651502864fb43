#ifndef LIB_USAGE_H
#define LIB_USAGE_H

/*
 * What every command line shares: --help, --version and the word that was
 * wrong.  A usage error is one line and ends the process with status 2.
 */

enum { EXIT_USAGE = 2 };

/* Says the formatted text, points at --help and exits 2. */
_Noreturn void usage_error(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));

/*
 * Names the word that made getopt_long return c ('?' or ':', with opterr 0
 * and an optstring that starts with ':' behind any '+'), and exits 2.
 */
_Noreturn void usage_bad_option(int c, char *const argv[]);

/* Prints text on stdout and exits 0, or with err_failure() if it cannot. */
_Noreturn void usage_print(const char *text);

#endif
