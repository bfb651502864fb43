/*
 * Owns stderr.  A message is formatted, escaped and written by one write(2),
 * so that the lines of two tools in a pipe do not mix.
 */
#include "err.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* a line; and the text before it is escaped and cut, a long name and more; and
 * what is drawn, with its name */
enum {
	LINE_MAX_BYTES = 8192,
	RAW_BYTES = 72 << 10,
	DRAW_BYTES = 256,
	DRAW_NAME_BYTES = 32
};

static const char *program = "kpipe";
static int failure_status = 255;
/* how long the line is that was drawn, by whomever */
static _Atomic unsigned own_drawn;
static _Atomic unsigned *drawn = &own_drawn;
static const char *drawn_as; /* NULL: by the tool's name */
static volatile sig_atomic_t raw_terminal;

/* Ends a line; returns the length of that, at most 2. */
static size_t
end_line(char *end)
{
	size_t n = 0;

	if (raw_terminal)
		end[n++] = '\r';
	end[n++] = '\n';
	return n;
}

void
err_init(const char *name, int failure)
{
	program = name;
	failure_status = failure;
}

void
err_raw(bool raw)
{
	raw_terminal = raw;
}

int
err_failure(void)
{
	return failure_status;
}

/*
 * Length of the well-formed UTF-8 sequence at s (RFC 3629), 0 if it is not
 * well formed or if it codes a control: C1, line and paragraph separator, the
 * bidirectional marks, embeddings, overrides and isolates.
 */
static size_t
printable_utf8(const unsigned char *s, size_t len)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t c;
	size_t n, i;

	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		n = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		n = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (len < n)
		return 0;
	c = s[0] & (0xffu >> (n + 1));
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	if (c < 0xa0 || c == 0x061c || c == 0x200e || c == 0x200f ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
		return 0;
	return n;
}

/* Writes the escape of one byte that must not be shown; returns its length. */
static size_t
escape_byte(char buf[5], unsigned char c)
{
	if (c == '\n' || c == '\t' || c == '\r') {
		buf[0] = '\\';
		buf[1] = c == '\n' ? 'n' : c == '\t' ? 't' : 'r';
		return 2;
	}
	return (size_t)snprintf(buf, 5, "\\%03o", c);
}

/* As err_escape; *took is how much of the input there was room for. */
static size_t
escape(char *out, size_t cap, const void *in, size_t len, size_t *took)
{
	const unsigned char *s = in;
	size_t i, n, used = 0;
	char buf[5];

	*took = 0;
	if (cap == 0)
		return 0;
	for (i = 0; i < len; i += n) {
		const char *piece = (const char *)s + i;
		size_t size;

		n = size = 1;
		if (s[i] == '\\') {
			piece = "\\\\";
			size = 2;
		} else if (s[i] >= 0x20 && s[i] < 0x7f) {
			;
		} else if ((n = size = printable_utf8(s + i, len - i)) == 0) {
			n = 1;
			size = escape_byte(buf, s[i]);
			piece = buf;
		}
		if (used + size >= cap)
			break;
		memcpy(out + used, piece, size);
		used += size;
	}
	out[used] = '\0';
	*took = i;
	return used;
}

size_t
err_escape(char *out, size_t cap, const void *in, size_t len)
{
	size_t took;

	return escape(out, cap, in, len, &took);
}

/* The text of a message, escaped.  The cause is at its end, so what has no
 * room is cut out of the middle. */
static size_t
compose(char *out, size_t cap, const char *text, size_t len)
{
	size_t took, used = escape(out, cap, text, len, &took);
	size_t tail = cap / 8;

	if (took == len)
		return used;
	used = err_escape(out, cap / 2 - 3, text, len);
	memcpy(out + used, "...", 3);
	used += 3;
	/* four bytes for one at most: it fits */
	return used +
	       err_escape(out + used, cap - used, text + len - tail, tail);
}

static void
put(const char *line, size_t len)
{
	/* nobody is left to tell when stderr itself fails */
	while (write(STDERR_FILENO, line, len) < 0 && errno == EINTR)
		;
}

bool
err_draws(void)
{
	static int draws = -1;
	const char *term;

	if (draws < 0) {
		term = getenv("TERM");
		draws = isatty(STDERR_FILENO) && term && *term &&
			strcmp(term, "dumb") != 0;
	}
	return draws;
}

void
err_share(_Atomic unsigned *length, const char *name)
{
	drawn = length;
	drawn_as = name;
}

/* Copies s to out, at most most bytes; returns how many. */
static size_t
copy(char *out, const char *s, size_t most)
{
	size_t n = strlen(s);

	if (n > most)
		n = most;
	memcpy(out, s, n);
	return n;
}

/* What takes away the line that is drawn; returns the length of that. */
static size_t
blank(char out[DRAW_BYTES + 2])
{
	unsigned n = atomic_exchange(drawn, 0);

	if (n == 0)
		return 0;
	/* another program may have said it */
	if (n > DRAW_BYTES)
		n = DRAW_BYTES;
	out[0] = '\r';
	memset(out + 1, ' ', n);
	out[n + 1] = '\r';
	return n + 2;
}

void
err_undraw(void)
{
	char line[DRAW_BYTES + 2];
	size_t n = blank(line);
	int saved = errno;

	if (n > 0)
		put(line, n);
	errno = saved;
}

void
err_draw(const char *text)
{
	struct pollfd p = {STDERR_FILENO, POLLOUT, 0};
	bool over = err_draws();
	char line[2 * DRAW_BYTES];
	size_t n = 0, len;
	int saved = errno;

	if (!text) {
		if (atomic_exchange(drawn, 0) > 0)
			put(line, end_line(line));
	} else if (poll(&p, 1, 0) > 0) {
		if (over)
			line[n++] = '\r';
		n += copy(line + n, drawn_as ? drawn_as : program,
			  DRAW_NAME_BYTES);
		n += copy(line + n, ": ", 2);
		n += copy(line + n, text, DRAW_BYTES - DRAW_NAME_BYTES - 4);
		len = n;
		if (over) {
			size_t before =
			    atomic_exchange(drawn, (unsigned)len - 1) + 1;

			/* blanks, and no escape sequence, over a longer one */
			while (n < before && n < DRAW_BYTES)
				line[n++] = ' ';
		} else {
			n += end_line(line + n);
		}
		put(line, n);
	}
	errno = saved;
}

__attribute__((format(printf, 2, 0))) static void
say(int errnum, const char *fmt, va_list ap)
{
	char raw[RAW_BYTES], line[LINE_MAX_BYTES], *more = NULL;
	size_t len, used;
	int n, saved = errno;
	va_list again;

	va_copy(again, ap);
	n = vsnprintf(raw, sizeof raw, fmt, ap);
	len = n < 0 ? 0 : (size_t)n;
	if (len >= sizeof raw)
		more = malloc(len + 1);
	if (more)
		vsnprintf(more, len + 1, fmt, again);
	else if (len >= sizeof raw)
		len = sizeof raw - 1;
	va_end(again);
	used = blank(line);
	used += (size_t)snprintf(line + used, sizeof line - used,
				 "%.64s: ", program);
	/* room for the longest errno text and the newline is kept back */
	used += compose(line + used, sizeof line - used - 256,
			more ? more : raw, len);
	free(more);
	if (errnum != 0) {
		n = snprintf(line + used, sizeof line - used - 2, ": %s",
			     strerror(errnum));
		if (n > 0)
			used += (size_t)n;
	}
	used += end_line(line + used);
	put(line, used);
	errno = saved;
}

void
warn(int errnum, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(errnum, fmt, ap);
	va_end(ap);
}

void
die(int code, int errnum, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(errnum, fmt, ap);
	va_end(ap);
	exit(code);
}
