/*
 * The one file that knows libwebsockets: a vhost that is given accepted
 * sockets, raw with TLS, and the loop's descriptor as a raw file.
 *
 * A connection that has said its last word is not closed at once: what the
 * client still sends would turn the close into a reset, which can overtake the
 * last bytes.  It is shut down for writing and read to its end, for some
 * seconds at most.
 */
#include "net.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/sockios.h>

#include <libwebsockets.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>

#include "lib/base64.h"
#include "lib/err.h"
#include "lib/mem.h"

#include "conn.h"
#include "listen.h"

enum {
	WRITE_BYTES = 16384,
	WRITES = 8,
	LINGER_SECONDS = 5,
	READ_BYTES = 65536
};

struct link {
	struct lws *wsi;
	struct conn *conn; /* NULL: nothing more to say */
	bool paused, established;
};

struct server {
	struct conn_shared shared;
	struct lws_context *context;
	struct lws_vhost *vhost;
	struct watch signals, listener;
	bool ends;
};

void
link_write_later(struct link *l)
{
	lws_callback_on_writable(l->wsi);
}

void
link_pause(struct link *l, bool pause)
{
	l->paused = pause;
	lws_rx_flow_control(l->wsi, !pause);
}

bool
link_common_name(struct link *l, char *name, size_t size)
{
	union lws_tls_cert_info_results verified;
	struct {
		union lws_tls_cert_info_results r;
		char more[256];
	} cn;

	memset(&cn, 0, sizeof(cn));
	if (!lws_get_ssl(l->wsi) ||
	    lws_tls_peer_cert_info(l->wsi, LWS_TLS_CERT_INFO_VERIFIED,
				   &verified, 0) != 0 ||
	    !verified.verified ||
	    lws_tls_peer_cert_info(l->wsi, LWS_TLS_CERT_INFO_COMMON_NAME, &cn.r,
				   sizeof(cn.more)) != 0 ||
	    (size_t)cn.r.ns.len >= size)
		return false;
	memcpy(name, cn.r.ns.name, (size_t)cn.r.ns.len);
	name[cn.r.ns.len] = '\0';
	return true;
}

char *
net_accept(const char *key)
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	unsigned char digest[20];
	char *text = xasprintf("%s%s", key, guid);
	char *out = xmalloc(BASE64_ROOM(sizeof(digest)));

	SHA1((unsigned char *)text, strlen(text), digest);
	base64_encode(out, digest, sizeof(digest));
	free(text);
	return out;
}

/* Resets the connection as soon as the client's side has all that was sent, so
 * that only what comes from the client is lost. */
static void
reset(struct link *l)
{
	struct sockaddr none = {.sa_family = AF_UNSPEC};
	int fd = lws_get_socket_fd(l->wsi), left;

	if (ioctl(fd, SIOCOUTQ, &left) == 0 && left > 0) {
		link_write_later(l);
		return;
	}
	conn_free(l->conn);
	l->conn = NULL;
	connect(fd, &none, sizeof(none));
}

/* The last word: with TLS's own goodbye, or as a connection that is cut. */
static void
end(struct link *l, bool orderly)
{
	SSL *ssl = lws_get_ssl(l->wsi);

	conn_free(l->conn);
	l->conn = NULL;
	if (orderly && ssl)
		SSL_shutdown(ssl);
	shutdown(lws_get_socket_fd(l->wsi), SHUT_WR);
	if (l->paused)
		link_pause(l, false);
	lws_set_timeout(l->wsi, PENDING_TIMEOUT_USER_REASON_BASE,
			LINGER_SECONDS);
}

/* Sends what there is, as long as the socket takes it whole.  Returns -1 when
 * the connection is broken. */
static int
send_on(struct link *l)
{
	struct queue *q;
	int i;

	for (i = 0; i < WRITES && l->conn; i++) {
		size_t n;

		q = conn_output(l->conn);
		if (q->len == 0) {
			enum conn_next next = conn_next(l->conn);

			if (next == CONN_RESETS)
				reset(l);
			else if (next != CONN_STAYS)
				end(l, next == CONN_ENDS);
			return 0;
		}
		n = q->len < WRITE_BYTES ? q->len : WRITE_BYTES;
		if (lws_write(l->wsi, (unsigned char *)queue_peek(q), n,
			      LWS_WRITE_RAW) < 0)
			return -1;
		conn_sent(l->conn, n);
		if (lws_send_pipe_choked(l->wsi))
			break;
	}
	link_write_later(l);
	return 0;
}

static int
on_socket(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	  void *in, size_t len)
{
	struct link *l = user;
	struct server *s;

	switch ((int)reason) {
	case LWS_CALLBACK_RAW_ADOPT:
		s = lws_context_user(lws_get_context(wsi));
		memset(l, 0, sizeof(*l));
		l->wsi = wsi;
		l->conn = conn_new(&s->shared, l);
		return 0;
	case LWS_CALLBACK_RAW_RX:
		if (!l->conn)
			return 0;
		/* The library's limit for the TLS handshake runs on. */
		if (!l->established)
			lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);
		l->established = true;
		conn_input(l->conn, in, len);
		return 0;
	case LWS_CALLBACK_RAW_WRITEABLE:
		return l->conn ? send_on(l) : 0;
	case LWS_CALLBACK_RAW_CLOSE:
		if (l && l->conn)
			conn_free(l->conn);
		if (l)
			l->conn = NULL;
		return 0;
	default:
		/* A client certificate that nobody signed is no reason to hang
		 * up: the request will be answered with 401. */
		return 0;
	}
}

static int
on_loop(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
	size_t len)
{
	(void)user;
	(void)in;
	(void)len;
	if ((int)reason == LWS_CALLBACK_RAW_RX_FILE) {
		struct server *s = lws_context_user(lws_get_context(wsi));

		loop_turn(s->shared.loop);
	}
	return 0;
}

static void
on_signal(struct watch *w, uint32_t events)
{
	struct server *s = w->owner;
	struct signalfd_siginfo info;

	(void)events;
	if (read(w->fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGCHLD) {
		conn_children(&s->shared);
	} else {
		s->ends = true;
		lws_cancel_service(s->context);
	}
}

static void
on_connection(struct watch *w, uint32_t events)
{
	struct server *s = w->owner;
	lws_sock_file_fd_type fd;

	(void)events;
	/* What cannot be adopted is closed by the library. */
	while ((fd.sockfd = listen_accept(w->fd)) >= 0)
		lws_adopt_descriptor_vhost(s->vhost,
					   LWS_ADOPT_SOCKET |
					       LWS_ADOPT_ALLOW_SSL,
					   fd, "socket", NULL);
}

static void
catch_signals(struct server *s)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	s->signals.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (s->signals.fd < 0)
		die(err_failure(), errno, "signalfd");
	s->signals.ready = on_signal;
	s->signals.owner = s;
	loop_set(s->shared.loop, &s->signals, EPOLLIN);
}

static void
say(int level, const char *line)
{
	(void)level;
	warn(0, "libwebsockets: %.*s", (int)strcspn(line, "\n"), line);
}

/* The vhost of c, which the library needs to know how TLS is done. */
static void
open_vhost(struct server *s, const struct config *c)
{
	static const struct lws_protocols protocols[] = {
	    {"socket", on_socket, sizeof(struct link), READ_BYTES, 0, NULL, 0},
	    {"loop", on_loop, 0, 0, 0, NULL, 0},
	    {NULL, NULL, 0, 0, 0, NULL, 0}};
	struct lws_context_creation_info info = {
	    .port = CONTEXT_PORT_NO_LISTEN_SERVER,
	    .protocols = protocols,
	    .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
	    .gid = (gid_t)-1,
	    .uid = (uid_t)-1,
	    .pt_serv_buf_size = READ_BYTES,
	    /* A name that nobody offers, so that HTTP/2 is never agreed on. */
	    .alpn = "none",
	    .user = s};

	if (!c->plain) {
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		info.ssl_cert_filepath = c->cert;
		info.ssl_private_key_filepath = c->key;
	}
	if (!c->plain && c->client_ca) {
		info.options |=
		    LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT |
		    LWS_SERVER_OPTION_PEER_CERT_NOT_REQUIRED;
		info.ssl_ca_filepath = c->client_ca;
	}
	lws_set_log_level(LLL_ERR, say);
	s->context = lws_create_context(&info);
	s->vhost = s->context ? lws_create_vhost(s->context, &info) : NULL;
	if (!s->vhost)
		die(err_failure(), 0, "%s: cannot serve with it",
		    c->plain ? "libwebsockets" : c->cert);
	/* From here on it only speaks of clients that hang up. */
	lws_set_log_level(0, say);
}

void
net_serve(const struct config *c, void (*listening)(int port, void *arg),
	  void *arg)
{
	struct server s = {.shared = {.config = c, .loop = loop_new()}};
	lws_sock_file_fd_type fd;
	int port = c->port;

	s.listener.owner = &s;
	s.listener.ready = on_connection;
	s.listener.fd = listen_on(c->address, &port);
	if (s.listener.fd < 0)
		die(err_failure(), errno, "%s port %d", c->address, port);
	open_vhost(&s, c);
	/* The library closes what it was given. */
	fd.filefd = dup(loop_fd(s.shared.loop));
	if (fd.filefd < 0 ||
	    !lws_adopt_descriptor_vhost(s.vhost, LWS_ADOPT_RAW_FILE_DESC, fd,
					"loop", NULL))
		die(err_failure(), 0, "cannot watch the loop");
	catch_signals(&s);
	loop_set(s.shared.loop, &s.listener, EPOLLIN);
	listening(port, arg);
	while (!s.ends && lws_service(s.context, 0) >= 0)
		continue;
	lws_context_destroy(s.context);
	loop_close(s.shared.loop, &s.listener);
	loop_close(s.shared.loop, &s.signals);
	loop_free(s.shared.loop);
}
