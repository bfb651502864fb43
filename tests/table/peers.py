"""What the rows talk to: the servers of kubediff.py, and proxies to them.

Every host behind a proxy is the one server, whatever its name; what was asked
for is noted as "address".
"""
import base64
import os
import socket
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import kubediff  # noqa: E402


PLUGIN = b'''#!/bin/sh
# notes what it is given, answers with ./answer and ends with $EXIT
printf '%s\\n' "$0" "$@" >words
printf '%s' "$KUBERNETES_EXEC_INFO" >info
printf '%s' "${SET-unset}" >set
cat >stdin
cat answer
exit "${EXIT-0}"
'''
ANSWER = (b'{"kind":"ExecCredential",'
          b'"apiVersion":"client.authentication.k8s.io/v1",'
          b'"status":{"token":"from-plugin"}}')


class Peers(kubediff.Servers):
    """The servers (ports T4, T6, P4, P6) and proxies (HP: HTTP, SP: SOCKS5)
    of one worker; take() gives the first request since."""

    def __init__(self, certs):
        super().__init__(certs)
        self.ports['HP'] = self.proxy(self.http)
        self.ports['SP'] = self.proxy(self.socks)

    def proxy(self, talk):
        listener = socket.socket()
        listener.bind(('127.0.0.1', 0))
        listener.listen(16)
        threading.Thread(target=self.accept, args=(listener, talk),
                         daemon=True).start()
        return listener.getsockname()[1]

    def accept(self, listener, talk):
        while True:
            conn, _ = listener.accept()
            conn.settimeout(5)
            self.sni = None
            try:
                conn = talk(conn) or conn
            except (OSError, ValueError, IndexError):
                pass  # the client says it, and nothing is noted
            finally:
                conn.close()

    def target(self, conn, where):
        """The server itself, behind a proxy."""
        if conn.recv(1, socket.MSG_PEEK) == b'\x16':
            conn = self.tls.wrap_socket(conn, server_side=True)
            self.talk(conn, where, 'https')
        else:
            self.talk(conn, where, 'http')
        return conn

    def http(self, conn):
        """CONNECT, or a request for an absolute URL."""
        head = b''
        while b'\r\n\r\n' not in head:
            head = conn.recv(65536, socket.MSG_PEEK)
            if not head:
                return None
        head = head[:head.index(b'\r\n\r\n') + 4]
        lines = head.decode('latin-1').split('\r\n')
        method, url = lines[0].split(' ')[:2]
        where = 'proxy '
        for line in lines[1:]:
            name, _, value = line.partition(':')
            if name.lower() == 'proxy-authorization':
                kind, _, data = value.strip().partition(' ')
                where = 'proxy %s %s ' % (kind, base64.b64decode(
                    data).decode())
        if method == 'CONNECT':
            conn.recv(len(head))
            conn.sendall(b'HTTP/1.1 200 OK\r\n\r\n')
            return self.target(conn, where + url)
        self.talk(conn, where, 'http')
        return conn

    def take(self):
        note = super().take()
        if note and note['prefix'].startswith('http://'):
            host, slash, path = note['prefix'][7:].partition('/')
            note['prefix'] = slash + path
            note['address'] += host if ':' in host else host + ':80'
        return note

    def socks(self, conn):
        """SOCKS5 (RFC 1928), with user and password (RFC 1929) if offered."""
        def take(n):
            data = b''
            while len(data) < n:
                more = conn.recv(n - len(data))
                if not more:
                    raise OSError('closed')
                data += more
            return data
        methods = take(take(2)[1])
        where = 'socks5 '
        if 2 in methods:
            conn.sendall(b'\5\2')
            name = take(take(2)[1]).decode()
            word = take(take(1)[0]).decode()
            conn.sendall(b'\1\0')
            where += '%s:%s ' % (name, word)
        else:
            conn.sendall(b'\5\0')
        kind = take(4)[3]
        if kind == 3:
            host = take(take(1)[0]).decode()
        elif kind == 1:
            host = socket.inet_ntop(socket.AF_INET, take(4))
        else:
            host = '[%s]' % socket.inet_ntop(socket.AF_INET6, take(16))
        port = int.from_bytes(take(2), 'big')
        conn.sendall(b'\5\0\0\1\0\0\0\0\0\0')
        return self.target(conn, '%s%s:%d' % (where, host, port))


def certificates(certs):
    """The contents of the files that each row finds beside its kubeconfig."""
    pem = kubediff.load(certs)
    return {
        'ca.crt': pem['ca.crt'], 'other-ca.crt': pem['other-ca.crt'],
        'client.crt': pem['client.crt'], 'client.key': pem['client.key'],
        'other.crt': pem['other-client.crt'],
        'other.key': pem['other-client.key'],
        'locked.key': pem['locked.key'],
        'plugin': PLUGIN, 'answer': ANSWER, 'token': b'from-file\n',
        'empty': b'', 'blank': b' \n\t\n',
        'nopem': b'no PEM in here\n'}
