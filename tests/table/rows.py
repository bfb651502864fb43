"""Reads the files of rows; tests/README.md says what a row may have."""
import codecs
import re
import shlex

ONCE = {'cluster', 'user', 'context', 'current', 'top', 'read', 'args', 'env',
        'each', 'fails', 'exit', 'run', 'kubectl', 'alone', 'differs',
        'stdin', 'pod', 'memory', 'coding', 'newline', 'without'}
MANY = {'has', 'hasnt', 'says', 'leaves', 'spares'}
NAMED = {'file', 'bytes', 'make', 'link'}
HEAD = re.compile(r'== ([0-9.]+) (.+)')
KEY = re.compile(r'([a-z]+)(?: ([^:]+))?:(?:[ \t]+(.*))?')
VARIABLE = re.compile(r'<([a-zA-Z0-9-]+)>')


class Row:
    """One row: its section, its name, and its keys."""

    def __init__(self, section, name, where):
        self.section = section
        self.name = name
        self.where = where
        self.one = {}
        self.many = {key: [] for key in MANY}
        self.named = {key: {} for key in NAMED}

    def get(self, key, default=None):
        return self.one.get(key, default)


def fault(where, what):
    raise SystemExit('%s: %s' % (where, what))


def parse(path):
    """The rows of a file, before each alternative has become its own."""
    rows, row, put = [], None, None
    with open(path, encoding='utf-8') as f:
        for number, line in enumerate(f, 1):
            where = '%s:%d' % (path, number)
            line = line.rstrip('\n')
            if line.startswith('\t') and put:
                put(line[1:])
            elif not line.strip():
                if put:
                    put('')
            elif line.startswith('#'):
                pass
            elif HEAD.fullmatch(line):
                row = Row(*HEAD.fullmatch(line).groups(), where)
                rows.append(row)
                put = None
            elif row and KEY.fullmatch(line):
                put = add(row, *KEY.fullmatch(line).groups(), where)
            else:
                fault(where, 'neither a key nor the head of a row')
    return rows


def add(row, key, name, value, where):
    """Puts a value; returns what takes the lines that go on with it."""
    if key in NAMED and name:
        store, at = row.named[key], name
    elif key in MANY and not name:
        store, at = row.many[key], len(row.many[key])
        store.append('')
    elif key in ONCE and not name:
        store, at = row.one, key
    else:
        fault(where, 'no such key')
    if at in store and key not in MANY:
        fault(where, 'a second time')
    store[at] = value or ''
    lines = [] if value is None else None

    def more(line):
        if lines is None:
            if line:
                fault(where, 'a value on its line goes on below it')
            return
        lines.append(line)
        store[at] = '\n'.join(lines).rstrip('\n') + '\n'
    return more


def alternatives(row):
    """What stands for <1> and <2> in each row that this row is."""
    each = row.get('each')
    if each is None:
        return [{}]
    if '\n' not in each:
        return [{'1': word, '2': word} for word in each.split()]
    found = []
    for line in each.splitlines():
        given, arrow, result = line.partition(' -> ')
        found.append({'1': given, '2': result if arrow else given})
    return found


def substitute(text, values, where):
    def one(match):
        if match.group(1) not in values:
            fault(where, '<%s> stands for nothing' % match.group(1))
        return values[match.group(1)]
    return VARIABLE.sub(one, text)


def expand(row, values):
    """The rows that this row is, with all that is in < and > filled in."""
    for choice in alternatives(row):
        choice = {k: substitute(v, values, row.where)
                  for k, v in choice.items()}

        def fill(text, known={**values, **choice}):
            return substitute(text, known, row.where)
        new = Row(row.section, row.name, row.where)
        if choice:
            new.name += ': ' + choice['1']
        new.one = {k: fill(v) for k, v in row.one.items()}
        new.many = {k: [fill(v) for v in vs] for k, vs in row.many.items()}
        new.named = {k: {fill(n): fill(v) for n, v in vs.items()}
                     for k, vs in row.named.items()}
        if not (new.many['has'] or new.many['hasnt'] or new.many['leaves'] or
                'fails' in new.one):
            fault(row.where, 'nothing is expected of it')
        yield new


def kubeconfig(row, cluster):
    """The text of the file f; cluster is the one that rows talk to."""
    def part(key, default, indent):
        text = row.get(key, default)
        if '\n' in text:
            return '\n' + ''.join('%*s%s\n' % (indent, '', line)
                                  for line in text.splitlines())
        return ' {%s}\n' % text
    text = '%scurrent-context: %s\n' % (
        row.get('top', ''), row.get('current', 'c'))
    text += 'clusters:\n- name: k\n  cluster:' + part(
        'cluster', cluster, 4)
    text += 'contexts:\n- name: c\n  context:' + part(
        'context', 'cluster: k, user: u', 4)
    text += 'users:\n- name: u\n  user:' + part('user', 'token: t', 4)
    text += '- {name: other, user: {token: other}}\n'
    return text


def encoded(row, text):
    newline = row.get('newline')
    if newline:
        text = text.replace('\n', codecs.decode(newline, 'unicode_escape'))
    coding = row.get('coding', 'utf-8')
    if coding.startswith('utf-16'):
        text = '\ufeff' + text
    return text.encode(coding)


def files(row, make, cluster):
    """The files of the row: name to bytes."""
    found = {}
    for name, text in row.named['file'].items():
        found[name] = encoded(row, text) if name == 'f' else text.encode()
    for name, text in row.named['bytes'].items():
        text = text.rstrip('\n').encode('utf-8')
        found[name] = codecs.escape_decode(text)[0]
    for name, text in row.named['make'].items():
        what, *args = text.split()
        found[name] = make[what](*args).encode()
    if 'f' not in found and row.get('read', 'f') == 'f':
        found['f'] = encoded(row, kubeconfig(row, cluster))
    return found


def words(text):
    return shlex.split(text or '')
