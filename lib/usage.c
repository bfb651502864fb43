/*
 * Command lines: what is said about a wrong one, and about a right one.
 */
#include "usage.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "io.h"
#include "mem.h"

void
usage_error(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		die(err_failure(), ENOMEM, "memory");
	va_end(ap);
	die(EXIT_USAGE, 0, "%s (see --help)", text);
}

/* Whether the letter c is one of the cluster of short options at word. */
static bool
in_cluster(const char *word, int c)
{
	return word && word[0] == '-' && word[1] != '-' && strchr(word + 1, c);
}

void
usage_bad_option(int c, char *const argv[])
{
	const char *word = argv[optind - 1];
	/* behind an unknown name there may be a secret, "--tokn=..." */
	const int name = (int)strcspn(word, "=");

	/* optopt is 0 for a long name that is unknown or ambiguous */
	if (c == ':' && word[0] == '-' && word[1] == '-')
		usage_error("%s: needs an argument", word);
	if (c == ':')
		usage_error("-%c: needs an argument", optopt);
	/* a long option that has a letter too, and was given a value */
	if (optopt > 0 && word[0] == '-' && word[1] == '-' &&
	    strchr(word, '=') && !in_cluster(argv[optind], optopt))
		usage_error("%s: takes no argument", word);
	if (optopt > 0 && optopt < 256)
		usage_error("-%c: unknown option", optopt);
	if (optopt != 0)
		usage_error("%s: takes no argument", word);
	usage_error("%.*s: unknown option", name, word);
}

void
usage_print(const char *text)
{
	if (fputs(text, stdout) == EOF || io_finish_stdout() != 0)
		die(err_failure(), errno, "stdout");
	exit(0);
}
