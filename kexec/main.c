/*
 * kexec: stdin and stdout of a command in a pod.  Options, credentials,
 * connection, session, exit status; each step has a file of its own.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/api.h"
#include "lib/creds.h"
#include "lib/err.h"
#include "lib/io.h"
#include "lib/kubeopts.h"
#include "lib/mem.h"
#include "lib/record.h"

#include "opts.h"
#include "pump.h"
#include "report.h"
#include "session.h"
#include "signals.h"
#include "status.h"
#include "stream.h"
#include "tty.h"

/* Says what there is to say about the verdict; the exit code. */
static int
conclude(const struct session *s, const struct opts *o, const char *name)
{
	const struct verdict *v = &s->verdict;

	switch (v->kind) {
	case VERDICT_EXITED:
		break;
	case VERDICT_FAILED:
		warn(0, "%s: %s", name, v->message);
		break;
	case VERDICT_NONE:
	case VERDICT_FAULT:
		warn(0, "%s: exit status unknown: %s", name,
		     v->message ? v->message : "no status");
		return EXIT_UNKNOWN;
	}
	if (o->verbose)
		warn(0, "%s: exit status %d, %llu bytes sent, %llu received",
		     name, v->code, (unsigned long long)s->sent,
		     (unsigned long long)s->received);
	return v->code;
}

/* What --status-fd is to say about the end of the pump. */
static void
report_pumped(struct report *r, const struct session *s, enum pump_end end,
	      int errnum)
{
	static const enum report_end ends[] = {
	    [PUMP_ENDED] = REPORT_UNKNOWN,
	    [PUMP_READER_GONE] = REPORT_READER_GONE,
	    [PUMP_SIGNAL] = REPORT_SIGNAL,
	    [PUMP_STDIN] = REPORT_STDIN,
	    [PUMP_STDOUT] = REPORT_STDOUT,
	    [PUMP_STDERR] = REPORT_STDERR};
	enum report_end how = ends[end];
	const char *message = NULL;

	if (end == PUMP_SIGNAL) {
		message = strsignal(errnum);
	} else if (end != PUMP_ENDED) {
		message = strerror(errnum);
	} else {
		message = s->verdict.message;
		if (s->verdict.kind == VERDICT_EXITED)
			how = REPORT_EXITED;
		else if (s->verdict.kind == VERDICT_FAILED)
			how = REPORT_FAILED;
	}
	report_result(r, how, message, s->sent, s->received);
}

/* What is not to be left in memory. */
struct secrets {
	int argc;
	char **argv;
	struct record record;
	struct api api;
};

static void
forget(int status, void *arg)
{
	struct secrets *s = arg;

	(void)status;
	kubeopts_hide_token(s->argc, s->argv);
	api_free(&s->api);
	record_wipe(&s->record);
	wipe_stack();
}

int
main(int argc, char *argv[])
{
	static const int heard[] = {SIGHUP, SIGINT, SIGTERM, SIGUSR1, 0};
	struct opts o;
	struct secrets secrets = {.argc = argc, .argv = argv};
	struct session s;
	struct signals signals;
	struct display display;
	struct report *report;
	struct transport *t;
	struct tty tty;
	enum pump_end end;
	char *name, *words;
	size_t words_len;
	int closed, code = EXIT_UNKNOWN, errnum = 0;

	err_init("kexec", EXIT_UNKNOWN);
	if (on_exit(forget, &secrets) != 0)
		die(EXIT_UNKNOWN, ENOMEM, "memory");
	closed = io_hold_std();
	opts_parse(&o, argc, argv);
	if (closed < 0 || closed & 2)
		die(EXIT_UNKNOWN, EBADF, "stdout");
	display_open(&display, &o.pump.shown);
	signal(SIGPIPE, SIG_IGN);
	signals_defer(&signals, SIGUSR1);
	report = report_open(o.status_fd, o.quiet);
	/* ignored, it would take kconf's status away */
	signal(SIGCHLD, SIG_DFL);
	if (!o.record) {
		words = kubeopts_words(&o.kube, &words_len);
		kubeopts_hide_token(argc, argv);
		creds_resolve(&secrets.record, "kexec", words, words_len);
	} else {
		kubeopts_hide_token(argc, argv);
		creds_read(&secrets.record, o.record);
	}
	if (!o.target.namespace)
		o.target.namespace =
		    xstrdup(secrets.record.namespace ? secrets.record.namespace
						     : "default");
	t = stream_open(&o, &secrets.record, &secrets.api, report, &name);
	record_wipe(&secrets.record);

	/* until here a signal just ends us, and kconf with us */
	signals_open(&signals, o.tty ? tty_signals : heard);
	o.pump.name = name;
	o.pump.quiet = o.quiet;
	o.pump.stdin_closed = closed & 1;
	o.pump.stderr_closed = closed & 4;
	session_init(&s, !o.no_stdin);
	if (o.tty) {
		session_no_stderr(&s);
		tty_open(&tty);
		o.pump.tty = &tty;
	}
	end = pump_run(t, &s, &signals, &o.pump, &display, &errnum);
	if (o.tty) {
		tty_restore();
		/* a hang-up, whichever of its signs came first */
		if ((end == PUMP_STDIN || end == PUMP_STDOUT) &&
		    errnum == EIO) {
			end = PUMP_SIGNAL;
			errnum = SIGHUP;
		}
	}
	report_pumped(report, &s, end, errnum);
	switch (end) {
	case PUMP_ENDED:
		code = conclude(&s, &o, name);
		if (close(STDOUT_FILENO) != 0) {
			errnum = errno;
			warn(errnum, "stdout");
			report_pumped(report, &s, PUMP_STDOUT, errnum);
			code = EXIT_UNKNOWN;
		}
		break;
	case PUMP_READER_GONE:
		/* as a program does that writes to a pipe nobody reads */
		t->ops->close(t);
		report_exit(report, 128 + SIGPIPE);
		signals_die(SIGPIPE);
	case PUMP_SIGNAL:
		if (o.verbose)
			warn(0, "%s: exit status unknown: %s", name,
			     strsignal(errnum));
		t->ops->close(t);
		report_exit(report, 128 + errnum);
		signals_die(errnum);
	case PUMP_STDIN:
		warn(errnum, "stdin");
		break;
	case PUMP_STDOUT:
		warn(errnum, "stdout");
		break;
	case PUMP_STDERR:
		warn(errnum, "stderr");
		break;
	}
	t->ops->close(t);
	signals_close(&signals);
	session_free(&s);
	target_free(&o.target);
	kubeopts_free(&o.kube);
	free(name);
	exit(code);
}
