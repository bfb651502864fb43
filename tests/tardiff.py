#!/usr/bin/env python3
"""ktar-unpack side by side with GNU tar, bsdtar and Python's tarfile.

usage: tardiff.py [--mutate] [--each] FIRST COUNT [DIR]

For each seed from FIRST on, COUNT of them, a made-up tree is packed by some
writer (targen.py) and unpacked by all of them, in DIR.  With --mutate the
archive is damaged first, mostly so that its sums are right: then only what
ktar-unpack takes as good (status 0) is compared.

Prints a line for each difference: seed, writer, reader, kinds of difference,
and a path; and counts at the end.  The status is 1 when one of them is not in
KNOWN.
"""
import errno
import hashlib
import os
import random
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import time

import targen
import tarmutate

MASK = 0o022
NOW = time.time_ns()
HOUR = 3600 * 10**9


def digest(path, size):
    if size > 1 << 24 or not os.access(path, os.R_OK):
        return ''
    with open(path, 'rb') as f:
        return hashlib.md5(f.read()).hexdigest()


def look(top):
    """Path to what is there."""
    found, inodes = {}, {}
    todo = [b'']
    top = os.fsencode(top)
    while todo:
        where = todo.pop()
        for entry in os.scandir(os.path.join(top, where)):
            rel = os.path.join(where, entry.name)
            st = entry.stat(follow_symlinks=False)
            kind = stat.S_IFMT(st.st_mode)
            what = {'kind': oct(kind), 'mtime': st.st_mtime_ns}
            if kind == stat.S_IFLNK:
                what['target'] = os.readlink(entry.path)
            else:
                what['mode'] = oct(stat.S_IMODE(st.st_mode))
            if kind == stat.S_IFREG:
                what['content'] = st.st_size, digest(entry.path, st.st_size)
                what['blocks'] = st.st_blocks
            if kind == stat.S_IFDIR:
                todo.append(rel)
                if not os.access(entry.path, os.R_OK | os.X_OK):
                    os.chmod(entry.path, 0o700)
            elif st.st_nlink > 1:
                inodes.setdefault(st.st_ino, []).append(rel)
            found[rel] = what
    for names in inodes.values():
        for rel in names:
            found[rel]['links'] = sorted(names)
    return found


def differences(ours, theirs):
    """Kinds of difference, each with a path that shows it."""
    kinds = {}
    for rel in sorted(ours.keys() | theirs.keys()):
        if rel not in ours or rel not in theirs:
            kinds.setdefault('label' if rel == b'label' else
                             'missing' if rel in theirs else 'extra', rel)
            continue
        a, b = ours[rel], theirs[rel]
        what = {'0o40000': ' of a directory', '0o120000': ' of a link'}.get(
            a['kind'], ' of a hard link' if 'links' in a else '')
        for key in a.keys() | b.keys():
            if a.get(key) == b.get(key):
                continue
            if key == 'mtime' and all(
                    abs(x['mtime'] - NOW) < HOUR for x in (a, b)):
                continue
            if key == 'mtime' and abs(a['mtime'] - b['mtime']) < 10**5:
                key = 'ns'
            elif key == 'mtime' and a['mtime'] < 0 and a['mtime'] % 10**9:
                key = 'early'
            elif key == 'mtime' and a['mtime'] // 10**9 == b['mtime'] // 10**9:
                key = 'fraction'
            kinds.setdefault(key + what, rel)
    return kinds


def both(ours, one, other):
    """Ours, changed to what the two others agree on."""
    found = {}
    for rel in ours.keys() | one.keys() | other.keys():
        a, b, c = ours.get(rel), one.get(rel), other.get(rel)
        if a is None or b is None or c is None:
            if (b is None) == (c is None):
                a = b
        else:
            a = {key: b[key] if key in b and b.get(key) == c.get(key) else
                 a.get(key) for key in a.keys() | b.keys()}
            if b.get('links') == c.get('links') is None:
                a.pop('links', None)
        if a is not None:
            found[rel] = a
    return found


def packed(base, fractions):
    """The tree, as the umask lets it be unpacked."""
    found = {at: what for at, what in look(base).items()
             if at.split(b'/')[0] == b't'}
    for what in found.values():
        if 'mode' in what:
            what['mode'] = oct(int(what['mode'], 8) & 0o777 & ~MASK)
        if not fractions:
            what['mtime'] -= what['mtime'] % 10**9
    return found


def python_reader(tar, into):
    with tarfile.open(tar, 'r:', errors='surrogateescape') as t:
        members = t.getmembers()
        for m in members:
            if m.isdev() or m.name.startswith('/') or '..' in m.name.split(
                    '/') or m.linkname.startswith('/'):
                raise ValueError('leads outside: ' + m.name)
            m.mode &= 0o777 & ~MASK
            m.uid, m.gid = os.geteuid(), os.getegid()
            m.uname = m.gname = ''
        t.extraction_filter = lambda member, path: member
        t.extractall(into, members, numeric_owner=True)


READERS = {
    'GNU tar': ['tar', '-xf', '-', '--no-same-owner', '--no-same-permissions',
                '--delay-directory-restore'],
    'bsdtar': ['bsdtar', '-xf', '-', '-o', '--no-same-permissions'],
    'Python': python_reader,
}

# (writer, reader, kinds): a difference of such a kind is not ours, for the
# reason that is said.
KNOWN = [
    # only -S looks for holes
    ('GNU tar.*', 'the tree', 'blocks.*'),
    # as ktar-pack(1) says, symbolic links with several names become several
    ('ktar-pack.*', 'the tree', 'blocks.*|links of a link'),
    # hard links to a symbolic link that comes again keep the first
    ('.*, listed', 'GNU tar', 'links of a link'),
    # of a directory that comes twice they take the first
    ('.*', 'bsdtar and Python', '[a-z]+ of a directory'),
    # only with --each: it sets no times of links, and knows those of pax as
    # floating-point numbers; a label is a file to it; hard links get what their
    # own header says; what is there already it writes into
    ('.*', 'Python', '(mtime|early|fraction) of a link|(ns|fraction).*|label|'
     'links.*|.* of a hard link'),
    # only with --each: it adds the fraction to a time before 1970; a directory
    # that comes behind what is in it stays as it was made
    ('.*', 'bsdtar', 'early.*|ns.*|(mode|mtime|fraction) of a directory'),
]
# Writers that leave nothing out of what they can write at all.
EXACT = 'GNU tar, (oldgnu|gnu|posix)|ktar-pack, gnu'


def unpack(command, tar, into, piped=False):
    os.mkdir(into)
    if callable(command):
        try:
            command(tar, into)
            return 0, b''
        except Exception as e:  # whatever it is, it did not unpack
            return 2, repr(e).encode()
    with open(tar, 'rb') as f:
        stdin = {'input': f.read()} if piped else {'stdin': f}
        done = subprocess.run(command, cwd=into, env=targen.ENV, check=False,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, **stdin)
    return done.returncode, done.stderr


def clear(top):
    if not targen.ROOT:
        subprocess.run(['chmod', '-R', 'u+rwx', top],
                       stderr=subprocess.DEVNULL, check=False)
    shutil.rmtree(top, ignore_errors=True)


class Run:
    def __init__(self, at):
        self.at, self.took, self.new = at, 0, 0
        # a file system in memory holds any time
        self.wide = at.startswith('/dev/shm')
        self.count = {}

    def note(self, seed, writer, reader, kinds, paths=(), said=b''):
        kinds = {kind for kind in kinds if not any(
            re.fullmatch(w, writer) and re.fullmatch(r, reader) and
            re.fullmatch(k, kind) for w, r, k in KNOWN)}
        if not kinds:
            return
        self.new += 1
        for kind in sorted(kinds):
            key = writer, reader, kind
            self.count[key] = self.count.get(key, 0) + 1
            path = dict(paths).get(kind, b'')
            print('%d: %s, %s: %s: %s %s' % (
                seed, writer, reader, kind, ascii(path)[1:60],
                ascii(said)[1:160]))

    def one(self, seed, mutate, each):
        try:
            self.all_readers(seed, mutate, each)
        except OSError as e:
            # a tree that is too deep to look at from outside
            if not mutate or e.errno != errno.ENAMETOOLONG:
                raise

    def all_readers(self, seed, mutate, each):
        r = random.Random(seed)
        base = os.path.join(self.at, 'w')
        clear(base)
        os.mkdir(base)
        tar = os.path.join(base, 't.tar')
        writer, whole = targen.archive(r, base, self.wide)
        if mutate:
            tarmutate.mutate(r, tar)
        # data goes from a pipe to a file in other ways than from a file
        status, said = unpack(['ktar-unpack', '.'], tar, base + '/ours',
                              piped=seed % 4 != 0)
        # the target of a hard link may be what was left out
        if status != 0 and (mutate or (status == 1 and unpack(
                READERS['GNU tar'], tar, base + '/GNUtar')[0] != 0)):
            return
        if status != 0:
            self.note(seed, writer, 'ktar-unpack', {'status %d' % status},
                      said=said)
        self.took += 1
        ours = look(base + '/ours')
        if not mutate and whole and re.fullmatch(EXACT, writer):
            self.compare(seed, writer, 'the tree', ours,
                         packed(base, 'posix' in writer))
        found = {}
        for reader, command in READERS.items():
            into = base + '/' + reader.replace(' ', '')
            code, words = unpack(command, tar, into)
            # what fails aloud misleads nobody
            if code == 0:
                found[reader] = look(into)
            elif each:
                self.note(seed, writer, reader, {'fails'}, said=words)
            if code == 0 and (each or reader == 'GNU tar'):
                self.compare(seed, writer, reader, ours, found[reader], words)
        if 'bsdtar' in found and 'Python' in found:
            self.compare(seed, writer, 'bsdtar and Python', ours,
                         both(ours, found['bsdtar'], found['Python']))

    def compare(self, seed, writer, reader, ours, theirs, said=b''):
        kinds = differences(ours, theirs)
        if kinds:
            self.note(seed, writer, reader, set(kinds), kinds, said)


def main():
    args = sys.argv[1:]
    mutate = '--mutate' in args and not args.remove('--mutate')
    each = '--each' in args and not args.remove('--each')
    first, count = int(args[0]), int(args[1])
    os.umask(MASK)
    run = Run(args[2] if len(args) > 2 else os.getcwd())
    for seed in range(first, first + count):
        run.one(seed, mutate, each)
    clear(os.path.join(run.at, 'w'))
    for key, n in sorted(run.count.items(), key=lambda x: -x[1]):
        print('# %5d  %s' % (n, '; '.join(key)))
    print('# %d archives, of which ktar-unpack took %d; %d differences that '
          'are not known' % (count, run.took, run.new))
    sys.exit(run.new > 0)


if __name__ == '__main__':
    main()
