"""Kubeconfig situations for tests/kubediff.py: pure, and the same for a seed.

A situation is a dict: "files" (name: bytes, below the working directory),
"env" (KUBECONFIG, proxies or nothing) and "args" (options that kubectl and
kconf share).  In all texts @T4@ @T6@ @P4@ @P6@ stand for ports of the server
(TLS or plain, IPv4 or IPv6), @XH@ @XT@ @XS@ for those of the proxies (http,
https, socks5), @W@ for the working directory.  That has more files, which
are the same for all situations; see STATIC in kubediff.py.

Most situations are good but for a few fields, since what is wrong in five
places fails everywhere for the first of them.
"""
import base64
import json
import random

# What a string field may be, as YAML writes it in flow style; after the first
# row the traps of YAML 1.1.
PLAIN = ['abc', 'x-1', '"quoted"', "'single'", 'a.b-c_d']
SCALARS = '''123|0123|0x1F|0o17|0b101|08|1e3|1_000|12345678901234567890|1.5|.5|1.
+1|-1|1.5e3|true|yes|on|n|y|Off|TRUE|Yes|null|~|Null|NULL|""|''|2001-01-01
190:20:30|1:30|.inf|-.INF|.nan|!!str 123|!!str true|!!str|!!null x|!!int "5"
!!int x|!!float 5|!!bool yes|!foo bar|!!binary aGk=|!!binary "a*"|!!str ~|=
"a\\u00e9\\U0001f600"|"a\\tb"|" lead"|"end "|"a\\nb"|"a\\x01b"|"\\x7f"|"a\\/b"
[]|{}|[a]|{a: b}|ü|a b|a#b|a:b|-a|"#a"|@a|`a|%a|&x abc|*x|?a|!a|'o''k'|"\\x85"
"\\e"|"a\\
  b"|'a
  b'|a"b|nan|inf|None|0.|1e|e3|0x|0xg|1__0|_1|1_|++1|9:99|0:0.5|1.2.3|<<|no
2001-01-01T00:00:00Z|!!timestamp 2001-01-01|0777|-0|+.inf|1e400|!!set {}
"\\ud83d\\ude00"|"\\q"|!<tag:yaml.org,2002:str> 5|!!str [a]|!!map a|00|1E5|tRue
"a\\u2028b"|0b2|0X1f|1.e5|yEs'''.replace('|', '\n').split('\n')
# lines that continue the one before
for at in range(len(SCALARS) - 1, 0, -1):
    if SCALARS[at].startswith('  '):
        SCALARS[at - 1] += '\n' + SCALARS.pop(at)
BLOCKS = ['|\n{i}abc\n', '|-\n{i}abc\n', '>-\n{i}abc\n{i}def\n',
          '>\n{i}abc\n', '|+\n{i}abc\n\n']
BOOLS = ['true', 'true', 'false', 'yes', 'on', 'True', 'TRUE', 'y', 'n', 'no',
         '~', '"true"', '1', '0', 'tRUE', '!!bool on', '!!bool "true"', '""',
         'null', '[]', 'Y', 'N', 'OFF', "!!str true", 'abc']
SERVERS = '''https://127.0.0.1:@T4@/|https://127.0.0.1:@T4@//
https://127.0.0.1:@T4@/p|https://127.0.0.1:@T4@/p/q/|https://127.0.0.1:@T4@//p
https://127.0.0.1:@T4@/p//q|https://127.0.0.1:@T4@/p?q=1|https://127.0.0.1:@T4@/p#f
https://127.0.0.1:@T4@/a%20b|https://127.0.0.1:@T4@/a%2fb|https://127.0.0.1:@T4@/a b
https://127.0.0.1:@T4@/ä|https://127.0.0.1:@T4@/%zz|https://127.0.0.1:@T4@/a/../b
https://127.0.0.1:@T4@/./a|https://127.0.0.1:@T4@/a;b=c,d|https://127.0.0.1:@T4@/%41
https://127.0.0.1:@T4@/%e4|https://127.0.0.1:@T4@/a:b@c|https://127.0.0.1:@T4@/a+b~c
HTTPS://127.0.0.1:@T4@|https://localhost:@T4@|https://LocalHost:@T4@/L
https://127.0.0.1:0@T4@|https://127.0.0.1:+@T4@|https://127.0.0.1:@T4@x
https://[::1]:@T6@|https://[::1]:@T6@/six|https://[0:0:0:0:0:0:0:1]:@T6@
https://[::ffff:127.0.0.1]:@T4@|https://::1:@T6@|https://[::1:@T6@
https://u@127.0.0.1:@T4@|https://u:p@127.0.0.1:@T4@|https://127.0.0.1:1
https:127.0.0.1:@T4@|https:/127.0.0.1:@T4@|//127.0.0.1:@T4@|https://
https://:@T4@|ftp://127.0.0.1:@T4@|wss://127.0.0.1:@T4@| https://127.0.0.1:@T4@
https://127.0.0.1:@T4@ |http://127.0.0.1:@P4@|http://127.0.0.1:@P4@/p/
HTTP://127.0.0.1:@P4@/x|127.0.0.1:@P4@|127.0.0.1:@P4@/|127.0.0.1:@P4@/x
localhost:@P4@|[::1]:@P6@|http://[::1]:@P6@/six|127.0.0.1:@T4@|unix:///x
http://127.0.0.1:@T4@|https://127.0.0.1:@P4@|127.0.0.1|/x|https://127.0.0.1:@T4@?
https://127.0.0.1:@T4@/a%|https://%31.0.0.1:@T4@|https://127.0.0.1:99999
https://127.0.0.1:@T4@/a"b<c>|https://127.0.0.1:@T4@/{a}|https://127.0.0.1:@T4@/a\\b
https://127.0.0.1:@T4@/p/.|https://127.0.0.1:@T4@/..|https://127.0.0.1:@T4@/a'b()*!'''
SERVERS = SERVERS.replace('|', '\n').split('\n')
GOOD_SERVERS = ['https://127.0.0.1:@T4@', 'https://[::1]:@T6@/six',
                'https://localhost:@T4@/p', 'https://127.0.0.1:@T4@/p/q']
# These are on this machine, and yet not what no proxy is ever used for.
FAR_SERVERS = ['https://0.0.0.0:@T4@', 'https://LOCALHOST:@T4@/p',
               'https://localhost.:@T4@', 'https://[::]:@T6@/six',
               'http://0.0.0.0:@P4@', 'http://LocalHost:@P4@/p',
               'http://[::]:@P6@']
PROXIES = ['http://127.0.0.1:@XH@', '127.0.0.1:@XH@', 'HTTP://127.0.0.1:@XH@/',
           'http://u:p%40q@127.0.0.1:@XH@', 'u:p@localhost:@XH@',
           'http://u@127.0.0.1:@XH@', 'http://[::ffff:127.0.0.1]:@XH@',
           'https://127.0.0.1:@XT@', 'https://u:p@localhost:@XT@/x?y',
           'socks5://127.0.0.1:@XS@', 'socks5h://127.0.0.1:@XS@',
           'SOCKS5H://u:p@127.0.0.1:@XS@', '']
BAD_PROXIES = ['http://127.0.0.1:@XH@/%zz', ' http://127.0.0.1:@XH@',
               'ftp://127.0.0.1:@XH@', 'http://127.0.0.1:1', '127.0.0.1:1']
EXEMPT = '''*|localhost|LOCALHOST|localhost.|.localhost|*.localhost|host|.host|.
*.|localhost:@T4@|localhost:@P4@|localhost:443|localhost:|*.localhost.:@T4@
0.0.0.0|0.0.0.0:@T4@|0.0.0.0:@P4@|0.0.0.0:80|0.0.0.0/0|0.0.0.0/32|0.0.0.1/31
0.0.0.1/32|1.0.0.0/7|1.0.0.0/8|000.0.0.0/8|000.0.0.0|.0.0|0|0.0|10.0.0.0/8
::|[::]|[::]:@T6@|[::]:@P6@|::/0|::/128|::/129|::1/127|fd00::/8|::ffff:0.0.0.0
::ffff:0.0.0.0/96|::ffff:0.0.0.0/95|0:0:0:0:0:0:0:0|[0.0.0.0]:@T4@|[localhost]
[LocalHost]:@T4@|:@T4@||a b|https://localhost|localhost/|127.0.0.1|x.example
0.0.0.0/|0.0.0.0/8:@T4@|0.0.0.0/08|::0.0.0.0|*:@T4@|0.0.0.0/33|*localhost'''
EXEMPT = EXEMPT.replace('\n', '|').split('|')
# of which these are for one of the servers
MEANT = ['0.0.0.0/8', '0.0.0.0', '0.0.0.1/31', '000.0.0.0/8', 'localhost',
         'LOCALHOST.', '[::]:@T6@', '::', '::1/127', '::ffff:0.0.0.0/96',
         '0.0.0.0:@P4@', 'localhost:@T4@', 'localhost:@P4@', '*']
# files of certificates, keys and tokens as a kubeconfig in a/ or b/ may name
# them
CAS = ['ca.crt', './ca.crt', '../a/ca.crt', '../b/../ca.crt', '@W@/a/ca.crt',
       'bundle.crt']
BAD_FILES = ['gone', '.', 'empty', 'token', '@W@/gone', '../gone/x', '~/ca.crt',
             'a/ca.crt', ' ca.crt', '$HOME/ca.crt']
BAD_CAS = BAD_FILES + ['other-ca.crt', 'client.key', 'server.crt']
CERTS = ['client.crt', './client.crt', '../b/client.crt', '@W@/client.crt']
BAD_CERTS = BAD_FILES + ['client.key', 'ca.crt', 'chain.crt']
BAD_KEYS = BAD_FILES + ['client.crt', '../b/client.key', 'locked.key']
TOKENS = ['token', './token', '../b/token', '@W@/token', 'sub/../token',
          'padded', 'lines']
BAD_TOKENS = ['gone', '.', 'empty', 'blank', '@W@/gone', 'control', 'inner']
DATA = ['aGk=', 'aGk', '!!!', '""', 'null', '[104, 105]', '5', '"a b"', 'true',
        '[]', '[300]', '[a]', '[null]', '{}', '"LS0t\\n"', '=', 'aGk=aGk=',
        'aGl=']
VALUES = ['a', '"system:masters"', "''", 'null', '5', '~', 'ü', '"a, b"',
          '" x "', '"a\\tb"', '"a\\nb"', 'true', '"5"', 'a b', '"é"', '[x]',
          '"a%20b"', '"\\x80"', '"\\x00"', 2 * 'long-']
EXTRA_KEYS = ['scopes', '"acme.com/project%\xe9"', '"a b"', '""', 'A', 'a',
              'x_y', '"ÄÖ"', '"a:b"', '"%41"', '5', 'true', 'null', '1.5',
              '"\\t"', '"a\\nb"', '"~!#$&*+-.^`|"', 'ünï', '"a(b)"', '~',
              '"x=y"', '"1"', 'yes', '0x10', '1e3', '2001-01-01', '-1']
NAMES = ['dev', 'prod', '"a b"', 'ü', '"5"', "'true'", 'x/y', 'a.b', '"a:b"',
         '"-"', "''", '"\\t"']
NAMESPACES = ['default', 'web', '"5"', 'Bad_NS', '""', 'null', '5', 'ns/web',
              '"a b"', 'ü', '"../x"', '"a/b"', 'kube-system', 'true', '[a]']


class Raw(str):
    """YAML as it is to stand in the file."""


def quoted(s):
    return Raw(json.dumps(s, ensure_ascii=False))


class Generator:
    def __init__(self, seed, number, pem):
        self.r = random.Random('%s/%d' % (seed, number))
        self.pem = pem
        self.far = self.chance(25)

    def one(self, *choices):
        return self.r.choice(choices)

    def chance(self, percent):
        return self.r.random() * 100 < percent

    def scalar(self):
        return Raw(self.r.choice(SCALARS + PLAIN))

    def text(self, odd):
        """A string, odd in so many percent."""
        return self.scalar() if self.chance(odd) else \
            Raw(self.r.choice(PLAIN))

    def path(self, good, bad, odd):
        if self.chance(odd):
            return self.scalar() if self.chance(15) else \
                quoted(self.r.choice(bad))
        return quoted(self.r.choice(good))

    def data(self, name, odd):
        """PEM text in base64, or what is none."""
        if self.chance(odd):
            return Raw(self.r.choice(DATA))
        text = base64.b64encode(self.pem[name]).decode()
        way = self.r.randrange(8)
        if way == 0:
            return Raw('"' + text[:40] + '\\n' + text[40:] + '"')
        if way == 1 and self.chance(2 * odd):
            return Raw('"' + text[:40] + self.one(' ', '\\t', '-', '\\r\\n')
                       + text[40:] + '"')
        if way == 2 and self.chance(3 * odd):
            return Raw('[' + ','.join(
                str(b) for b in self.pem[name]) + ']')
        return Raw(text)

    def server(self, odd):
        if self.far and self.chance(90):
            return quoted(self.r.choice(FAR_SERVERS))
        if self.chance(odd):
            return self.scalar() if self.chance(8) else \
                quoted(self.r.choice(SERVERS))
        return quoted(self.r.choice(GOOD_SERVERS))

    def cluster(self, odd):
        fields = [('server', self.server(2 * odd))]
        if self.chance(odd / 4):
            fields = []
        way = self.r.randrange(10)
        if way < 5:
            fields.append(('certificate-authority',
                           self.path(CAS, BAD_CAS, odd)))
        elif way < 9:
            fields.append(('certificate-authority-data',
                           self.data('ca.crt', odd)))
        if way == 9 or self.chance(odd / 4):
            fields.append(('insecure-skip-tls-verify', Raw(
                self.r.choice(BOOLS) if self.chance(2 * odd) else 'true')))
        if self.chance(odd / 3):
            fields.append(('certificate-authority-data',
                           self.data('ca.crt', odd)))
        if self.far and self.chance(95):
            fields.append(('tls-server-name', Raw('localhost')))
        if self.chance(odd):
            fields.append(('tls-server-name', self.one(
                Raw('localhost'), Raw('elsewhere.example'), Raw('127.0.0.1'),
                Raw('""'), Raw('"::1"'), Raw('LOCALHOST'), quoted('a b'),
                self.scalar())))
        if self.chance(odd / 6):
            fields.append(('disable-compression',
                           Raw(self.r.choice(BOOLS))))
        if self.chance(odd / 6):
            fields.append(('proxy-url', self.one(
                Raw('""'), Raw('null'), quoted('socks6://p'), quoted('p'),
                quoted('http://a b'), self.scalar())))
        if self.chance(odd / 6):
            fields.append(('extensions', self.extensions()))
        return self.twist(fields, odd)

    def extensions(self):
        return Raw(self.one(
            '[]', 'null', '[{name: a, extension: 5}]', '{}', 'a',
            '[{name: a, extension: [x]}, {name: a, extension: {}}]',
            '[{name: 5, extension: {}}]', '[null]', '[{extension: {a: b}}]',
            '[{name: a}, {name: b, extension: null}]'))

    def user(self, odd):
        fields = []
        # over plain http kconf sends no credentials
        if self.far and self.chance(8):
            return self.twist(fields, odd)
        way = self.r.randrange(12)
        if way < 4:
            fields.append(('token', self.text(2 * odd)))
        elif way < 6:
            fields.append(('tokenFile', self.path(TOKENS, BAD_TOKENS,
                                                  2 * odd)))
        elif way < 7:
            fields.append(('username', self.text(2 * odd)))
            fields.append(('password', self.text(2 * odd)))
        elif way < 11:
            self.pair(fields, odd)
        if self.chance(odd):
            fields.append(self.one(
                ('token', self.text(odd)), ('token', Raw('""')),
                ('tokenFile', self.path(TOKENS, BAD_TOKENS, 3 * odd)),
                ('username', self.text(odd)), ('password', self.text(odd)),
                ('client-key', Raw('client.key')),
                ('client-certificate', Raw('client.crt'))))
        if self.chance(odd / 2):
            self.pair(fields, odd)
        if self.chance(15 + odd):
            self.impersonate(fields, odd)
        return self.twist(fields, odd)

    def pair(self, fields, odd):
        if self.chance(50):
            fields.append(('client-certificate',
                           self.path(CERTS, BAD_CERTS, odd)))
        else:
            fields.append(('client-certificate-data',
                           self.data('client.crt', odd)))
        if self.chance(50):
            fields.append(('client-key', self.path(
                ['client.key', '@W@/client.key', 'sub/../client.key'],
                BAD_KEYS, odd)))
        else:
            fields.append(('client-key-data', self.data('client.key', odd)))
        if self.chance(odd):
            del fields[self.r.randrange(len(fields))]

    def impersonate(self, fields, odd):
        def some(n):
            return '[' + ', '.join(
                self.r.choice(VALUES if self.chance(30 + odd) else PLAIN)
                for _ in range(n)) + ']'

        if not self.chance(odd / 3):
            fields.append(('as', Raw(self.r.choice(VALUES))
                           if self.chance(odd) else self.text(odd / 2)))
        if self.chance(40):
            fields.append(('as-uid', Raw(self.r.choice(
                VALUES if self.chance(odd) else PLAIN))))
        if self.chance(50):
            fields.append(('as-groups', Raw(self.one(
                'x', '{}', 'null', '{a: b}', '[[a]]', '5'))
                if self.chance(odd / 3)
                else Raw(some(self.r.randrange(4)))))
        if self.chance(50):
            n = self.r.randrange(1, 4)
            items = [self.r.choice(EXTRA_KEYS if self.chance(50) else
                                   ['scopes', '"acme.com/x y"']) + ': ' +
                     (self.one('v', 'null', '{}', '5') if self.chance(odd / 4)
                      else some(self.r.randrange(3))) for _ in range(n)]
            fields.append(('as-user-extra', Raw(self.one(
                'x', '[]', 'null', '{}')) if self.chance(odd / 4)
                else Raw('{' + ', '.join(items) + '}')))

    def twist(self, fields, odd):
        """Order, and keys that are wrong, unknown or there twice."""
        if self.chance(20):
            self.r.shuffle(fields)
        if fields and self.chance(odd / 3):
            at = self.r.randrange(len(fields))
            key, value = fields[at]
            fields[at] = (self.one(key.title(), key.upper(), key.lower(),
                                   '"' + key + '"', key + ' ', '!!str ' + key,
                                   "'" + key + "'"), value)
        if fields and self.chance(odd / 4):
            key, value = self.r.choice(fields)
            fields.insert(self.r.randrange(len(fields) + 1), (
                key, self.one(value, self.scalar(), Raw('null'))))
        if self.chance(odd / 4):
            fields.append(self.one(
                ('unknown', self.scalar()), (Raw('5'), Raw('x')),
                (Raw('true'), Raw('x')), (Raw('null'), Raw('x')),
                (Raw('[a]'), Raw('x')), (Raw('1.5'), Raw('[x]')),
                (Raw('<<'), Raw('{token: merged, server: "https://'
                                '127.0.0.1:@T4@/merged"}')),
                (Raw('<<'), Raw('[{token: m1}, {token: m2, as: m}]')),
                (Raw('<<'), Raw('x'))))
        return fields

    def context(self, cluster, user, odd):
        fields = [('cluster', cluster), ('user', user)]
        if self.chance(50):
            fields.append(('namespace', Raw(self.r.choice(
                NAMESPACES if self.chance(odd) else ['web', 'kube-system']))))
        if self.chance(odd / 3):
            fields[self.r.randrange(len(fields))] = self.one(
                ('cluster', Raw('nope')), ('user', Raw('nope')),
                ('cluster', Raw('')), ('user', Raw('')),
                ('namespace', self.scalar()), ('user', self.scalar()))
        if self.chance(odd / 6):
            fields.append(('extensions', self.extensions()))
        return self.twist(fields, odd)

    def flow(self, fields):
        return '{' + ', '.join('%s: %s' % f for f in fields) + '}'

    def block(self, fields, indent):
        if not fields:
            return ' {}\n' if self.chance(70) else '\n'
        out = '\n'
        for key, value in fields:
            pad = ' ' * indent
            if value == 'abc' and self.chance(40):
                value = self.r.choice(BLOCKS).replace('{i}', pad + '  ')
                out += '%s%s: %s' % (pad, key, value)
            else:
                value = value.replace('\n', '\n' + pad)
                out += '%s%s:%s%s\n' % (
                    pad, key, self.one(' ', ' ', ' ', '  ', ' \t')
                    if self.chance(10) else ' ', value)
        return out

    def section(self, name, kind, entries, odd):
        if self.chance(odd / 8):
            return '%s: %s\n' % (name, self.one(
                '{}', 'null', '', 'x', '5', '[x]', '[null]', '[[]]',
                '[{}]', '[{name: 5}]', '[{name: null}]', '{a: b}'))
        if not entries:
            return self.one('', '%s: []\n', '%s:\n', '%s: null\n') \
                .replace('%s', name)
        out = name + ':\n'
        pad = self.one('', '  ')
        for title, fields in entries:
            if self.chance(odd / 10):
                out += pad + self.one('-\n', '- {}\n', '- null\n', '- x\n')
                continue
            if self.chance(40):
                out += '%s- {name: %s, %s: %s}\n' % (
                    pad, title, kind, self.flow(fields))
            elif self.chance(50):
                out += '%s- name: %s\n%s  %s:%s' % (
                    pad, title, pad, kind, self.block(fields, len(pad) + 4))
            else:
                out += '%s- %s:%s%s  name: %s\n' % (
                    pad, kind, self.block(fields, len(pad) + 4), pad, title)
        return out

    def names(self, odd):
        first = Raw(self.r.choice(NAMES)) if self.chance(odd) else Raw('main')
        return [first] + [Raw(n) for n in ('second', 'third')
                          [:self.r.randrange(3)]]

    def file(self, odd, share):
        """One kubeconfig; share are the names that another one has."""
        own = []
        for kind in range(3):
            names = self.names(odd)
            if share and self.chance(60):
                names = [n for n in share[kind] if self.chance(60)]
                names += [n for n in ('second', 'third') if n not in names]
            if self.chance(odd / 8) and names:
                names.append(names[0])
            own.append(names)
        clusters, users, contexts = own
        all_clusters = clusters + (share[0] if share else [])
        all_users = users + (share[1] if share else [])
        parts = [
            self.section('clusters', 'cluster', [
                (n, self.cluster(odd)) for n in clusters], odd),
            self.section('users', 'user', [
                (n, self.user(odd)) for n in users], odd),
            self.section('contexts', 'context', [
                (n, self.context(self.r.choice(all_clusters or ['main']),
                                 self.r.choice(all_users or ['main']), odd))
                for n in contexts], odd)]
        if self.chance(90) and (contexts or not share):
            parts.append('current-context: %s\n' % (
                self.scalar() if self.chance(odd / 5)
                else self.r.choice(contexts or ['main'])))
        if self.chance(70):
            parts.append('apiVersion: %s\n' % (self.one(
                'v1', '"v1"', 'v2', '1', 'null', '""', 'client/v1', 'V1')
                if self.chance(odd / 4) else 'v1'))
        if self.chance(70):
            parts.append('kind: %s\n' % (self.one(
                'Config', 'Pod', 'config', '5', 'null', '""')
                if self.chance(odd / 4) else 'Config'))
        if self.chance(odd / 3):
            parts.append(self.one(
                'preferences: {}\n', 'preferences: {colors: yes}\n',
                'preferences: x\n', 'preferences: {colors: 5}\n',
                'unknown: [1, {a: b}]\n', 'Clusters: []\n', 'Kind: Foo\n',
                'extensions: %s\n' % self.extensions(), 'APIVERSION: v9\n',
                'current-context: main\n', 'anchor: &x abc\n', '<<: {}\n',
                '<<: {current-context: second}\n', '5: x\n', 'null: x\n',
                'Current-Context: second\n', 'users: null\n', '"kind": Pod\n'))
        self.r.shuffle(parts)
        self.own = own
        return self.envelope(''.join(parts), odd)

    def envelope(self, text, odd):
        raw = text.encode()
        if not self.chance(odd / 2):
            return raw
        way = self.r.randrange(17)
        if way == 0:
            return b'---\n' + raw
        if way == 1:
            return b'\xef\xbb\xbf' + raw
        if way == 2:
            return raw.replace(b'\n', b'\r\n')
        if way == 3:
            return text.encode('utf-16')
        if way == 4:
            return raw + b'---\nkind: Pod\n'
        if way == 5:
            return raw + b'...\n\t{broken\n'
        if way == 6:
            return b'---\n---\n' + raw
        if way == 7:
            return b'%YAML 1.1\n---\n' + raw
        if way == 8:
            return b'%YAML 1.2\n---\n' + raw
        if way == 9:
            return raw + self.r.choice([b'\tx: y\n', b'x\n', b'\0', b'\xff\n',
                                        b'# \xfc\n', b'x: [\n', b'...\nx\n',
                                        b'x: \x01\n', b'x: *gone\n'])
        if way == 10:
            return self.r.choice([b'', b'# only\n', b'---\n', b'null\n', b'x\n',
                                  b'[]\n', b'{}\n', b'{', b'--- {}\n'])
        if way == 11:
            return raw.replace(b'\n', b'\r')
        if way == 12:
            return raw.replace(b': ', b' : ', 3)
        if way == 13:
            return b'# c\n\n' + raw.replace(b'\n', b' # c\n')
        if way == 14:
            return raw[:self.r.randrange(len(raw) + 1)]
        if way == 15:
            at = self.r.randrange(len(raw))
            return raw[:at] + bytes([self.r.randrange(256)]) + raw[at + 1:]
        return self.as_json(odd)

    def as_json(self, odd):
        def word(v):
            try:
                json.loads(v)
                return v
            except ValueError:
                return json.dumps(v, ensure_ascii=self.chance(50))

        def obj(fields):
            return '{' + ', '.join('%s: %s' % (word(k), word(v))
                                   for k, v in fields) + '}'
        text = ('{"clusters": [{"name": "main", "cluster": %s}],\n'
                '\t"users": [{"name": "main", "user": %s}],\n'
                '"contexts": [{"name": "main", "context": %s}],\n'
                '"current-context": "main"%s}%s' % (
                    obj(self.cluster(odd)), obj(self.user(odd)),
                    obj(self.context(Raw('main'), Raw('main'), odd)),
                    self.one('', '', ','), self.one('', '\n', ' x')))
        return text.encode()

    def options(self, odd):
        if not self.chance(45):
            return []
        def names(kind):
            found = [json.loads(n) if n[0] == '"' else n.strip("'")
                     for n in self.own[kind]] + ['main']
            return self.r.choice(found + ['second', 'nope', '']
                                 if self.chance(odd) else found)
        def word():
            return self.r.choice(
                ['', ' x', 'a b', 'ü', 'x ', 'a\tb', 'a\nb', 'ns/x', '-x']
                if self.chance(odd) else ['flag', 'one', 'two'])
        server = self.r.choice(SERVERS if self.chance(3 * odd)
                               else GOOD_SERVERS)
        ways = {
            '--context': lambda: names(2),
            '--cluster': lambda: names(0),
            '--user': lambda: names(1),
            '--server': lambda: server,
            '--token': word, '--as': word, '--as-group': word,
            '--as-uid': word, '--namespace': word,
            '--insecure-skip-tls-verify': lambda: self.one(
                'true', 'true', 'false', 'T', '1', '0', 'F', 'maybe', ''),
            '--certificate-authority': lambda: self.r.choice(
                BAD_CAS if self.chance(2 * odd)
                else ['ca.crt', 'a/ca.crt', '@W@/ca.crt']),
            '--client-certificate': lambda: self.r.choice(
                BAD_CERTS if self.chance(odd)
                else ['client.crt', 'a/client.crt']),
            '--client-key': lambda: self.r.choice(
                BAD_KEYS if self.chance(odd)
                else ['client.key', 'a/client.key']),
            '--tls-server-name': lambda: self.one(
                'localhost', 'elsewhere.example', '127.0.0.1', ''),
        }
        chosen = self.r.sample(sorted(ways), self.r.choice([1, 1, 1, 2, 2, 3]))
        if '--client-key' in chosen and self.chance(90):
            chosen.append('--client-certificate')
        if '--as-uid' in chosen and self.chance(80):
            chosen.append('--as')
        if '--as-group' in chosen:
            chosen += ['--as-group'] * self.r.randrange(3)
            if self.chance(80):
                chosen.append('--as')
        args = []
        for name in chosen:
            value = ways[name]()
            if name == '--namespace' and self.chance(50):
                args += ['-n', value]
            elif name.startswith('--insecure') or self.chance(50):
                args.append(name + '=' + value)
            else:
                args += [name, value]
        return args

    def proxies(self, odd):
        """The variables that say where the way leads through."""
        env = {}
        names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']
        for name in self.r.sample(names, self.r.choice([1, 2, 3, 4])):
            env[name] = self.r.choice(
                BAD_PROXIES if self.chance(odd) else PROXIES)
        if self.chance(10):
            env['ALL_PROXY'] = self.r.choice(PROXIES)
        for name in ('NO_PROXY', 'no_proxy'):
            if self.chance(55):
                env[name] = self.one(',', ',', ', ', ' ,\t').join(
                    self.r.choice(MEANT if self.chance(40) else EXEMPT)
                    for _ in range(self.r.choice([0, 1, 1, 2, 3, 4])))
        if self.chance(2 * odd):
            env['REQUEST_METHOD'] = self.one('GET', '')
        return env

    def situation(self):
        odd = self.one(0, 1, 2, 3, 4, 6, 9, 20)
        if self.far:
            odd = self.one(0, 0, 1, 2, 6)
        files = {'a/config': self.file(odd, None)}
        first = self.own
        env, args = {}, []
        way = self.r.randrange(20)
        if way < 9:
            args = ['--kubeconfig', self.one('a/config', '@W@/a/config',
                                             './b/../a/config')]
            if self.chance(2):
                args = ['--kubeconfig', self.one('a/gone', 'a', 'a/empty')]
            if self.chance(10):
                env = {'KUBECONFIG': 'b/config'}
                files['b/config'] = self.file(odd, first)
                self.own = first
        elif way < 12:
            env = {'KUBECONFIG': self.one('a/config', '@W@/a/config',
                                          ':a/config:', 'gone:a/config')}
        elif way < 19:
            files['b/config'] = self.file(odd, first)
            env = {'KUBECONFIG': self.one(
                'a/config:b/config', '@W@/a/config:@W@/b/config',
                'b/config:a/config', 'gone:a/config::b/config',
                'a/config:b/config:a/config', 'a/config:a/../b/config')}
            self.own = [x + y for x, y in zip(first, self.own)]
        else:
            env = self.one({}, {'KUBECONFIG': ''}, {'KUBECONFIG': 'gone:x'},
                           {'KUBECONFIG': 'a:a/config'}, {'KUBECONFIG': ':'},
                           {'KUBECONFIG': '~/.kube/config'})
        if self.far:
            env = dict(env, **self.proxies(odd))
        return {'files': files, 'env': env, 'args': args + self.options(odd)}


def situation(seed, number, pem):
    return Generator(seed, number, pem).situation()
