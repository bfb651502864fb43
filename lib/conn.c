/*
 * TLS by OpenSSL on a non-blocking socket or tunnel; the only includer of
 * libssl. Everything secret comes from memory and nothing is asked on a
 * terminal.
 */
#include "conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "clock.h"
#include "dial.h"
#include "mem.h"
#include "record.h"
#include "tunnel.h"
#include "url.h"
#include "wire.h"

struct conn {
	int fd;
	struct tunnel *tunnel; /* owns fd; NULL where that is the stream */
	struct wire *wire;
	BIO_METHOD *method; /* of the wire, for TLS */
	SSL *ssl;           /* NULL for plain */
	short read_events, write_events;
	char fault[256];
};

/* The first entry of OpenSSL's queue, in its own words. */
static const char *
ssl_reason(void)
{
	unsigned long e = ERR_get_error();
	const char *text = e ? ERR_reason_error_string(e) : NULL;

	ERR_clear_error();
	return text ? text : "TLS error";
}

/* An encrypted key is an error, not a question. */
static int
no_passphrase(char *buf, int size, int writing, void *arg)
{
	(void)buf, (void)size, (void)writing, (void)arg;
	return 0;
}

static BIO *
open_pem(const char *pem)
{
	/* a view of the text, no copy */
	return BIO_new_mem_buf(pem, -1);
}

/* Adds every certificate of the PEM text to the store.  Returns how many. */
static int
trust(X509_STORE *store, const char *pem)
{
	BIO *bio = open_pem(pem);
	X509 *cert;
	int n = 0;

	while (bio && (cert = PEM_read_bio_X509(bio, NULL, no_passphrase,
						NULL)) != NULL) {
		n += X509_STORE_add_cert(store, cert);
		X509_free(cert);
	}
	BIO_free(bio);
	ERR_clear_error();
	return n;
}

/* The client's certificate, those that follow it, and the key. */
static const char *
identify(SSL_CTX *ctx, const char *cert_pem, const char *key_pem)
{
	BIO *bio = open_pem(cert_pem);
	X509 *cert = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
	EVP_PKEY *key = NULL;
	const char *fault = NULL;

	if (!cert || SSL_CTX_use_certificate(ctx, cert) != 1) {
		fault = "client certificate: no certificate in it";
		goto out;
	}
	X509_free(cert);
	while ((cert = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL)) !=
	       NULL) {
		/* takes the certificate over */
		if (SSL_CTX_add0_chain_cert(ctx, cert) != 1)
			X509_free(cert);
	}
	BIO_free(bio);
	bio = open_pem(key_pem);
	key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	if (!key)
		fault = "client key: no unencrypted key in it";
	else if (SSL_CTX_use_PrivateKey(ctx, key) != 1)
		fault = "client key: does not fit the certificate";
out:
	EVP_PKEY_free(key);
	X509_free(cert);
	BIO_free(bio);
	ERR_clear_error();
	return fault;
}

static SSL_CTX *
make_context(const struct record *r, char *why, size_t cap)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	const char *fault = NULL;

	if (!ctx) {
		snprintf(why, cap, "%s", ssl_reason());
		return NULL;
	}
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1)
		fault = "TLS 1.2 cannot be asked for";
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
				  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	/* one connection, so no session is ever resumed */
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	if (!r->insecure) {
		SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
		/* as Go: whatever is in the CA data is trusted, a root or not
		 */
		X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ctx),
					    X509_V_FLAG_PARTIAL_CHAIN);
		if (!r->ca && SSL_CTX_set_default_verify_paths(ctx) != 1)
			fault = "the system's authorities cannot be read";
		else if (r->ca &&
			 trust(SSL_CTX_get_cert_store(ctx), r->ca) == 0)
			fault = "certificate authority: no certificate in it";
	}
	if (!fault && r->cert && r->key)
		fault = identify(ctx, r->cert, r->key);
	if (fault) {
		snprintf(why, cap, "%s", fault);
		SSL_CTX_free(ctx);
		return NULL;
	}
	return ctx;
}

static bool
is_address(const char *host)
{
	unsigned char a[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, a) == 1 ||
	       inet_pton(AF_INET6, host, a) == 1;
}

/*
 * Whose certificate it must be; as Go, the common name counts for nothing.
 * Returns false when that cannot be asked for, and then nothing is checked.
 */
static bool
expect(SSL *ssl, const char *name)
{
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
				   X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	if (is_address(name))
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl),
						     name) == 1;
	return SSL_set_tlsext_host_name(ssl, name) == 1 &&
	       SSL_set1_host(ssl, name) == 1;
}

/* Why the handshake failed. */
static void
explain(const struct conn *c, int ssl_error, int saved, char *why, size_t cap)
{
	long verify = SSL_get_verify_result(c->ssl);
	unsigned long e = ERR_peek_error();

	if (verify != X509_V_OK &&
	    SSL_get_verify_mode(c->ssl) != SSL_VERIFY_NONE)
		snprintf(why, cap, "certificate: %s",
			 X509_verify_cert_error_string(verify));
	else if (ERR_GET_REASON(e) == SSL_R_WRONG_VERSION_NUMBER ||
		 ERR_GET_REASON(e) == SSL_R_HTTP_REQUEST)
		snprintf(why, cap, "the server does not speak TLS");
	else if (ssl_error == SSL_ERROR_SYSCALL && e == 0)
		snprintf(why, cap, "TLS: %s",
			 saved ? strerror(saved) : "connection closed");
	else if (ERR_GET_REASON(e) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		snprintf(why, cap, "TLS: connection closed");
	else
		snprintf(why, cap, "TLS: %s", ssl_reason());
	ERR_clear_error();
}

static int
handshake(struct conn *c, int64_t deadline, char *why, size_t cap)
{
	for (;;) {
		struct pollfd p = {c->fd, 0, 0};
		int rc, e, n;

		errno = 0;
		rc = SSL_connect(c->ssl);
		if (rc == 1)
			return 0;
		n = errno;
		e = SSL_get_error(c->ssl, rc);
		if (e == SSL_ERROR_WANT_READ) {
			p.events = POLLIN;
		} else if (e == SSL_ERROR_WANT_WRITE) {
			p.events = POLLOUT;
		} else {
			explain(c, e, n, why, cap);
			return -1;
		}
		n = poll(&p, 1, clock_left(deadline));
		if (n == 0 || (n < 0 && errno != EINTR)) {
			snprintf(why, cap, "TLS: %s",
				 n == 0 ? strerror(ETIMEDOUT)
					: strerror(errno));
			return -1;
		}
	}
}

/* What a call of the wire means to OpenSSL. */
static int
bio_result(BIO *b, ssize_t n, int flag)
{
	BIO_clear_retry_flags(b);
	if (n < 0 && errno == EAGAIN)
		BIO_set_flags(b, flag | BIO_FLAGS_SHOULD_RETRY);
	return (int)n;
}

static int
bio_read(BIO *b, char *buf, int n)
{
	ssize_t got = wire_recv(BIO_get_data(b), buf, (size_t)n);

	if (got == 0)
		BIO_set_flags(b, BIO_FLAGS_IN_EOF);
	return bio_result(b, got, BIO_FLAGS_READ);
}

static int
bio_write(BIO *b, const char *buf, int n)
{
	return bio_result(b, wire_send(BIO_get_data(b), buf, (size_t)n),
			  BIO_FLAGS_WRITE);
}

static long
bio_ctrl(BIO *b, int what, long n, void *arg)
{
	(void)n, (void)arg;
	if (what == BIO_CTRL_EOF)
		return BIO_test_flags(b, BIO_FLAGS_IN_EOF) != 0;
	if (what == BIO_CTRL_FLUSH)
		return bio_result(b, wire_flush(BIO_get_data(b)),
				  BIO_FLAGS_WRITE) == 0;
	return 0;
}

/* Lays TLS on the wire. */
static bool
set_wire(struct conn *c)
{
	BIO *b = NULL;

	c->method =
	    BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "wire");
	if (c->method && BIO_meth_set_read(c->method, bio_read) == 1 &&
	    BIO_meth_set_write(c->method, bio_write) == 1 &&
	    BIO_meth_set_ctrl(c->method, bio_ctrl) == 1)
		b = BIO_new(c->method);
	if (!b)
		return false;
	BIO_set_data(b, c->wire);
	BIO_set_init(b, 1);
	/* takes it over, for both directions */
	SSL_set_bio(c->ssl, b, b);
	return true;
}

struct conn *
conn_open(const struct url *u, const struct record *r, int64_t deadline,
	  char *why, size_t cap)
{
	struct conn *c;
	SSL_CTX *ctx = NULL;

	if (u->tls) {
		ctx = make_context(r, why, cap);
		if (!ctx)
			return NULL;
	}
	c = xmalloc(sizeof *c);
	memset(c, 0, sizeof *c);
	c->read_events = POLLIN;
	c->write_events = POLLOUT;
	c->fd = r->proxy_url ? tunnel_open(&c->tunnel, r, u, deadline, why, cap)
			     : dial(u->host, u->port, deadline, why, cap);
	if (c->fd < 0)
		goto fail;
	c->wire = wire_new(c->fd, c->tunnel);
	if (u->tls) {
		c->ssl = SSL_new(ctx);
		if (!c->ssl || !set_wire(c) ||
		    !expect(c->ssl, r->tls_server_name ? r->tls_server_name
						       : u->name)) {
			snprintf(why, cap, "%s", ssl_reason());
			goto fail;
		}
		if (handshake(c, deadline, why, cap) != 0)
			goto fail;
	}
	SSL_CTX_free(ctx);
	return c;
fail:
	SSL_CTX_free(ctx);
	conn_close(c);
	return NULL;
}

/* What an unfinished or failed call of OpenSSL means. */
static ssize_t
ssl_result(struct conn *c, int rc, int saved, short *events, short usual)
{
	switch (SSL_get_error(c->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		*events = POLLIN;
		return CONN_AGAIN;
	case SSL_ERROR_WANT_WRITE:
		*events = POLLOUT;
		return CONN_AGAIN;
	case SSL_ERROR_ZERO_RETURN:
		snprintf(c->fault, sizeof c->fault, "connection closed");
		return CONN_END;
	case SSL_ERROR_SYSCALL:
		snprintf(c->fault, sizeof c->fault, "%s",
			 saved ? strerror(saved) : "connection cut");
		break;
	default:
		/* an end of TCP without the end of TLS: nothing was promised,
		 * and the status alone decides what it means */
		if (ERR_GET_REASON(ERR_peek_error()) ==
		    SSL_R_UNEXPECTED_EOF_WHILE_READING) {
			ERR_clear_error();
			snprintf(c->fault, sizeof c->fault, "connection cut");
			return CONN_END;
		}
		snprintf(c->fault, sizeof c->fault, "TLS: %s", ssl_reason());
		break;
	}
	*events = usual;
	ERR_clear_error();
	return CONN_FAILED;
}

static ssize_t
plain_result(struct conn *c, ssize_t n)
{
	if (n > 0)
		return n;
	if (n == 0) {
		snprintf(c->fault, sizeof c->fault, "connection closed");
		return CONN_END;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return CONN_AGAIN;
	snprintf(c->fault, sizeof c->fault, "%s", strerror(errno));
	return CONN_FAILED;
}

ssize_t
conn_read(struct conn *c, void *buf, size_t n)
{
	int rc;

	c->read_events = POLLIN;
	if (!c->ssl)
		return plain_result(c, wire_recv(c->wire, buf, n));
	errno = 0;
	rc = SSL_read(c->ssl, buf, n > 1 << 20 ? 1 << 20 : (int)n);
	return rc > 0 ? rc : ssl_result(c, rc, errno, &c->read_events, POLLIN);
}

/* Into the wire's buffer, a TLS record at a time. */
static ssize_t
put(struct conn *c, const unsigned char *buf, size_t n)
{
	size_t done = 0;
	int rc;

	if (!c->ssl)
		return plain_result(c, wire_send(c->wire, buf, n));
	do {
		errno = 0;
		rc = SSL_write(c->ssl, buf + done,
			       n - done > 1 << 20 ? 1 << 20 : (int)(n - done));
		if (rc > 0)
			done += (size_t)rc;
	} while (rc > 0 && done < n);
	if (done == 0)
		return ssl_result(c, rc, errno, &c->write_events, POLLOUT);
	/* what stopped it will be met again */
	ERR_clear_error();
	return (ssize_t)done;
}

ssize_t
conn_write(struct conn *c, const void *buf, size_t n)
{
	ssize_t done;

	c->write_events = POLLOUT;
	done = put(c, buf, n);
	return done > 0 && conn_flush(c) == CONN_FAILED ? CONN_FAILED : done;
}

int
conn_flush(struct conn *c)
{
	if (wire_flush(c->wire) == 0)
		return 0;
	return (int)plain_result(c, -1);
}

bool
conn_pending(const struct conn *c)
{
	return wire_pending(c->wire);
}

const char *
conn_fault(const struct conn *c)
{
	return c->fault;
}

int
conn_fd(const struct conn *c)
{
	return c->fd;
}

short
conn_read_events(const struct conn *c)
{
	return c->read_events;
}

short
conn_write_events(const struct conn *c)
{
	return c->write_events;
}

struct wire *
conn_wire(const struct conn *c)
{
	return c->wire;
}

bool
conn_lost(const struct conn *c)
{
	return dial_lost(c->fd);
}

void
conn_close(struct conn *c)
{
	if (!c)
		return;
	if (c->ssl) {
		SSL_shutdown(c->ssl);
		SSL_free(c->ssl);
	}
	BIO_meth_free(c->method);
	wire_free(c->wire);
	if (c->tunnel)
		tunnel_close(c->tunnel);
	else if (c->fd >= 0)
		close(c->fd);
	free(c);
}
