/*
 * What a filter has moved, drawn by signal handlers.
 */
#include "meter.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "clock.h"
#include "err.h"
#include "line.h"
#include "progress.h"

/* A handler gets no argument. */
static struct {
	struct progress progress;
	struct line own, *line;
	sigset_t signals;
	uint64_t bytes, files; /* that are not in the line yet */
	struct expect expect;
	int line_fd;
	bool draws;
} meter;

static void
draw(int64_t now)
{
	char text[PROGRESS_LINE_BYTES];

	meter.progress.expected = expect_bytes(&meter.expect);
	(void)progress_files_line(&meter.progress, text, line_bytes(meter.line),
				  meter.line->files, now);
	err_draw(text);
}

static void
tick(int sig)
{
	int saved = errno;
	int64_t now = clock_ms();

	if (sig == SIGUSR1) {
		draw(now);
		err_draw(NULL);
	} else if (line_due(meter.line, now)) {
		draw(now);
	} else {
		/* another program has drawn it */
		progress_note(&meter.progress, line_bytes(meter.line), now);
	}
	errno = saved;
}

/* Has tick called for sig, in the time for signals. */
static void
take(int sig)
{
	struct sigaction act = {.sa_handler = tick, .sa_flags = SA_RESTART};

	sigfillset(&act.sa_mask);
	sigaddset(&meter.signals, sig);
	(void)sigaction(sig, &act, NULL);
}

int
meter_start(const struct meter_opts *o, const char **what)
{
	struct itimerval every = {0};
	struct sigaction old;
	int64_t pause = line_pause();

	sigemptyset(&meter.signals);
	meter.line = &meter.own;
	meter.line_fd = -1;
	meter.expect = o->expect;
	*what = o->line;
	if (o->line && (!(meter.line = line_open(o->line, &meter.line_fd)) ||
			(o->progress && !line_enter(meter.line_fd))))
		return -1;
	*what = o->expect.file;
	if (expect_open(&meter.expect) != 0)
		return -1;
	line_start(meter.line, clock_ms());
	progress_start(&meter.progress, meter.line->start);
	if (sigaction(SIGUSR1, NULL, &old) != 0 || old.sa_handler != SIG_IGN)
		take(SIGUSR1);
	if (o->progress) {
		meter.draws = true;
		take(SIGALRM);
		(void)sigprocmask(SIG_BLOCK, &meter.signals, NULL);
		every.it_interval.tv_sec = pause / 1000;
		every.it_interval.tv_usec = pause % 1000 * 1000;
		every.it_value = every.it_interval;
		(void)setitimer(ITIMER_REAL, &every, NULL);
	}
	return 0;
}

void
meter_add(uint64_t bytes, uint64_t files)
{
	meter.bytes += bytes;
	meter.files += files;
}

/* Gives what was added to all that have the line. */
static void
publish(void)
{
	meter.line->bytes += meter.bytes;
	meter.line->files += meter.files;
	meter.bytes = meter.files = 0;
}

void
meter_wait(void)
{
	if (!meter.line)
		return;
	publish();
	if (meter.draws)
		(void)sigprocmask(SIG_UNBLOCK, &meter.signals, NULL);
}

void
meter_go(void)
{
	if (meter.draws)
		(void)sigprocmask(SIG_BLOCK, &meter.signals, NULL);
}

void
meter_end(void)
{
	bool last;

	if (!meter.draws)
		return;
	publish();
	/* nothing is left, whatever was said */
	meter.expect = (struct expect){0};
	last = meter.line_fd < 0 || line_leave(meter.line_fd);
	/* of what has not begun there is nothing to say */
	if (meter.line->bytes == 0 && meter.line->files == 0) {
		err_undraw();
		return;
	}
	if (last || (err_draws() && meter.line->held <= 0))
		draw(clock_ms());
	if (last)
		err_draw(NULL);
}
