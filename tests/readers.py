#!/usr/bin/env python3
"""What each reader makes of each kind of member that ktar-pack sends.

    readers.py PAGE FORMAT READER...

packs each case in FORMAT, lets each READER unpack it, and compares the tree with
what was packed: types, modes, owners, times, contents, targets, and which names
are links of each other.  Where READER, or the format, cannot hold a case, the
difference has to be the one that EXCEPTIONS has, and the words that it has for
it have to stand in PAGE, the manual page.  Prints TAP, without numbers.
"""
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile

ROOT = os.geteuid() == 0
DAY = 981173106


def put(path, mode=0o644, time=DAY, ns=0, text=None):
    with open(path, 'wb') as f:
        f.write(os.fsencode(path)[-20:] if text is None else text)
    os.chmod(path, mode)
    os.utime(path, ns=(0, time * 10**9 + ns))


def down(length):
    """Goes as far down as makes the path of a file here LENGTH bytes, and
    returns the name for it; the path begins with the case, c/."""
    length -= 2
    while length > 100:
        name = 'd' * 49
        os.mkdir(name)
        os.chdir(name)
        length -= 50
    return 'f' * length


def path(length):
    return lambda: put(down(length))


def name(text):
    def make():
        put(text)
        os.mkdir(os.fsencode(text) + b'.d')
        put(os.fsencode(text) + b'.d/x')
        os.symlink(text, os.fsencode(text) + b'.l')
    return make


def target(length):
    return lambda: os.symlink('t' * length, 'link')


def hard(length):
    def make():
        put('a' * length)
        os.link('a' * length, 'b')
        os.link('a' * length, 'c')
    return make


def hard_symlink():
    os.symlink('somewhere', 'a')
    os.link('a', 'b', follow_symlinks=False)


def modes():
    for mode in 0o400, 0o600, 0o777, 0o4755, 0o2755, 0o1644, 0o6711:
        put('%o' % mode, mode)


def directories():
    for mode in 0o700, 0o755, 0o1777, 0o2775:
        os.makedirs('%o/in' % mode)
        put('%o/file' % mode)
        put('%o/in/file' % mode)
    os.mkdir('empty')


def directory_modes():
    directories()
    for mode in 0o700, 0o755, 0o1777, 0o2775:
        os.chmod('%o' % mode, mode)


def directory_read_only():
    os.makedirs('shut/in')
    put('shut/file')
    os.chmod('shut', 0o555)


def time(at, ns=0):
    def make():
        put('file', time=at, ns=ns)
        os.mkdir('dir')
        TIMES['dir'] = at * 10**9 + ns
    return make


def owner(uid, gid):
    def make():
        put('file')
        os.chown('file', uid, gid)
    return make


def deep():
    for _ in range(400):
        os.mkdir('dd')
        os.chdir('dd')
    put('file')


def sizes():
    for n in 0, 1, 511, 512, 513, 10239, 10240, 65536, 65537, 300000:
        put(str(n), text=os.urandom(n))


def special():
    put('file')
    os.mkfifo('fifo')
    os.mkfifo('.fifo')


CASES = {
    'path 99': path(99), 'path 100': path(100), 'path 101': path(101),
    'path 155': path(155), 'path 156': path(156), 'path 255': path(255),
    'path 256': path(256), 'path 257': path(257), 'path 1000': path(1000),
    'path 4000': path(4000),
    'name 98': name('n' * 98), 'name 251': name('n' * 251),
    'name UTF-8': name('\u00e9\u65e5\U0001f600'),
    'name raw': name(b'\xff\xfe\xc3'),
    'name newline': name('a\nb\n'), 'name dash': name('--help'),
    'name blank': name(' a b '), 'name escape': name('a\033[31m\177'),
    'name pattern': name('[a]*?{b}'), 'name backslash': name('\\a\\n'),
    'target 99': target(99), 'target 100': target(100),
    'target 101': target(101), 'target 256': target(256),
    'target 4000': target(4000), 'target 4095': target(4095),
    'target UTF-8': lambda: os.symlink('\u00e9', 'link'),
    'target raw': lambda: os.symlink(b'\xff/x', 'link'),
    'hard link': hard(3), 'hard link 97': hard(97), 'hard link 98': hard(98),
    'hard link 99': hard(99), 'hard link 155': hard(155),
    'hard link 255': hard(255), 'hard link to a symlink': hard_symlink,
    'modes': modes, 'directories': directories,
    'directory modes': directory_modes,
    'directory that is read-only': directory_read_only,
    'sizes': sizes, 'special': special, 'deep': deep,
    'time 0': time(0), 'time 2^31': time(2**31), 'time 2^32': time(2**32 + 5),
    'time 2^33-1': time(2**33 - 1), 'time 2^33': time(2**33),
    'time -1': time(-1), 'time 1920': time(-1577923200),
    'fraction': time(DAY, 123456700), 'fraction before 1970': time(-5, 5 * 10**8),
    'owner 2097151': owner(2097151, 2097151),
    'owner 2097152': owner(2097152, 2097152),
    'owner 4294967294': owner(4294967294, 4294967294),
}
TIMES = {}

PYTHON = None
READERS = {
    'GNU tar': ['tar', '-xpf', '-'],
    'bsdtar': ['bsdtar', '-xpf', '-'],
    'busybox': ['busybox', 'tar', '-xpf', '-'],
    'toybox': ['toybox', 'tar', '-xpf', '-'],
    'ktar-unpack': ['ktar-unpack', '-p'] + ['--same-owner'] * ROOT,
    'Python': PYTHON,
    'perl': ['perl', '-MArchive::Tar', '-e', '''
        $Archive::Tar::SAME_PERMISSIONS = 1;
        binmode STDIN;
        my $t = Archive::Tar->new(\\*STDIN) or die Archive::Tar->error;
        $t->extract or die $t->error'''],
}

# What a reader does for no case at all, and what the page says of it.
NEVER = {
    'busybox': ({'mtime of a directory'},
                'no times of directories that have something in them'),
    'perl': ({'mtime of a directory', 'ns of a directory'},
             'no times and modes of directories'),
}

LONG_LINK = r'name 251|target (101|256|4000|4095)'
LONG_HARD = r'hard link (99|155|255)'
EARLY = r'time (-1|1920)|fraction before 1970'
BIG_OWNER = r'owner (2097152|4294967294)'

# (format, reader, case), regular expressions: the kinds of difference, and what
# the page says of it.
EXCEPTIONS = [
    ('.*', '.*', 'hard link to a symlink', 'links',
     'Symbolic links with several names are packed as several links.'),
    ('ustar', '.*', r'path (25[567]|1000|4000)|deep|%s|%s|%s|%s|time 2\^33' % (
        LONG_LINK, LONG_HARD, EARLY, BIG_OWNER), 'refused',
     'What it cannot hold is named and left out'),
    ('gnu', 'busybox', 'target 4095', 'fails, missing',
     'no link target of 4095 bytes, at which it fails'),
    ('pax', 'busybox|toybox', 'fraction', 'ns, ns of a directory',
     'no fractions of seconds'),
    ('pax', 'Python', 'fraction', 'ns, ns of a directory',
     'no fractions finer than a microsecond'),
    ('gnu|pax', 'toybox', EARLY, 'fails, missing, mtime of a directory',
     'no times before 1970, at which it fails'),
    ('pax', 'toybox', LONG_LINK, 'target',
     'it cuts targets of links to 100 bytes'),
    ('pax', 'toybox', LONG_HARD, 'fails, missing',
     'and fails at hard links to longer names'),
    ('.*', 'perl', 'directory (modes|that is read-only)',
     'mode of a directory',
     'no times and modes of directories'),
    ('gnu', 'perl', LONG_LINK, 'extra, target',
     'no targets of links of more than 100 bytes'),
    ('gnu', 'perl', LONG_HARD, 'extra, fails, missing',
     'no targets of links of more than 100 bytes'),
    ('gnu|pax', 'perl', EARLY + r'|time 2\^33', 'mtime',
     'no times before 1970 or after 2242'),
    ('gnu|pax', 'perl', BIG_OWNER, 'owner', 'no owners above 2097151'),
    ('pax', 'perl', 'fraction', 'ns', 'nothing that stands in a record'),
    ('pax', 'perl', r'target (101|256|4000|4095)', 'target',
     'nothing that stands in a record'),
    ('pax', 'perl', 'path 25[567]', 'extra, missing',
     'nothing that stands in a record'),
    ('pax', 'perl', 'path (1000|4000)|name 251', 'extra, fails, missing',
     'nothing that stands in a record'),
    ('pax', 'perl', 'deep|hard link 99', 'fails, missing',
     'nothing that stands in a record'),
    ('pax', 'perl', 'hard link (155|255)', 'extra, links, missing',
     'nothing that stands in a record'),
]
if not ROOT:
    EXCEPTIONS += [
        ('.*', 'busybox', 'modes', 'mode', 'takes for an ordinary user'),
        ('.*', 'busybox', 'directory modes', 'mode of a directory',
         'takes for an ordinary user'),
        ('.*', 'busybox|toybox', 'directory that is read-only',
         'fails, missing', 'may not write to its directories'),
    ]


def tree(top, fmt):
    """What is beneath TOP: for each path its kind and attributes."""
    found, inodes = {}, {}
    sep = os.sep.encode()

    def look(fd, where):
        for leaf in sorted(os.listdir(fd)):
            leaf = os.fsencode(leaf)
            st = os.lstat(leaf, dir_fd=fd)
            at = where + sep + leaf if where else leaf
            kind = st.st_mode >> 12
            what = {'kind': kind, 'owner': (st.st_uid, st.st_gid)}
            if kind == 0o12:
                what['target'] = os.readlink(leaf, dir_fd=fd)
            else:
                what['mode'] = st.st_mode & 0o7777
                what['mtime'], ns = divmod(st.st_mtime_ns, 10**9)
                # what every format can say, and pax
                what['ns'] = ns if fmt == 'pax' and what['mtime'] >= 0 else 0
                what['was'] = ns
            if kind == 0o10:
                f = os.open(leaf, os.O_RDONLY, dir_fd=fd)
                with open(f, 'rb') as f:
                    what['content'] = hashlib.sha256(f.read()).digest()
            what['links'] = inodes.setdefault(st.st_ino, at)
            found[at] = what
            if kind == 0o04:
                below = os.open(leaf, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=fd)
                look(below, at)
                os.close(below)

    fd = os.open(top, os.O_RDONLY)
    look(fd, b'')
    os.close(fd)
    return found


def differences(want, got):
    kinds = set()
    for at in want.keys() | got.keys():
        if at not in got:
            kinds.add('missing')
        elif at not in want:
            kinds.add('extra')
        else:
            for key in want[at]:
                a, b = want[at][key], got[at].get(key)
                if key == 'was' or (key == 'owner' and not ROOT):
                    continue
                if key == 'ns':
                    if want[at]['mtime'] != got[at].get('mtime'):
                        continue
                    b = got[at].get('was')
                if a != b:
                    kinds.add(key + ' of a directory'
                              if want[at]['kind'] == 0o04 else key)
    return kinds


def python_reader(tar, into):
    """tarfile, as a stream, in a directory of its own."""
    with open(tar, 'rb') as f:
        t = tarfile.open(fileobj=f, mode='r|')
        t.extraction_filter = lambda member, path: member
        t.extractall(into, numeric_owner=True)


def unpack(reader, tar, into):
    command = READERS[reader]
    with open(tar, 'rb') as f:
        if command is PYTHON:
            return subprocess.run(
                [sys.executable, '-c', 'import readers, sys\n'
                 'readers.python_reader("/dev/stdin", sys.argv[1])', into],
                stdin=f, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                env=dict(os.environ, PYTHONPATH=os.path.dirname(__file__)))
        return subprocess.run(command, stdin=f, cwd=into,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE,
                              env=dict(os.environ, LC_ALL='C.UTF-8'))


def remove(top):
    if not ROOT:
        subprocess.run(['chmod', '-R', 'u+rwx', top], stderr=subprocess.DEVNULL)
    shutil.rmtree(top, ignore_errors=True)


def make(case):
    """The case in ./c, all times set; whether this file system has it."""
    home = os.getcwd()
    TIMES.clear()
    os.mkdir('c')
    os.chdir('c')
    try:
        CASES[case]()
    except OSError as e:
        print('# %s: not here: %s' % (case, e.strerror))
        return False
    finally:
        os.chdir(home)
    for at, dirs, files, fd in os.fwalk('c', topdown=False):
        for leaf in dirs:
            if not os.path.islink(os.path.join(at, leaf)):
                os.utime(leaf, ns=(0, TIMES.get(leaf, DAY * 10**9)),
                         dir_fd=fd)
    os.utime('c', ns=(0, DAY * 10**9))
    return True


class Count:
    cases = exceptions = bad = 0


def judge(count, fmt, reader, case, kinds, page):
    """Whether the difference is the one that is known, and said."""
    kinds = ', '.join(sorted(kinds))
    known = [(k, words) for f, r, c, k, words in EXCEPTIONS
             if re.fullmatch(f, fmt) and re.fullmatch(r, reader) and
             re.fullmatch(c, case)]
    count.cases += 1
    if not kinds and not known:
        return
    if not kinds and known[0][0] not in ('refused', 'links'):
        print('# %s, %s, %s: better than is known' % (fmt, reader, case))
        return
    count.exceptions += 1
    if [k for k, _ in known] != [kinds] or any(
            words not in page for _, words in known):
        count.bad += 1
        print('# %s, %s, %s: %s; known: %s' % (fmt, reader, case,
                                               kinds or 'the same', known))


def run(fmt, readers, page):
    counts = {reader: Count() for reader in readers}
    for case in CASES:
        if case.startswith('owner') and not ROOT:
            continue
        made = make(case)
        with open('tar', 'wb') as f:
            packed = subprocess.run(['ktar-pack', '-q', '--format', fmt, 'c'],
                                    stdout=f, stderr=subprocess.PIPE)
        want = {at: what for at, what in tree('.', fmt).items()
                if at.split(b'/')[0] == b'c' and what['kind'] != 0o01}
        for reader in readers if made else []:
            kinds, rc = set(), None
            if packed.returncode != (case == 'special'):
                kinds.add('refused')
            else:
                os.mkdir('into')
                rc = unpack(reader, 'tar', 'into')
                if rc.returncode:
                    kinds.add('fails')
                kinds |= differences(want, tree('into', fmt))
                kinds -= NEVER.get(reader, (set(), ''))[0]
                remove('into')
            bad = counts[reader].bad
            judge(counts[reader], fmt, reader, case, kinds, page)
            if counts[reader].bad > bad and rc and rc.stderr:
                print('#   %s' % ascii(rc.stderr[-200:]))
        remove('c')
    for reader, c in counts.items():
        print('%sok - %s, %s: %d cases, of which %d as ktar-pack(1) says'
              % ('not ' if c.bad else '', fmt, reader, c.cases, c.exceptions))


if __name__ == '__main__':
    os.umask(0)
    sys.setrecursionlimit(5000)
    with open(sys.argv[1]) as f:
        text = ' '.join(f.read().split())
    for reader, (kinds, words) in NEVER.items():
        print('%sok - %s: never %s' % ('' if words in text else 'not ', reader,
                                       ', '.join(sorted(kinds)) or 'wrong'))
    run(sys.argv[2], sys.argv[3:], text)
