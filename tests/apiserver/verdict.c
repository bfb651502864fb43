/*
 * Verdicts and how they are told wrongly.  Pure.
 */
#include "verdict.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

#include "status.h"

enum { HUGE_STATUS = 2 << 20 };

static void
put_part(struct wire *w, const char *text, size_t n)
{
	w->ops->put(w, CHANNEL_STATUS, text, n);
}

static void
put_text(struct wire *w, const char *text)
{
	put_part(w, text, strlen(text));
}

static void
put_huge(struct wire *w)
{
	char *padding = xmalloc(HUGE_STATUS + 1), *status;

	memset(padding, 'x', HUGE_STATUS);
	padding[HUGE_STATUS] = '\0';
	status = status_failure(padding);
	put_text(w, status);
	free(status);
	free(padding);
}

static void
put_two(struct wire *w)
{
	static char *const argv[] = {NULL};
	char *good = status_success();
	char *bad = status_exit(STATUS_TRANSLATED, argv, "1");

	put_text(w, good);
	put_text(w, bad);
	free(bad);
	free(good);
}

static void
put_split(struct wire *w, const char *verdict)
{
	size_t n = strlen(verdict), third = n / 3;

	put_part(w, verdict, third);
	put_part(w, verdict + third, third);
	put_part(w, verdict + 2 * third, n - 2 * third);
}

void
verdict_put(struct wire *w, const char *verdict)
{
	static char *const argv[] = {NULL};
	char *made = NULL;

	switch (w->fault->status) {
	case FAULT_STATUS_RIGHT:
		if (verdict)
			put_text(w, verdict);
		break;
	case FAULT_STATUS_NONE:
		break;
	case FAULT_STATUS_SPLIT:
		if (verdict)
			put_split(w, verdict);
		break;
	case FAULT_STATUS_TWO:
		put_two(w);
		break;
	case FAULT_STATUS_BAD:
		put_text(w, "the command has ended well");
		break;
	case FAULT_STATUS_HUGE:
		put_huge(w);
		break;
	case FAULT_STATUS_CODE:
		made =
		    status_exit(STATUS_TRANSLATED, argv, w->fault->exit_code);
		break;
	case FAULT_STATUS_LIE:
		made = status_success();
		break;
	}
	if (made)
		put_text(w, made);
	free(made);
}
