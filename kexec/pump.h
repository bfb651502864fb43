#ifndef KEXEC_PUMP_H
#define KEXEC_PUMP_H

#include "display.h"
#include "session.h"
#include "signals.h"
#include "transport.h"
#include "tty.h"

/* Times are milliseconds; 0 for never. */
struct pump_opts {
	int ping_interval;
	int idle_timeout;
	const char *name; /* what the command runs in, for warnings */
	bool quiet;       /* no warnings */
	struct display_opts shown;
	uint64_t bwlimit;   /* bytes in a second each way, 0 for no limit */
	bool stdin_closed;  /* nothing to read: it ends at once */
	bool stderr_closed; /* what comes for stderr is dropped */
	bool escaped;       /* it is escaped as messages are */
	struct tty *tty;    /* what stdin and stdout are, or NULL */
};

enum pump_end {
	PUMP_ENDED,       /* the session ended; its verdict counts */
	PUMP_READER_GONE, /* nobody reads our stdout any more */
	PUMP_SIGNAL,      /* a signal ended it; errnum says which */
	PUMP_STDIN,       /* stdin could not be read; errnum says why */
	PUMP_STDOUT,      /* stdout could not be written */
	PUMP_STDERR       /* stderr could not be written */
};

/*
 * Moves bytes between stdin, stdout, stderr and t until the session s has
 * ended and all that came for stdout and stderr is written, or until it
 * cannot go on; display, which was opened, shows how far it is.  *errnum is the
 * cause for PUMP_STDIN, PUMP_STDOUT and PUMP_STDERR, and the signal for
 * PUMP_SIGNAL.
 *
 * A signal that asks for an end (signals_ends) ends stdin, and for a short
 * grace the session may still end as it wants to; a second one ends it now.
 * On a terminal the first one does: its end of stdin would only cut off what
 * the command still says, as a runtime takes it.  For that reason a terminal
 * that hangs up is no end of stdin either, but EIO.
 */
enum pump_end pump_run(struct transport *t, struct session *s,
		       const struct signals *signals, const struct pump_opts *o,
		       struct display *display, int *errnum);

#endif
