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
	if (!o->line)
		return;
	d->line = line_open(o->line, &d->fd);
	if (!d->line || (o->progress && !line_enter(d->fd)))
		die(err_failure(), errno, "%s", o->line);
	/* who asks for a password now has the terminal */
	d->line->held++;
}

void
display_start(struct display *d, const struct display_opts *o,
	      const struct session *s, int64_t now)
{
	d->session = s;
	progress_start(&d->progress, now);
	d->progress.expected = o->expected;
	if (d->line) {
		d->line->held--;
		line_start(d->line, now);
		d->progress.start = d->progress.mark = d->line->start;
		if (o->expected > 0)
			d->line->expected = o->expected;
	}
	d->at = o->progress ? now + line_pause() : -1;
}

void
display_show(struct display *d, int64_t now)
{
	char text[PROGRESS_LINE_BYTES];

	if (d->line) {
		d->progress.expected = d->line->expected;
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
	if (last || (err_draws() && d->line->held <= 0))
		display_show(d, clock_ms());
	if (last)
		err_draw(NULL);
}
