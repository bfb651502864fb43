#!/usr/bin/env python3
"""An OpenID Connect issuer for the tests, and the API server that its tokens
are for; all on loopback.

usage: issuer.py DIR CERT KEY

Listens with https on a free port of 127.0.0.1, and with http on a second one
that is a proxy (CONNECT) where "issuer.test" is this machine, and an issuer
without TLS.  DIR/port has both numbers once connections can come.  DIR/log
gets a line for each request, tab separated:

    METHOD TARGET CONTENT-TYPE AUTHORIZATION BODY

The issuer is https://127.0.0.1:PORT/WAY; the way says what it does:

    ok            gives an id token
    rotate...     gives a refresh token, too, and takes each only once; the
                  first is "first"
    same          gives back the refresh token that it was sent
    form          refuses Basic, and takes the client by form fields
    refuse        refuses any client, quoting all that it was sent
    plain, both   answers in form encoding; an error with status 200
    ...           and what FAULTS and SAYS name

Everything else is the API server, which takes any token.
"""
import base64
import http.server
import json
import os
import select
import socket
import ssl
import sys
import threading
import time
import urllib.parse

DIR, CERT, KEY = sys.argv[1:]
PORTS = []
STATE = {'given': 0}
LOCK = threading.Lock()
MIB = 1 << 20


def id_token(seconds=3600):
    """A token that nobody has signed, and no two alike."""
    def part(value):
        text = json.dumps(value).encode()
        return base64.urlsafe_b64encode(text).rstrip(b'=').decode()
    STATE['given'] += 1
    return '.'.join((part({'alg': 'none'}),
                     part({'exp': int(time.time()) + seconds,
                           'n': STATE['given']}), 'signature'))


# What an issuer says of itself that it should not: status, headers, body.
FAULTS = {
    'missing': (404, {}, 'no such page'),
    'broken': (500, {}, 'a\x1b[31mb'),
    'html': (200, {}, '<html>' + 'x' * 1000),
    'no-endpoint': (200, {}, '{"issuer": "x"}'),
    'list': (200, {}, '["token_endpoint"]'),
    'number': (200, {}, '{"token_endpoint": 5}'),
    'relative': (200, {}, '{"token_endpoint": "/ok/token"}'),
    'plain-endpoint': (200, {}, '{"token_endpoint": "http://HTTP/ok/token"}'),
    'file': (200, {}, '{"token_endpoint": "file:///etc/passwd"}'),
    'user': (200, {}, '{"token_endpoint": "https://u:p@HTTPS/ok/token"}'),
    'redirect': (302, {'Location': '/ok/.well-known/openid-configuration'},
                 ''),
    'loop': (302, {'Location': '/loop/.well-known/openid-configuration'}, ''),
    'downgrade': (302, {'Location':
                        'http://HTTP/ok/.well-known/openid-configuration'},
                  ''),
    'huge': (200, {}, '"' + 'x' * 2 * MIB + '"'),
}

# What an issuer gives that it should not; an id token stands for ID.
SAYS = {
    'no-id': (200, {}, '{"access_token": "a", "refresh_token": "r"}'),
    'no-access': (200, {}, '{"id_token": "ID"}'),
    'id-number': (200, {}, '{"access_token": "a", "id_token": 5}'),
    'id-break': (200, {}, '{"access_token": "a", "id_token": "a.b\\nc.d"}'),
    'id-nul': (200, {}, '{"access_token": "a", "id_token": "ID\\u0000"}'),
    'refresh-break': (200, {}, '{"access_token": "a", "id_token": "ID", '
                               '"refresh_token": "a\\n- b"}'),
    'no-jwt': (200, {}, '{"access_token": "a", "id_token": "text"}'),
    'expired': (200, {}, '{"access_token": "a", "id_token": "OLD"}'),
    'token-html': (200, {}, '<html>'),
    'token-list': (200, {}, '["id_token"]'),
    'token-500': (500, {}, 'oops'),
    'token-huge': (200, {}, '"' + 'x' * 2 * MIB + '"'),
    'token-302': (302, {'Location': '/ok/token'}, ''),
    'token-307': (307, {'Location': '/ok/token'}, ''),
    'both': (200, {}, '{"access_token": "a", "id_token": "ID", '
                      '"error": "slow_down"}'),
    'plain': (200, {'Content-Type': 'text/plain; charset=utf-8'},
              'access_token=a&id_token=ID&refresh_token=new%2Bone'),
    'escape': (400, {}, '{"error": "invalid_grant", '
                        '"error_description": "no \\u001b[1mmore"}'),
    'plain-error': (400, {'Content-Type': 'application/x-www-form-urlencoded'},
                    'error=invalid_grant&error_description=no%20more'),
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def note(self, body=''):
        line = '\t'.join((self.command, self.path,
                          self.headers.get('Content-Type', '-'),
                          self.headers.get('Authorization', '-'), body or '-'))
        with LOCK, open(DIR + '/log', 'a') as log:
            log.write(line + '\n')

    def answer(self, status, headers, text):
        text = text.replace('HTTPS', '127.0.0.1:%d' % PORTS[0]).replace(
            'HTTP', '127.0.0.1:%d' % PORTS[1])
        body = text.encode()
        self.send_response(status)
        for name, value in {'Content-Type': 'application/json',
                            **headers}.items():
            self.send_header(name, value.replace(
                'HTTP', '127.0.0.1:%d' % PORTS[1]))
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def way(self):
        return self.path.split('/')[1]

    def do_GET(self):
        self.note()
        way = self.way()
        if not self.path.endswith('/.well-known/openid-configuration'):
            self.answer(200, {}, '{}')
        elif way == 'silent':
            time.sleep(3600)
        elif way == 'trickle':
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b' ')
                time.sleep(0.1)
        elif way == 'cut':
            self.send_response(200)
            self.send_header('Content-Length', '100')
            self.end_headers()
            self.wfile.write(b'{"token_endpoint": "')
            self.close_connection = True
        elif way in FAULTS:
            self.answer(*FAULTS[way])
        else:
            scheme = 'https' if isinstance(self.connection, ssl.SSLSocket) \
                else 'http'
            self.answer(200, {}, json.dumps({
                'token_endpoint': '%s://%s/%s/token' %
                                  (scheme, self.headers['Host'], way)}))

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        self.note(body.decode())
        way = self.way()
        sent = dict(urllib.parse.parse_qsl(body.decode()))
        refresh = sent.get('refresh_token', '')
        rotates = way.startswith('rotate')
        basic = self.headers.get('Authorization', '').startswith('Basic ')
        answer = {'access_token': 'a', 'token_type': 'Bearer',
                  'expires_in': 3600}
        if way == 'token-cut':
            self.close_connection = True
            return
        if way in SAYS:
            status, headers, text = SAYS[way]
            self.answer(status, headers, text.replace('ID', id_token())
                        .replace('OLD', id_token(-100)))
            return
        with LOCK:
            if way == 'refuse' or (way == 'form' and basic):
                self.answer(401, {}, json.dumps({
                    'error': 'invalid_client',
                    'error_description': 'you sent \x1b[1m' + body.decode() +
                                         self.headers.get('Authorization',
                                                          '')
                    if way == 'refuse' else 'no \x1b[1mBasic'}))
                return
            if rotates:
                if refresh != STATE.get(way, 'first'):
                    self.answer(400, {}, json.dumps({
                        'error': 'invalid_grant',
                        'error_description': 'used before'}))
                    return
                STATE[way] = 'next-%d' % (STATE['given'] + 1)
                answer['refresh_token'] = STATE[way]
            if way == 'same':
                answer['refresh_token'] = refresh
            answer['id_token'] = id_token()
        if rotates:
            time.sleep(0.2)
        self.answer(200, {}, json.dumps(answer))

    def do_CONNECT(self):
        with LOCK, open(DIR + '/log', 'a') as log:
            log.write('CONNECT\t%s\t%s\n' % (
                self.path, self.headers.get('Proxy-Authorization', '-')))
        far = socket.create_connection(('127.0.0.1', PORTS[0]))
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        ends = {self.connection: far, far: self.connection}
        while True:
            for end in select.select(list(ends), [], [])[0]:
                data = end.recv(65536)
                if not data:
                    self.close_connection = True
                    far.close()
                    return
                ends[end].sendall(data)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


def main():
    plain = Server(('127.0.0.1', 0), Handler)
    secure = Server(('127.0.0.1', 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERT, KEY)
    secure.socket = context.wrap_socket(secure.socket, server_side=True,
                                        do_handshake_on_connect=False)
    PORTS.extend((secure.server_address[1], plain.server_address[1]))
    open(DIR + '/log', 'w').close()
    threading.Thread(target=plain.serve_forever, daemon=True).start()
    with open(DIR + '/port.new', 'w') as port:
        port.write('%d %d\n' % tuple(PORTS))
    os.rename(DIR + '/port.new', DIR + '/port')
    secure.serve_forever()


main()
