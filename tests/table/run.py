#!/usr/bin/env python3
"""The rows of tests/table through kconf and, where there is one, kubectl.

usage: run.py CERTS MANUAL KUBECTL FILE...

CERTS is a folder that tests/certs made, MANUAL the source of kconf(1), KUBECTL
may be empty.  Prints TAP.  tests/README.md says what a row is made of.
"""
import base64
import concurrent.futures
import functools
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import bombs  # noqa: E402
import peers  # noqa: E402
import rows  # noqa: E402

WORKERS = 2
TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECONDS = 30
ACCOUNT = '/run/secrets/kubernetes.io/serviceaccount'
# a private /run with the account in it, for a kubectl that looks there
IN_POD = ('mount -t tmpfs none /run && mkdir -p %s && '
          'cp "$KPIPE_SERVICEACCOUNT"/* %s/ 2>/dev/null; '
          'unset KPIPE_SERVICEACCOUNT; exec "$@"' % (ACCOUNT, ACCOUNT))
LIMIT = 'ulimit -v "$1"; shift; exec "$@"'
NOISE = 'home/.kube/cache'  # what kubectl keeps for itself


def jwt(name, value):
    claims = json.dumps({name: value}).encode()
    return 'e30.%s.x' % base64.urlsafe_b64encode(claims).decode().rstrip('=')


class End:
    """How a program ended, what it said, sent and left behind."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err
        self.sent = None
        self.left = {}


class Worker:
    def __init__(self, number, kubectl, certs, pem):
        self.dir = os.path.abspath('row%d' % number)
        self.kubectl = kubectl
        self.peers = peers.Peers(certs)
        self.pem = pem
        ports = self.peers.ports
        self.cluster = '"server": "https://127.0.0.1:%d", ' \
            '"certificate-authority": "%s/ca.crt"' % (ports['T4'], self.dir)

        def data(name):
            return base64.b64encode(pem[name]).decode()
        self.values = {
            'https': 'https://127.0.0.1:%d' % ports['T4'],
            'http': 'http://127.0.0.1:%d' % ports['P4'],
            'https6': 'https://[::1]:%d' % ports['T6'],
            'port': '%d' % ports['T4'], 'http-port': '%d' % ports['P4'],
            'port6': '%d' % ports['T6'],
            'proxy': '127.0.0.1:%d' % ports['HP'],
            'socks': '127.0.0.1:%d' % ports['SP'],
            'dir': self.dir, 'path': os.environ['PATH'],
            'cluster': self.cluster,
            'ca-data': data('ca.crt'), 'other-ca-data': data('other-ca.crt'),
            'cert-data': data('client.crt'), 'key-data': data('client.key'),
            'pair': 'client-certificate: client.crt, client-key: client.key',
            'v1': 'client.authentication.k8s.io/v1',
            'never': 'apiVersion: client.authentication.k8s.io/v1, '
                     'interactiveMode: Never',
            'cert-json': json.dumps(pem['client.crt'].decode())[1:-1],
            'key-json': json.dumps(pem['client.key'].decode())[1:-1],
            'ca-data-twice': base64.b64encode(
                data('ca.crt').encode()).decode(),
            'ca-bytes': ','.join(str(b) for b in pem['ca.crt']),
            'plugin': 'apiVersion: client.authentication.k8s.io/v1, '
                      'interactiveMode: Never, command: ./plugin',
            'cred': '"kind":"ExecCredential",'
                    '"apiVersion":"client.authentication.k8s.io/v1"',
            'oidc': 'name: oidc, config: {client-id: i, '
                    'idp-issuer-url: "https://127.0.0.1:1"',
            'jwt': jwt('exp', 4102444800), 'old-jwt': jwt('exp', 1000000000),
            'upper-jwt': jwt('Exp', 4102444800),
            'good': self.config('c', 't'),
            'good-json': '{' + self.config('c', 't').rpartition('{')[0]
            .replace('\n', ', ')}
        for name in ('one', 'two', 'three', 'home'):
            self.values['config-' + name] = self.config(name, name)

    def config(self, name, token):
        """A whole kubeconfig; without its last brackets it is JSON, too."""
        return (
            '"current-context": "%s"\n'
            '"clusters": [{"name": "%s", "cluster": {%s}}]\n'
            '"contexts": [{"name": "%s", "context": '
            '{"cluster": "%s", "user": "%s"}}]\n'
            '"users": [{"name": "%s", "user": {token: %s}}]\n') % (
                name, name, self.cluster, name, name, name, name, token)

    def lay(self, row):
        """The row's files, freshly; returns them."""
        shutil.rmtree(self.dir, ignore_errors=True)
        found = dict(self.pem)
        if row.get('pod'):
            found.update({'account/token': b' pod-token \n',
                          'account/namespace': b'pod-ns\n',
                          'account/ca.crt': self.pem['ca.crt']})
        for name in rows.words(row.get('without')):
            del found[name]
        found.update(rows.files(row, bombs.MAKE, self.cluster))
        for name in ('home/.kube/', 'account/', 'folder/'):
            os.makedirs(self.dir + '/' + name)
        for name, data in found.items():
            path = self.dir + '/' + name
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'wb') as f:
                f.write(data)
            os.chmod(path, 0o755 if data[:2] == b'#!' else 0o600)
        for name, target in row.named['link'].items():
            os.makedirs(os.path.dirname(self.dir + '/' + name), exist_ok=True)
            os.symlink(target, self.dir + '/' + name)
        return found

    def environment(self, row):
        env = {'PATH': os.environ['PATH'], 'HOME': self.dir + '/home',
               'KUBERC': 'off', 'KUBERNETES_MASTER':
               'http://127.0.0.1:%d/nowhere' % self.peers.ports['P4']}
        for name, value in os.environ.items():
            if name.endswith('SAN_OPTIONS'):
                env[name] = value
        if row.get('pod'):
            env.update({'KPIPE_SERVICEACCOUNT': self.dir + '/account',
                        'KUBERNETES_SERVICE_HOST': '127.0.0.1',
                        'KUBERNETES_SERVICE_PORT': self.values['port']})
        for word in rows.words(row.get('env')):
            name, equals, value = word.partition('=')
            if equals:
                env[name] = value
            else:
                del env[name]
        return env

    def start(self, row, argv, data=None):
        stdin, master = subprocess.PIPE, None
        if row.get('stdin') == 'terminal' and data is None:
            master, stdin = pty.openpty()
        elif row.get('stdin') == 'closed' and data is None:
            argv = ['sh', '-c', 'exec "$@" <&-', 'sh'] + argv
        try:
            p = subprocess.run(
                argv, cwd=self.dir, env=self.environment(row), timeout=SECONDS,
                check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                **({'input': data or b''} if master is None
                   else {'stdin': stdin}))
            end = End(p.returncode, p.stdout, p.stderr)
        except subprocess.TimeoutExpired as e:
            end = End('none after %d s' % SECONDS, b'', e.stderr or b'')
        if master is not None:
            os.close(master)
            os.close(stdin)
        end.err = end.err.decode('utf-8', 'replace')
        return end

    def left(self, laid):
        """The files that are new or not what they were."""
        found = {}
        for top, _, names in os.walk(self.dir):
            for name in names:
                path = os.path.join(top, name)
                short = os.path.relpath(path, self.dir)
                if short.startswith(NOISE) or os.path.islink(path):
                    continue
                with open(path, 'rb') as f:
                    data = f.read()
                if laid.get(short) != data:
                    found[short] = data
        return found

    def options(self, row):
        named = ['--kubeconfig', 'f'] if row.get('read', 'f') == 'f' else []
        return named + rows.words(row.get('args'))

    def kconf(self, row):
        laid = self.lay(row)
        self.peers.take()
        argv = rows.words(row.get('run', 'kconf'))
        argv = argv[:1] + self.options(row) + argv[1:]
        if row.get('memory') and not os.environ.get('KPIPE_SAN'):
            argv = ['sh', '-c', LIMIT, 'sh', '%d' % (
                int(row.get('memory')) * 1024)] + argv
        end = self.start(row, argv)
        end.left = self.left(laid)
        if end.status == 0 and self.compares(row):
            # kexec knows no proxies, so kubectl shows what the record says
            used = self.start(row, [
                self.kubectl, '--kubeconfig', '/dev/stdin', 'auth', 'can-i',
                '--list'] if b'"proxy-url"' in end.out else [
                    'kexec', '-K', '/dev/stdin', '--no-stdin', 'p', '--',
                    'true'], end.out)
            end.sent = self.peers.take()
            end.used = used.err
        return end

    def theirs(self, row):
        laid = self.lay(row)
        self.peers.take()
        # a garbage collection that is left out makes its start cheaper
        argv = ['env', 'GOGC=off', 'GOMAXPROCS=1', self.kubectl] + \
            self.options(row) + ['auth', 'can-i', '--list']
        if row.get('pod'):
            argv = ['unshare', '-rm', 'sh', '-c', IN_POD, 'sh'] + argv
        end = self.start(row, argv)
        end.err += end.out.decode('utf-8', 'replace')
        end.sent = self.peers.take()
        end.left = self.left(laid)
        return end

    def compares(self, row):
        return self.kubectl and not row.get('alone') and (
            not row.get('pod') or can_unshare())

    def one(self, row):
        """Each check of the row: its name, and None or what is wrong."""
        ours = self.kconf(row)
        name = '%s %s' % (row.section, row.name)
        yield name, wrong(row, ours, self.pem), ours
        if self.compares(row):
            theirs = self.theirs(row)
            what = 'kubectl differs' if row.get('differs') else \
                'kubectl does the same'
            yield '%s: %s' % (name, what), differs(row, ours, theirs), theirs


@functools.cache
def can_unshare():
    return bool(shutil.which('unshare')) and subprocess.run(
        ['unshare', '-rm', 'mount', '-t', 'tmpfs', 'none', '/run'],
        check=False, capture_output=True).returncode == 0


def record(text):
    """The fields of a record by the names that rows give them."""
    doc = json.loads(text)
    cluster, user = doc['clusters'][0], doc['users'][0]
    context = doc['contexts'][0]
    found = {'context': doc['current-context'], 'cluster': cluster['name'],
             'user': user['name'], 'namespace': context['context'].get(
                 'namespace')}
    for extension in context['context'].get('extensions', []):
        found['expires'] = extension['extension']['expires']
    for name, value in list(cluster['cluster'].items()) + list(
            user['user'].items()):
        name = {'certificate-authority-data': 'ca', 'client-key-data': 'key',
                'client-certificate-data': 'cert',
                'insecure-skip-tls-verify': 'insecure'}.get(name, name)
        if name in ('ca', 'cert', 'key'):
            value = base64.b64decode(value).decode()
        found[name] = value
    return found


def wanted(text, pem):
    """The name of a field and its value."""
    name, _, value = text.partition(' ')
    if name in ('ca', 'cert', 'key'):
        return name, pem[value].decode() if value in pem else value
    if value[:1] in ('[', '{', '"') or name in ('insecure',
                                                 'disable-compression'):
        value = json.loads(value)
    return name, value


def says(err, parts):
    lines = err.splitlines()
    return len(lines) == len(parts) and all(
        part in line for part, line in zip(parts, lines))


def wrong(row, end, pem):
    fails = row.get('fails')
    status = int(row.get('exit', '0' if fails is None else '1'))
    if end.status != status:
        return 'it ends with %s, not %d' % (end.status, status)
    if not says(end.err, ([] if fails is None else [fails]) +
                row.many['says']):
        return 'stderr is another'
    if fails is not None and end.out:
        return 'it printed something'
    for text in row.many['leaves']:
        name, _, value = text.partition(' ')
        if value not in end.left.get(name, b'').decode() or \
                name not in end.left:
            return 'it left another %s: %s' % (name, end.left.get(name))
    for name in row.many['spares']:
        if name in end.left:
            return 'it left %s' % name
    if not row.many['has'] and not row.many['hasnt']:
        return None
    found = record(end.out)
    for text in row.many['has']:
        name, value = wanted(text, pem)
        if found.get(name) != value:
            return '%s is %r, not %r' % (name, found.get(name), value)
    for name in row.many['hasnt']:
        if name in found:
            return '%s is %r, not absent' % (name, found[name])
    return None


def comparable(left):
    def value(data):
        try:
            return json.loads(data)
        except ValueError:
            return data
    return {name: value(data) for name, data in left.items()}


def differs(row, ours, theirs):
    text = row.get('kubectl')
    if text is not None and text not in theirs.err:
        return 'kubectl says something else than: ' + text
    same = ours.sent == theirs.sent and \
        comparable(ours.left) == comparable(theirs.left)
    if same and row.get('differs') and text is None:
        return 'kubectl does the same'
    if not same and not row.get('differs'):
        return 'kconf sent %s %s, left %s' % (
            ours.sent, getattr(ours, 'used', ''), ours.left)
    return None


def plain(text):
    """The words of an mdoc source or of a phrase from it."""
    text = re.sub(r'^\.Fl -', '--', text, flags=re.M)
    text = re.sub(r'^\.[A-Z][a-z] ?', '', text, flags=re.M)
    text = re.sub(r'\b(Ns|Ar|Cm|Fl|Pa|Ev) ', '', text).replace('\\e', '\\')
    return re.sub(r' (?=[.,:;])', '', ' '.join(text.split()))


def unsaid(manual, found, elsewhere):
    """The reasons that the CAVEATS do not have, and the CAVEATS that neither
    a row nor a line TEST REASON of elsewhere is for."""
    caveats = manual.partition('\n.Sh CAVEATS\n')[2].partition('\n.Sh ')[0]
    reasons = {plain(row.get('differs')): row for row in found
               if row.get('differs')}
    for reason, row in reasons.items():
        if reason not in plain(caveats):
            yield '%s: not in CAVEATS: %s' % (row.where, reason)
    for line in elsewhere:
        test, _, reason = line.partition(' ')
        if not os.path.exists(os.path.join(TESTS, test)) or \
                reason not in plain(caveats):
            yield 'elsewhere: no such test, or not in CAVEATS: ' + line
        reasons[reason] = test
    listed = caveats.partition('.Bl ')[2].partition('.El')[0]
    for item in listed.split('\n.It\n')[1:]:
        if not any(reason in plain(item) for reason in reasons):
            yield 'no row is for: ' + plain(item)


class Tap:
    def __init__(self):
        self.n = self.bad = 0

    def line(self, name, why, end=None):
        self.n += 1
        self.bad += why is not None
        name = re.sub(r'[^ -~]', '?', name).replace('#', '%')[:200]
        print('%s %d - %s' % ('ok' if why is None else 'not ok', self.n, name))
        if why is not None:
            more = '' if end is None else 'status %s\nsent %s\n%s\n%s' % (
                end.status, end.sent, end.out[:2000].decode(
                    'utf-8', 'replace'), end.err[:2000])
            for text in (why + '\n' + more).splitlines():
                print('# ' + re.sub(r'[^ -~]', '?', text))
        sys.stdout.flush()

    def skip(self, name, why):
        self.n += 1
        print('ok %d - %s # SKIP %s' % (self.n, name, why))


def work(worker, own, queue, done):
    """Takes rows until there are none; each row's checks in their place."""
    while True:
        try:
            at = queue.pop()
        except IndexError:
            return
        row = own[at]
        try:
            done[at] = list(worker.one(row))
        except (ValueError, KeyError, IndexError, OSError) as e:
            done[at] = [('%s %s' % (row.section, row.name), repr(e), None)]


def main():
    certs, manual, kubectl = sys.argv[1:4]
    pem = peers.certificates(certs)
    workers = [Worker(n, kubectl, certs, pem) for n in range(WORKERS)]
    read = [row for path in sys.argv[4:] for row in rows.parse(path)]
    chosen = os.environ.get('KPIPE_ROWS')
    # both workers have the same rows, but for ports and folders
    expanded = [[r for row in read for r in rows.expand(row, w.values)]
                for w in workers]
    done = [None] * len(expanded[0])
    indices = [i for i, row in enumerate(expanded[0]) if not chosen or
               re.match(chosen, '%s %s' % (row.section, row.name))]
    queue = indices[::-1]
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for end in [pool.submit(work, w, own, queue, done)
                    for w, own in zip(workers, expanded)]:
            end.result()
    tap = Tap()
    for at in indices:
        for name, why, end in done[at]:
            tap.line(name, why, end)
    with open(manual, encoding='utf-8') as f, \
            open(TESTS + '/table/elsewhere', encoding='utf-8') as e:
        faults = list(unsaid(f.read(), expanded[0], e.read().splitlines()))
    if not chosen:
        tap.line('kconf(1) has every difference, and each has a row',
                 '\n'.join(faults) or None)
    if not kubectl:
        tap.skip('the same rows in kubectl', 'no kubectl of 1.31 or later')
    elif not can_unshare():
        tap.skip('the rows in a pod in kubectl', 'no mount namespaces')
    print('# %d rows in %d seconds' % (len(indices),
                                       time.monotonic() - started))
    print('1..%d' % tap.n)
    return 1 if tap.bad else 0


if __name__ == '__main__':
    sys.exit(main())
