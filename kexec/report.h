#ifndef KEXEC_REPORT_H
#define KEXEC_REPORT_H

#include <stdint.h>

/*
 * What --status-fd says: one JSON object a line, for a program that wants to
 * know how a session ended.  It never holds a session up: what the reader does
 * not take stays here, and at the end is waited for only shortly.
 */
struct report;

/* How kexec ended; the words for it stand in kexec(1). */
enum report_end {
	REPORT_NO_SESSION,
	REPORT_EXITED,
	REPORT_FAILED,
	REPORT_UNKNOWN,
	REPORT_SIGNAL,
	REPORT_READER_GONE,
	REPORT_STDIN,
	REPORT_STDOUT,
	REPORT_STDERR
};

/* Who is talked to; the strings are borrowed, container may be NULL. */
struct report_peer {
	const char *server, *protocol, *namespace, *pod, *container;
};

/*
 * Starts to report on descriptor fd, which is kept from children; -1 for none,
 * and then nothing here does anything.  Without another word the exit of the
 * process, by exit(3) or by a signal that asks for an end, is reported as
 * REPORT_NO_SESSION and REPORT_SIGNAL.  quiet: no warnings.  It lives as long
 * as the process.
 */
struct report *report_open(int fd, int quiet);

/* Reports that the session is open. */
void report_connected(struct report *r, const struct report_peer *peer);

/*
 * What is to be reported when the process ends: message, of which a copy is
 * taken, is what the server or the system said, or NULL.
 */
void report_result(struct report *r, enum report_end end, const char *message,
		   uint64_t sent, uint64_t received);

/* Reports the end now, with this exit code: for a death that exit(3) does not
 * see. */
void report_exit(struct report *r, int code);

#endif
