/*
 * The pure core of kexec.  Promise: exit 0 only on a parsed Success.
 */
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

static const char no_json[] = "status that is no JSON";

void
session_init(struct session *s, bool forward_stdin)
{
	memset(s, 0, sizeof *s);
	s->in = forward_stdin ? SESSION_STDIN_OPEN : SESSION_STDIN_OFF;
	s->channel = -1;
}

void
session_no_stderr(struct session *s)
{
	s->ended |= 1U << CHANNEL_STDERR;
}

/* The verdict becomes a fault, with this text. */
static void
spoil(struct session *s, const char *text)
{
	verdict_free(&s->verdict);
	s->verdict.kind = VERDICT_FAULT;
	s->verdict.code = EXIT_UNKNOWN;
	s->verdict.message = xstrdup(text);
	s->state = SESSION_JUDGED;
}

static bool
is_blank(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\n' &&
		    bytes[i] != '\r')
			return false;
	}
	return true;
}

/*
 * Follows the braces of len more bytes of the status.  Returns whether they
 * close an object that they, or earlier ones, opened.
 */
static bool
closes(struct session *s, const unsigned char *bytes, size_t len)
{
	bool closed = false;

	for (size_t i = 0; i < len; i++) {
		if (s->in_string) {
			s->in_string = s->escaped || bytes[i] != '"';
			s->escaped = !s->escaped && bytes[i] == '\\';
		} else if (bytes[i] == '"') {
			s->in_string = true;
		} else if (bytes[i] == '{') {
			s->depth++;
		} else if (bytes[i] == '}' && s->depth > 0) {
			closed = --s->depth == 0;
		}
	}
	return closed;
}

/*
 * The status may come in pieces.  It can only be whole when an object closes;
 * then it is tried, and what is no JSON waits for more.
 */
static void
take_status(struct session *s, const unsigned char *bytes, size_t len)
{
	struct verdict v;

	if (s->state == SESSION_JUDGED) {
		if (s->verdict.kind != VERDICT_FAULT && !is_blank(bytes, len))
			spoil(s, "more than one status");
		return;
	}
	if (len == 0)
		return;
	if (len > SESSION_STATUS_MAX - s->status_len) {
		spoil(s, "status is too long");
		return;
	}
	s->status = xrealloc(s->status, s->status_len + len);
	memcpy(s->status + s->status_len, bytes, len);
	s->status_len += len;
	if (!closes(s, bytes, len))
		return;
	v = status_verdict(s->status, s->status_len);
	if (v.kind == VERDICT_NONE)
		return;
	s->verdict = v;
	s->state = SESSION_JUDGED;
}

int
session_data(struct session *s, int channel, const unsigned char *bytes,
	     size_t len, const unsigned char **data, size_t *data_len)
{
	switch (channel) {
	case CHANNEL_STDOUT:
	case CHANNEL_STDERR:
		if (len == 0)
			return -1;
		s->received += len;
		*data = bytes;
		*data_len = len;
		return channel;
	case CHANNEL_STATUS:
		take_status(s, bytes, len);
		return -1;
	default:
		return -1;
	}
}

int
session_message(struct session *s, bool first, const unsigned char *bytes,
		size_t len, const unsigned char **data, size_t *data_len)
{
	if (first)
		s->channel = -1;
	if (s->channel < 0) {
		if (len == 0)
			return -1;
		s->channel = *bytes++;
		len--;
	}
	return session_data(s, s->channel, bytes, len, data, data_len);
}

void
session_channel_end(struct session *s, int channel, bool cut)
{
	const unsigned outputs = 1U << CHANNEL_STDOUT | 1U << CHANNEL_STDERR,
		       all = outputs | 1U << CHANNEL_STATUS;
	unsigned bit;

	if (channel == CHANNEL_STDIN && cut)
		session_stdin_done(s);
	if (channel < CHANNEL_STDOUT || channel > CHANNEL_STATUS)
		return;
	bit = 1U << channel;
	/* the streams that are left are broken off behind the verdict, and
	 * those that have ended may be */
	if (cut && bit & outputs & ~s->ended && s->state == SESSION_RUNNING)
		spoil(s, channel == CHANNEL_STDOUT ? "stdout was broken off"
						   : "stderr was broken off");
	s->ended |= bit;
	if (channel == CHANNEL_STATUS && s->state == SESSION_RUNNING)
		spoil(s, s->status_len > 0 ? no_json : "no status");
	if (s->state == SESSION_JUDGED && (s->ended & all) == all)
		s->state = SESSION_ENDED;
}

bool
session_wants_stdin(const struct session *s)
{
	return s->state == SESSION_RUNNING && s->in == SESSION_STDIN_OPEN;
}

void
session_sent(struct session *s, size_t n)
{
	s->sent += n;
}

void
session_stdin_done(struct session *s)
{
	if (s->in == SESSION_STDIN_OPEN)
		s->in = SESSION_STDIN_DONE;
}

void
session_end(struct session *s, const char *how)
{
	if (s->state == SESSION_ENDED)
		return;
	if (s->state == SESSION_RUNNING) {
		if (s->status_len > 0)
			spoil(s, no_json);
		else
			spoil(s, how);
	}
	s->state = SESSION_ENDED;
}

void
session_free(struct session *s)
{
	free(s->status);
	verdict_free(&s->verdict);
	memset(s, 0, sizeof *s);
}
