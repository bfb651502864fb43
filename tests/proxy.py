#!/usr/bin/env python3
"""Three proxies on 127.0.0.1: http, https (TLS to the proxy) and socks5.

usage: proxy.py PORTS LOG [CERT KEY]

Every name leads to 127.0.0.1 and every IPv6 address to ::1, with the port that
was asked for, so that a client can be told of servers that are nowhere.  PORTS
gets the lines "http N", "https N" (with CERT and KEY) and "socks5 N" when
connections can come.  LOG gets a line for each request, tabs between:

    KIND METHOD HOST:PORT USER:PASSWORD

METHOD is CONNECT, or that of a request in absolute form; "-" is no user.  Ends
with status 0 on SIGTERM.
"""
import base64
import contextlib
import os
import signal
import socket
import ssl
import sys
import threading
import urllib.parse


class Fault(Exception):
    """What the client sent is none of this proxy's business."""


def exactly(conn, n):
    data = b''
    while len(data) < n:
        more = conn.recv(n - len(data))
        if not more:
            raise Fault('cut')
        data += more
    return data


def read_head(conn):
    """The head of a request, to its empty line, and not a byte more."""
    head = b''
    while not head.endswith(b'\r\n\r\n'):
        head += exactly(conn, 1)
        if len(head) > 65536:
            raise Fault('a head without end')
    return head.decode('latin-1')[:-4].split('\r\n')


def reach(host, port):
    """A connection to where the name is said to be."""
    return socket.create_connection(
        ('::1' if ':' in host else '127.0.0.1', port), 5)


def copy(source, sink):
    with contextlib.suppress(OSError, ValueError):
        while True:
            data = source.recv(65536)
            if not data:
                break
            sink.sendall(data)
    with contextlib.suppress(OSError):
        # the socket's own, not SSLSocket's, which would end the reading too:
        # a client behind TLS sees a cut without close_notify
        socket.socket.shutdown(sink, socket.SHUT_WR)


def relay(conn, server):
    conn.settimeout(None)
    server.settimeout(None)
    back = threading.Thread(target=copy, args=(server, conn), daemon=True)
    back.start()
    copy(conn, server)
    back.join()


class Proxy:
    """One listener; note(kind, method, target, user) is told of requests."""

    def __init__(self, kind, note, context=None):
        self.kind = kind
        self.note = note
        self.context = context
        self.listener = socket.create_server(('127.0.0.1', 0), backlog=16)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.loop, daemon=True).start()

    def loop(self):
        while True:
            conn, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(conn,),
                             daemon=True).start()

    def serve(self, conn):
        with contextlib.suppress(OSError, ValueError, Fault):
            conn.settimeout(10)
            if self.context:
                conn = self.context.wrap_socket(conn, server_side=True)
            (self.socks if self.kind == 'socks5' else self.http)(conn)
        with contextlib.suppress(OSError):
            conn.close()

    def http(self, conn):
        head = read_head(conn)
        method, target, _ = head[0].split(' ')
        headers = [line.split(':', 1) for line in head[1:]]
        user = '-'
        for name, value in headers:
            if name.lower() == 'proxy-authorization':
                user = base64.b64decode(value.split()[1]).decode('latin-1')
        if method == 'CONNECT':
            self.note(self.kind, method, target, user)
            url = urllib.parse.urlsplit('//' + target)
        else:
            url = urllib.parse.urlsplit(target)
            self.note(self.kind, method, url.netloc, user)
        try:
            server = reach(url.hostname, url.port or 80)
        except OSError:
            conn.sendall(b'HTTP/1.1 502 Bad Gateway\r\n'
                         b'Content-Length: 0\r\n\r\n')
            return
        with server:
            if method == 'CONNECT':
                conn.sendall(b'HTTP/1.1 200 OK\r\n\r\n')
            else:
                path = url.path + ('?' + url.query if url.query else '')
                kept = ['%s:%s' % (name, value) for name, value in headers
                        if not name.lower().startswith('proxy-')]
                server.sendall('\r\n'.join(
                    ['%s %s HTTP/1.1' % (method, path or '/')] + kept +
                    ['Connection: close', '', '']).encode('latin-1'))
            relay(conn, server)

    def socks(self, conn):
        """RFC 1928, with the passwords of RFC 1929."""
        version, n = exactly(conn, 2)
        ways = exactly(conn, n)
        if version != 5:
            raise Fault('not SOCKS5')
        user = '-'
        if 2 in ways:
            conn.sendall(b'\5\2')
            exactly(conn, 1)
            name = exactly(conn, exactly(conn, 1)[0])
            word = exactly(conn, exactly(conn, 1)[0])
            user = (name + b':' + word).decode('latin-1')
            conn.sendall(b'\1\0')
        else:
            conn.sendall(b'\5\0')
        _, _, _, kind = exactly(conn, 4)
        if kind == 1:
            host = socket.inet_ntop(socket.AF_INET, exactly(conn, 4))
        elif kind == 4:
            host = socket.inet_ntop(socket.AF_INET6, exactly(conn, 16))
        else:
            host = exactly(conn, exactly(conn, 1)[0]).decode('latin-1')
        port = int.from_bytes(exactly(conn, 2), 'big')
        self.note(self.kind, 'CONNECT', '%s:%d' % (
            '[' + host + ']' if ':' in host else host, port), user)
        try:
            server = reach(host, port)
        except OSError:
            conn.sendall(b'\5\5\0\1' + bytes(6))
            return
        with server:
            conn.sendall(b'\5\0\0\1' + bytes(6))
            relay(conn, server)


def proxies(note, certificate=None, key=None):
    """The three as a dict by kind; https only with a certificate."""
    all_of_them = {kind: Proxy(kind, note) for kind in ('http', 'socks5')}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        all_of_them['https'] = Proxy('https', note, context)
    return all_of_them


def main():
    ports, log = sys.argv[1:3]
    # one write a line, so that lines of several threads stay whole
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    made = proxies(lambda *line: os.write(out, (
        '\t'.join(line) + '\n').encode()), *sys.argv[3:5])
    with open(ports + '.new', 'w', encoding='ascii') as f:
        for kind, proxy in made.items():
            f.write('%s %d\n' % (kind, proxy.port))
    os.rename(ports + '.new', ports)
    signal.pause()


if __name__ == '__main__':
    main()
