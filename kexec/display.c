/*
 * The line of --progress.
 */
#include "display.h"

#include <errno.h>

#include "lib/clock.h"
#include "lib/err.h"

void
display_open(struct display *d, const struct display_opts *o)
{
	d->line = NULL;
	d->fd = -1;
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

void
display_show(struct display *d, int64_t now)
{
	char text[PROGRESS_LINE_BYTES];

	d->progress.expected = expect_bytes(&d->expect);
	if (d->line) {
		(void)progress_files_line(&d->progress, text, d->line->bytes,
					  d->line->files, now);
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
	if (!d->line || line_due(d->line, now))
		display_show(d, now);
	else
		/* another program has drawn it */
		progress_note(&d->progress, d->line->bytes, now);
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
