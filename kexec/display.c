/*
 * The line of --progress.
 */
#include "display.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/err.h"

void
display_open(struct display *d, const struct display_opts *o)
{
	d->line = NULL;
	d->fd = -1;
	d->carried = 0;
	d->waiting = 0;
	d->expect = o->expect;
	if (expect_open(&d->expect) != 0)
		die(err_failure(), errno, "%s", d->expect.file);
	if (!o->line)
		return;
	d->line = line_open(o->line, &d->fd);
	if (!d->line || (o->progress && !line_enter(d->fd)))
		die(err_failure(), errno, "%s", o->line);
	/* who asks for a password now has the terminal */
	d->line->held++;
}

void
display_start(struct display *d, bool progress, const struct session *s,
	      int64_t now)
{
	d->session = s;
	progress_start(&d->progress, now);
	if (d->line) {
		d->line->held--;
		line_start(d->line, now);
		d->progress.start = d->progress.mark = d->line->start;
	}
	d->at = progress ? now + line_pause() : -1;
}

/* Tells the line what of the bytes that others have counted has been sent. */
static void
carry(struct display *d)
{
	uint64_t sent = d->session->sent;
	int left;

	if (d->at < 0 || ioctl(STDIN_FILENO, FIONREAD, &left) != 0)
		left = 0;
	d->line->carried += sent - d->carried;
	d->line->waiting += left - d->waiting;
	d->carried = sent;
	d->waiting = left;
}

void
display_show(struct display *d, int64_t now)
{
	char text[PROGRESS_LINE_BYTES];

	d->progress.expected = expect_bytes(&d->expect);
	if (d->line) {
		carry(d);
		(void)progress_files_line(&d->progress, text,
					  line_bytes(d->line), d->line->files,
					  now);
	} else {
		(void)progress_line(&d->progress, text, d->session->sent,
				    d->session->received, now);
	}
	err_draw(text);
}

void
display_show_due(struct display *d)
{
	int64_t now;

	if (d->at < 0 || (now = clock_ms()) < d->at)
		return;
	if (!d->line || line_due(d->line, now)) {
		display_show(d, now);
	} else {
		/* another program has drawn it */
		carry(d);
		progress_note(&d->progress, line_bytes(d->line), now);
	}
	d->at = now + line_pause();
}

void
display_end(struct display *d)
{
	bool last;

	if (d->at < 0)
		return;
	last = !d->line || line_leave(d->fd);
	/* nothing of it is left, whatever was said */
	if (d->line)
		d->expect = (struct expect){0};
	if (last || (err_draws() && d->line->held <= 0))
		display_show(d, clock_ms());
	if (last)
		err_draw(NULL);
}
