/*
 * The one poll loop.  Each turn asks of every descriptor only what there is
 * room or data for: that is all of the back-pressure there is.  A stalled
 * reader or remote kills nothing; silence counts only while we listen.
 */
#include "pump.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/err.h"
#include "lib/io.h"
#include "lib/wire.h"

#include "bucket.h"

enum {
	STDOUT_BYTES = 262144,
	STDERR_BYTES = 65536,
	/* a server that has told the verdict is waited for no longer */
	LINGER_MS = 5000,
	/* an answer to a ping may take this long */
	PONG_MS = 60000,
	/* what a signal leaves the command to end, and its output to arrive */
	GRACE_MS = 2000,
	/* stdin that is not taken for so long, or for half of the idle
	 * timeout, is worth a word */
	STUCK_MS = 30000,
	/* a write to a disk, or a read of stdin, that took longer than this was
	 * no time in which we listened */
	AWAY_MS = 1000
};

static const char lost[] = "the server no longer answers";

struct pump {
	struct transport *t;
	struct session *s;
	const struct signals *signals;
	const struct pump_opts *o;
	struct sink out, err;
	int stopped;       /* the signal that asked for an end, 0 none */
	int64_t stop_at;   /* and when that comes; -1 */
	int64_t listening; /* since when we listen without a pause; -1 not */
	int64_t pinged;
	/* when bytes of stdin, stdout or stderr, or the verdict, last came */
	int64_t moved;
	uint64_t moved_bytes;
	bool warned; /* that stdin is stuck */
	struct bucket sending, receiving;
	bool may_send, may_receive;
	int64_t flow_at; /* when a bucket opens again; -1 */
	struct display *display;
	enum session_state moved_state;
};

/* Whether both sinks can take something, so that there is use in reading. */
static bool
room(const struct pump *p)
{
	return sink_room(&p->out) > 0 && sink_room(&p->err) > 0;
}

/* Opens the buckets that it is time for. */
static void
flow(struct pump *p, int64_t now)
{
	int64_t in = -1, out = -1;

	p->may_receive = bucket_open(&p->receiving, now, &in);
	p->may_send = bucket_open(&p->sending, now, &out);
	p->flow_at = in < 0 || (out >= 0 && out < in) ? out : in;
}

/* Whether there is use in reading from the connection. */
static bool
receives(const struct pump *p)
{
	return p->may_receive && room(p);
}

/* The earlier of two times, of which -1 is never. */
static int64_t
earlier(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Notes whether anything of the command's has moved. */
static void
note_movement(struct pump *p, int64_t now)
{
	uint64_t bytes = p->s->sent + p->s->received;

	/* what we hold back ourselves is not idle */
	if (bytes == p->moved_bytes && p->s->state == p->moved_state &&
	    p->flow_at < 0)
		return;
	p->moved_bytes = bytes;
	p->moved_state = p->s->state;
	p->moved = now;
}

/*
 * Warns, once, of stdin that the peer does not take while it says nothing, if
 * that may have a meaning.  Returns when to look again, -1 for never.
 */
static int64_t
warn_stuck(struct pump *p, int64_t now)
{
	const struct transport_ops *ops = p->t->ops;
	int64_t wait = STUCK_MS, at;

	if (!ops->stuck || p->o->quiet || p->warned || p->listening < 0 ||
	    !session_wants_stdin(p->s) || !link_sending(&p->t->link))
		return -1;
	if (p->o->idle_timeout > 0 && p->o->idle_timeout / 2 < wait)
		wait = p->o->idle_timeout / 2;
	at = later(later(p->moved, p->t->link.heard), p->listening) + wait;
	if (now < at)
		return at;
	warn(0, "%s: %s", p->o->name, ops->stuck);
	p->warned = true;
	return -1;
}

/*
 * Does what is due at now.  Returns when the next thing is due (-1 never), and
 * ends the session when it has been silent for too long.
 */
static int64_t
timers(struct pump *p, int64_t now)
{
	const struct transport_ops *ops = p->t->ops;
	int64_t next = -1, owed = ops->owed(p->t), at;

	note_movement(p, now);
	if (p->s->state == SESSION_JUDGED) {
		at = later(p->moved, p->listening);
		if (p->listening >= 0 && now - at >= LINGER_MS)
			session_end(p->s, "");
		return p->listening >= 0 ? at + LINGER_MS : -1;
	}
	if (p->o->ping_interval > 0) {
		if (now - p->pinged >= p->o->ping_interval) {
			if (conn_lost(p->t->link.conn))
				session_end(p->s, lost);
			ops->ping(p->t, now);
			p->pinged = now;
		}
		next = earlier(next, p->pinged + p->o->ping_interval);
	}
	if (owed >= 0 && p->listening >= 0) {
		at = later(owed, p->listening);
		if (now - at >= PONG_MS)
			session_end(p->s, lost);
		next = earlier(next, at + PONG_MS);
	}
	if (p->o->idle_timeout > 0) {
		if (now - p->moved >= p->o->idle_timeout)
			session_end(p->s, "idle for too long");
		next = earlier(next, p->moved + p->o->idle_timeout);
	}
	return earlier(next, warn_stuck(p, now));
}

/* Whether stdin may be read: a terminal that others have now may not. */
static bool
readable(const struct pump *p)
{
	return !p->o->tty || tty_ours(p->o->tty);
}

/* Reads stdin into its place in the transport.  Returns 0 or an errno. */
static int
forward_stdin(struct pump *p)
{
	size_t cap = LINK_BODY_BYTES;
	unsigned char *buf = link_body(&p->t->link);
	ssize_t n;

	if (!buf)
		return 0;
	/* a few pieces in a second rather than a large one now and then */
	if (p->o->bwlimit > 0 && cap > p->o->bwlimit / 8 + 1)
		cap = (size_t)(p->o->bwlimit / 8 + 1);
	n = p->o->stdin_closed ? 0 : read(STDIN_FILENO, buf, cap);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : errno;
	if (n == 0 && p->o->tty)
		return EIO;
	if (n > 0) {
		p->t->ops->stdin_put(p->t, (size_t)n);
		session_sent(p->s, (size_t)n);
		bucket_take(&p->sending, (size_t)n);
	} else {
		p->t->ops->stdin_end(p->t);
		session_stdin_done(p->s);
	}
	return 0;
}

/*
 * Takes the signals that have come.  The first that asks for an end is what
 * the end of stdin is: the command is told, and has a little time; a terminal
 * has no such end.
 */
static void
take_signals(struct pump *p)
{
	int sig;

	while ((sig = signals_next(p->signals)) != 0) {
		if (sig == SIGUSR1) {
			display_show(p->display, clock_ms());
			err_draw(NULL);
		}
		if (p->o->tty && tty_signal(p->o->tty, sig))
			continue;
		if (!signals_ends(sig))
			continue;
		p->stop_at = clock_ms();
		if (p->stopped)
			continue;
		p->stopped = sig;
		if (p->o->tty)
			continue;
		p->stop_at += GRACE_MS;
		if (session_wants_stdin(p->s)) {
			p->t->ops->stdin_end(p->t);
			session_stdin_done(p->s);
		}
	}
}

static bool
must_stop(const struct pump *p)
{
	return p->stopped && clock_ms() >= p->stop_at;
}

/* Writes out what has come, and says whether the outputs still work. */
static bool
write_sinks(struct pump *p)
{
	sink_write(&p->out);
	if (sink_pending(&p->err))
		err_undraw();
	sink_write(&p->err);
	/* a stderr that nobody reads is no reason to stop */
	return !p->out.closed && (!p->err.closed || p->err.error == EPIPE);
}

/* Tells the command the size of its terminal, when that is due.  What has not
 * gone out yet is the only one that waits: the next is asked for behind it. */
static void
send_size(struct pump *p)
{
	char text[TTY_SIZE_MAX];
	size_t n;

	if (!p->o->tty || p->s->state != SESSION_RUNNING ||
	    link_sending(&p->t->link))
		return;
	n = tty_size(p->o->tty, text);
	if (n > 0)
		p->t->ops->resize(p->t, text, n);
}

enum { WATCH_SIGNAL, WATCH_OUT, WATCH_ERR, WATCH_NET, WATCH_IN, WATCH_COUNT };

/* As interest, for what is left when there is no connection. */
static void
interest_outputs(const struct pump *p, struct pollfd f[WATCH_NET])
{
	f[WATCH_SIGNAL].events = POLLIN;
	f[WATCH_SIGNAL].fd = p->signals->fd;
	f[WATCH_OUT].events = POLLOUT;
	f[WATCH_OUT].fd = sink_pending(&p->out) ? p->out.fd : -1;
	f[WATCH_ERR].events = POLLOUT;
	f[WATCH_ERR].fd = sink_pending(&p->err) ? p->err.fd : -1;
}

/* Waits until a sink can be written to, and does so, until both are empty. */
static enum pump_end
drain(struct pump *p)
{
	struct pollfd f[WATCH_NET];

	for (;;) {
		if (!write_sinks(p))
			return PUMP_STDOUT;
		if (!sink_pending(&p->out) && !sink_pending(&p->err))
			return PUMP_ENDED;
		if (must_stop(p))
			return PUMP_SIGNAL;
		display_show_due(p->display);
		interest_outputs(p, f);
		if (poll(f, WATCH_NET,
			 clock_left(earlier(p->stop_at, p->display->at))) < 0)
			continue;
		if (f[WATCH_SIGNAL].revents)
			take_signals(p);
	}
}

/* Asks of each descriptor what there is room or data for. */
static void
interest(const struct pump *p, struct pollfd f[WATCH_COUNT])
{
	f[WATCH_NET].events = link_events(&p->t->link, receives(p));
	/* a hang-up would be reported over and over */
	f[WATCH_NET].fd = f[WATCH_NET].events ? conn_fd(p->t->link.conn) : -1;
	f[WATCH_IN].events = POLLIN;
	f[WATCH_IN].fd = session_wants_stdin(p->s) && p->may_send &&
				 link_body(&p->t->link) && readable(p)
			     ? STDIN_FILENO
			     : -1;
	interest_outputs(p, f);
}

static enum pump_end
loop(struct pump *p, int *errnum)
{
	struct pollfd f[WATCH_COUNT];
	bool heard = true; /* the first messages may be there already */
	int64_t woke = clock_ms();
	bool gathers;

	while (p->s->state != SESSION_ENDED) {
		int64_t now, due;

		flow(p, clock_ms());
		if (heard && receives(p)) {
			uint64_t before = p->s->received;

			heard = transport_receive(p->t, p->s, &p->out,
						  &p->err) == RECEIVED_FULL;
			bucket_take(&p->receiving, p->s->received - before);
			flow(p, clock_ms());
		}
		if (!write_sinks(p))
			return PUMP_STDOUT;
		if (heard && receives(p)) {
			/* it may never wait */
			take_signals(p);
			if (must_stop(p))
				return PUMP_SIGNAL;
			display_show_due(p->display);
			continue;
		}
		now = clock_ms();
		if (!receives(p))
			p->listening = -1;
		else if (p->listening < 0)
			p->listening = now;
		if (now - woke >= AWAY_MS) {
			/* what came meanwhile is heard before it is missed */
			p->listening = p->listening < 0 ? -1 : now;
			heard = true;
			woke = now;
			continue;
		}
		if (must_stop(p))
			return PUMP_SIGNAL;
		display_show_due(p->display);
		due = earlier(timers(p, now), p->stop_at);
		due = earlier(earlier(due, p->display->at), p->flow_at);
		if (p->s->state == SESSION_ENDED)
			break;
		if (p->o->stdin_closed && session_wants_stdin(p->s))
			(void)forward_stdin(p);
		if (!readable(p))
			due = earlier(due, now + TTY_LOOK_MS);
		send_size(p);
		interest(p, f);
		gathers = room(p) && wire_gathers(conn_wire(p->t->link.conn));
		if (gathers)
			due = earlier(due, now + WIRE_GATHER_MS);
		if (poll(f, WATCH_COUNT, clock_left(due)) < 0)
			f[WATCH_NET].revents = f[WATCH_IN].revents =
			    f[WATCH_SIGNAL].revents = 0;
		woke = clock_ms();
		if (f[WATCH_NET].fd >= 0 && f[WATCH_NET].revents) {
			if (link_sending(&p->t->link))
				link_send(&p->t->link);
			heard = true;
		}
		heard |= gathers;
		if (f[WATCH_SIGNAL].revents)
			take_signals(p);
		if (f[WATCH_IN].fd >= 0 && f[WATCH_IN].revents &&
		    session_wants_stdin(p->s) && readable(p)) {
			*errnum = forward_stdin(p);
			if (*errnum != 0)
				return PUMP_STDIN;
		}
	}
	return PUMP_ENDED;
}

enum pump_end
pump_run(struct transport *t, struct session *s, const struct signals *signals,
	 const struct pump_opts *o, struct display *display, int *errnum)
{
	struct pump p = {.t = t,
			 .s = s,
			 .signals = signals,
			 .o = o,
			 .display = display,
			 .stop_at = -1,
			 .listening = -1};
	enum pump_end end;

	io_grow_pipe(STDOUT_FILENO);
	sink_init(&p.out, STDOUT_FILENO, STDOUT_BYTES);
	sink_init(&p.err, STDERR_FILENO, STDERR_BYTES);
	if (o->escaped)
		sink_escape(&p.err);
	p.pinged = p.moved = clock_ms();
	bucket_init(&p.sending, o->bwlimit, p.moved);
	bucket_init(&p.receiving, o->bwlimit, p.moved);
	display_start(p.display, o->shown.progress, s, p.moved);
	if (o->stderr_closed) {
		p.err.closed = true;
		p.err.error = EPIPE;
	}
	end = loop(&p, errnum);
	if (end == PUMP_ENDED)
		end = drain(&p);
	if (end == PUMP_STDOUT) {
		*errnum = p.out.closed ? p.out.error : p.err.error;
		if (!p.out.closed)
			end = PUMP_STDERR;
		else if (*errnum == EPIPE)
			end = PUMP_READER_GONE;
	}
	if (end == PUMP_SIGNAL)
		*errnum = p.stopped;
	display_end(p.display);
	sink_free(&p.out);
	sink_free(&p.err);
	return end;
}
