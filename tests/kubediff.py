#!/usr/bin/env python3
"""Runs kubectl and kconf on made-up kubeconfigs and compares what they send.

usage: kubediff.py KUBECTL CERTS COUNT [SEED [FIRST]]

Situations FIRST to FIRST+COUNT-1 of SEED (kubegen.py) go through
"kubectl auth can-i --list", whose one request says the namespace as well, and
through "kconf | kexec -K".  Both talk to servers in this process, by TLS and
plain, on 127.0.0.1 and ::1, that note what they are sent, or to proxies, that
note it as well.  A record with a proxy is given to kubectl in place of kexec,
in an environment without proxies.  Equal are: no request on either side; or
proxy, server, prefix of the path, Authorization, impersonation, client
certificate, SNI and namespace.  KNOWN has what may differ.

CERTS is a folder that tests/certs made.  Prints a summary and the first
differences with their files; exit 1 when there was one.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import urllib.parse

sys.dont_write_bytecode = True
import kubegen  # noqa: E402
import proxy  # noqa: E402

WORKERS = 2
SHOWN = 5
KUBECTL_TAIL = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews'
LONG = re.compile('(LS0tLS1CRUdJ|45,45,45,)[A-Za-z0-9+/,]{100,}')
SANITIZER = re.compile('Sanitizer|runtime error')
KEXEC_TAIL = re.compile('/api/v1/namespaces/([^/]*)/pods/p/exec$')
REVIEW = {'kind': 'SelfSubjectRulesReview',
          'apiVersion': 'authorization.k8s.io/v1', 'metadata': {}, 'spec': {},
          'status': {'resourceRules': [], 'nonResourceRules': [],
                     'incomplete': False}}
DENIED = {'kind': 'Status', 'apiVersion': 'v1', 'status': 'Failure',
          'message': 'no', 'reason': 'Forbidden', 'code': 403}


class Side:
    """How one program ended: what it sent, or None, and what it said."""

    def __init__(self, sent, said, args):
        self.sent = sent
        self.said = said
        self.options = {a.split('=')[0] for a in args}
        self.broken = False


def but_for_extra(sent):
    return sent and dict(sent, extra=None)


def numbers(sent):
    """How many keys of as-user-extra look like numbers."""
    return sum(h[0][18:19].isdigit() or h[0][18:20] in ('-1', '+1')
               for h in sent['extra'])


# kconf(1), CAVEATS: name, reason, rule on (kubectl's side, kconf's side).
KNOWN = [
    ('default server', 'without a server kubectl takes one from nowhere',
     lambda k, c: k.sent and not c.sent and
     k.sent['prefix'].startswith('/nowhere')),
    ('plain http', 'kubectl drops credentials silently, kconf refuses',
     lambda k, c: k.sent and not c.sent and k.sent['scheme'] == 'http' and
     not k.sent['authorization'] and
     'credentials are sent over https only' in c.said),
    ('number as key', 'a key of as-user-extra is taken as it is written',
     lambda k, c: k.sent and c.sent and
     but_for_extra(k.sent) == but_for_extra(c.sent) and
     numbers(k.sent) and numbers(k.sent) == numbers(c.sent) and
     len(k.sent['extra']) == len(c.sent['extra'])),
    ('option for inline', 'kubectl up to 1.33 refuses what later ones take',
     lambda k, c: not k.sent and c.sent and re.search(
         'client-(cert|key)-data and client-(cert|key) are both specified',
         k.said) and c.options & {'--client-certificate', '--client-key'}),
    ('user in the URL', 'kubectl sends it as Basic, kconf refuses',
     lambda k, c: not c.sent and c.said.endswith(
         ': server: a user name in the URL\n')),
    ('authority unread', 'over plain http kubectl does not look into it',
     lambda k, c: k.sent and not c.sent and k.sent['scheme'] == 'http' and
     re.search('certificate-authority: .* no PEM block|certificate-authority '
               'with insecure-skip-tls-verify: ', c.said)),
    ('JSON escape', 'kconf reads \\/',
     lambda k, c: not k.sent and c.sent and
     'found unknown escape character' in k.said),
    ('fault out of sight', 'kubectl sees no fault in what it does not use',
     lambda k, c: k.sent and not c.sent and re.search(
         ': a NUL byte in it|: an infinite number|: not the value of a byte|'
         ': (?!kind:|apiVersion:)[A-Za-z]+: .* is not "(Config|v1)"',
         c.said)),
    ('comma behind a tag', "kubectl's YAML takes it for a part of the tag",
     lambda k, c: not k.sent and c.sent and
     "yaml: " in k.said and "did not find expected ',' or '}'" in k.said),
    ('address without brackets', 'which no URL may have (RFC 3986, 3.2.2)',
     lambda k, c: k.sent and not c.sent and k.sent['address'] == '::1' and
     c.said.endswith(': server: not a URL or HOST:PORT\n')),
    ('no proxy', 'kubectl passes over a proxy of the environment that is none',
     lambda k, c: k.sent and not c.sent and re.search(
         '(?i)kconf: https?_proxy: (its scheme|a %)', c.said)),
    ('mapped address', 'kexec looks for it in the certificate as written',
     lambda k, c: k.sent and not c.sent and '://[::ffff:' in c.said and
     'certificate: IP address mismatch' in c.said),
]


def judge(k, c):
    """None when both did the same, the name of a known difference, or ''."""
    if c.broken:
        return ''
    if k.sent == c.sent:
        return None
    for name, _, rule in KNOWN:
        if rule(k, c):
            return name
    return ''


def field(message, number):
    """The bytes of one field of a protobuf message of nothing but those."""
    at = 0
    while at < len(message):
        tag, at = message[at], at + 1
        if tag & 7 != 2:
            raise ValueError('a field of another kind')
        length = shift = 0
        while True:
            byte, at = message[at], at + 1
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        if tag >> 3 == number:
            return message[at:at + length]
        at += length
    return b''


def namespace_of(review):
    """spec.namespace of a SelfSubjectRulesReview."""
    if review.startswith(b'k8s\0'):
        return field(field(field(review[4:], 2), 2), 1).decode()
    return json.loads(review)['spec'].get('namespace', '')


class Servers:
    """The four servers of one worker; take() gives what came since."""

    def __init__(self, certs):
        self.noted = []
        self.passed = []
        self.sni = None
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certs + '/server.crt', certs + '/server.key')
        self.tls.load_verify_locations(certs + '/ca.crt')
        self.tls.load_verify_locations(certs + '/other-ca.crt')
        self.tls.verify_mode = ssl.CERT_OPTIONAL
        self.tls.sni_callback = self.name_seen
        self.ports = {
            'T4': self.serve(socket.AF_INET, '127.0.0.1', 'https'),
            'T6': self.serve(socket.AF_INET6, '::1', 'https'),
            'P4': self.serve(socket.AF_INET, '127.0.0.1', 'http'),
            'P6': self.serve(socket.AF_INET6, '::1', 'http')}
        made = proxy.proxies(lambda *line: self.passed.append(line),
                             certs + '/server.crt', certs + '/server.key')
        for name, kind in (('XH', 'http'), ('XT', 'https'),
                           ('XS', 'socks5')):
            self.ports[name] = made[kind].port

    def name_seen(self, _sock, name, _context):
        self.sni = name

    def serve(self, family, address, scheme):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.bind((address, 0))
        listener.listen(16)
        threading.Thread(target=self.loop, args=(listener, address, scheme),
                         daemon=True).start()
        return listener.getsockname()[1]

    def loop(self, listener, address, scheme):
        while True:
            conn, _ = listener.accept()
            conn.settimeout(5)
            self.sni = None
            try:
                if scheme == 'https':
                    conn = self.tls.wrap_socket(conn, server_side=True)
                self.talk(conn, address, scheme)
            except (OSError, ValueError):
                pass  # the client says it, and nothing is noted
            finally:
                conn.close()

    def talk(self, conn, address, scheme):
        head = b''
        while b'\r\n\r\n' not in head:
            more = conn.recv(65536)
            if not more:
                return
            head += more
        head, body = head.split(b'\r\n\r\n', 1)
        lines = head.decode('latin-1').split('\r\n')
        target = lines[0].split(' ')[1].split('?')[0]
        headers = [(name.lower(), value.strip(' \t')) for name, value in
                   (line.split(':', 1) for line in lines[1:])]
        length = int(dict(headers).get('content-length', '0'))
        while len(body) < length:
            more = conn.recv(65536)
            if not more:
                return
            body += more
        found = KEXEC_TAIL.search(target)
        if found:
            prefix, namespace = target[:found.start()], urllib.parse.unquote(
                found.group(1))
            status, answer = '403 Forbidden', DENIED
        elif target.endswith(KUBECTL_TAIL):
            prefix = target[:-len(KUBECTL_TAIL)]
            namespace = namespace_of(body)
            status, answer = '201 Created', REVIEW
        else:
            prefix, namespace = target, ''
            status, answer = '404 Not Found', DENIED
        cert = None
        if scheme == 'https':
            der = conn.getpeercert(True)
            cert = der and hashlib.sha256(der).hexdigest()[:12]
        named = ('impersonate-user', 'impersonate-uid', 'impersonate-group')
        self.noted.append({
            'scheme': scheme, 'address': address, 'prefix': prefix,
            'namespace': namespace, 'cert': cert, 'sni': self.sni,
            'authorization': [v for n, v in headers if n == 'authorization'],
            # the groups in their order; extra is a map and has none
            'as': sorted((h for h in headers if h[0] in named),
                         key=lambda h: h[0]),
            'extra': sorted(h for h in headers if h[0].startswith(
                'impersonate-') and h[0] not in named)})
        text = json.dumps(answer).encode()
        conn.sendall(b'HTTP/1.1 %s\r\nContent-Type: application/json\r\n'
                     b'Content-Length: %d\r\nConnection: close\r\n\r\n%s' % (
                         status.encode(), len(text), text))

    def take(self):
        noted, passed = self.noted[:], self.passed[:]
        self.noted.clear()
        self.passed.clear()
        return dict(noted[0], proxy=passed[:1]) if noted else None


class Worker:
    def __init__(self, number, kubectl, certs, pem):
        self.dir = os.path.abspath('worker%d' % number)
        self.kubectl = kubectl
        self.servers = Servers(certs)
        self.pem = pem
        for part, name in (('', 'cwd'), ('a/', 'a'), ('b/', 'b'),
                           ('home/', 'home')):
            for path, data in static(pem, name).items():
                self.write(part + path, data)
            os.mkdir(self.dir + '/' + part + 'sub')
        self.write('home/.kube/config', self.fill(
            b'{current-context: h, contexts: [{name: h, context: '
            b'{cluster: h, user: h}}], users: [{name: h, user: '
            b'{token: home}}], clusters: [{name: h, cluster: {server: '
            b'"https://127.0.0.1:@T4@/home", certificate-authority: '
            b'"@W@/ca.crt"}}]}'))
        self.env = dict(
            os.environ, HOME=self.dir + '/home', KUBERC='off',
            KUBERNETES_MASTER='http://127.0.0.1:%d/nowhere' %
            self.servers.ports['P4'])

    def write(self, path, data):
        path = os.path.join(self.dir, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as f:
            f.write(data)

    def fill(self, data):
        for name, port in self.servers.ports.items():
            data = data.replace(b'@%s@' % name.encode(), b'%d' % port)
        return data.replace(b'@W@', self.dir.encode())

    def run(self, argv, env, stdin=subprocess.DEVNULL, data=None):
        given = {'input': data} if data is not None else {'stdin': stdin}
        end = subprocess.run(argv, cwd=self.dir, env=env, capture_output=True,
                             timeout=30, check=False, **given)
        return end.returncode, end.stdout, end.stderr.decode(
            'utf-8', 'replace')

    def one(self, case):
        """Both sides of one situation."""
        for path in ('a/config', 'b/config'):
            if path in case['files']:
                data = case['files'][path]
                if data[:2] in (b'\xff\xfe', b'\xfe\xff'):
                    data = self.fill(data.decode('utf-16').encode())
                    data = data.decode().encode('utf-16')
                self.write(path, self.fill(data))
            else:
                self.write(path, b'')
        env = dict(self.env)
        for name, value in case['env'].items():
            env[name] = os.fsdecode(self.fill(os.fsencode(value)))
        args = [os.fsdecode(self.fill(os.fsencode(a))) for a in case['args']]
        _, out, said = self.run(
            [self.kubectl] + args + ['auth', 'can-i', '--list'], env)
        theirs = Side(self.servers.take(), said, args)
        if 'Please enter' in out.decode('utf-8', 'replace'):
            theirs.said += '(kubectl prompted)'
        status, record, said = self.run(['kconf'] + args, env)
        broken = status not in (0, 1, 2) or status and not said
        if status == 0 and b'"proxy-url"' in record:
            self.write('record', record)
            _, _, more = self.run(
                [self.kubectl, '--kubeconfig', 'record', 'auth', 'can-i',
                 '--list'], self.env)
            said += more
        elif status == 0:
            _, _, more = self.run(['kexec', '-K', '/dev/stdin',
                                        '--no-stdin', 'p', '--', 'true'],
                                       env, data=record)
            said += more
        ours = Side(self.servers.take(), said, args)
        ours.broken = broken or SANITIZER.search(said)
        return theirs, ours


def static(pem, where):
    """The files of one folder; those of b/ are another identity."""
    who = 'other-client' if where == 'b' else 'client'
    token = b'token-of-' + where.encode()
    return {
        'ca.crt': pem['ca.crt'], 'other-ca.crt': pem['other-ca.crt'],
        'server.crt': pem['server.crt'],
        'bundle.crt': b'words\n' + pem['other-ca.crt'] + pem['ca.crt'],
        'client.crt': pem[who + '.crt'], 'client.key': pem[who + '.key'],
        'chain.crt': pem['client.crt'] + pem['ca.crt'],
        'locked.key': pem['locked.key'],
        'token': token + b'\n', 'padded': b' \t' + token + b' \n\n',
        'lines': token + b'\n\n', 'inner': b'a b\tc\n', 'empty': b'',
        'blank': b' \n', 'control': b'a\x01b\n'}


def load(certs):
    pem = {}
    locked = subprocess.run(
        ['openssl', 'pkcs8', '-in', certs + '/client.key', '-topk8',
         '-passout', 'pass:x'], capture_output=True, check=True)
    pem['locked.key'] = locked.stdout
    for name in ('ca', 'other-ca', 'server', 'client', 'other-client'):
        for kind in ('.crt', '.key'):
            with open(certs + '/' + name + kind, 'rb') as f:
                pem[name + kind] = f.read()
    return pem


def show(number, case, theirs, ours):
    def side(s):
        return json.dumps(s.sent, ensure_ascii=True) + ' ' + s.said.strip()
    print('--- situation %d: %s %s' % (number, case['env'], case['args']))
    for path, data in case['files'].items():
        text = data.decode('utf-8', 'backslashreplace')
        print('%s:\n%s' % (path, LONG.sub(r'\1...', text)))
    print('kubectl: %s\nkconf: %s' % (side(theirs), side(ours)))


def main():
    kubectl, certs, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    seed = sys.argv[4] if len(sys.argv) > 4 else '1'
    first = int(sys.argv[5]) if len(sys.argv) > 5 else 0
    pem = load(certs)
    numbers = iter(range(first, first + count))
    lock = threading.Lock()
    tally = {}
    differences = []

    def work(worker):
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            case = kubegen.situation(seed, number, pem)
            theirs, ours = worker.one(case)
            verdict = judge(theirs, ours)
            with lock:
                if verdict is None:
                    verdict = 'both sent' if ours.sent else 'both failed'
                elif not verdict:
                    verdict = 'DIFFERENT'
                    differences.append((number, case, theirs, ours))
                tally[verdict] = tally.get(verdict, 0) + 1

    shutil.rmtree('worker0', ignore_errors=True)
    shutil.rmtree('worker1', ignore_errors=True)
    workers = [Worker(n, kubectl, certs, pem) for n in range(WORKERS)]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for end in [pool.submit(work, w) for w in workers]:
            end.result()
    print('seed %s, situations %d to %d: %s' % (
        seed, first, first + count - 1,
        ', '.join('%s %d' % t for t in sorted(tally.items()))))
    differences.sort(key=lambda d: d[0])
    for d in differences[:SHOWN]:
        show(*d)
    # a run in which nothing works would agree, too
    return 1 if differences or not tally.get('both sent') else 0


if __name__ == '__main__':
    sys.exit(main())
