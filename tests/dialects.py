"""The table of 57-unpack-dialects.t: who writes which dialect, and what of a
tree that dialect can hold.  A writer that is not installed is a skip by name."""
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tarfile

sys.path.insert(0, os.path.join(os.environ['KPIPE_TESTS'], 'hostile'))
from tar import END, body, header, octal, pax  # noqa: E402

count = 0


def tap(good, name, why=()):
    global count
    count += 1
    print('%sok %d - %s' % ('' if good else 'not ', count, name))
    for line in list(why)[:8]:
        print('# ' + line.encode('ascii', 'backslashreplace').decode())
    sys.stdout.flush()


def skip(name, why):
    global count
    count += 1
    print('ok %d - %s # SKIP %s' % (count, name, why))


# What a dialect cannot hold is left out of its tree.
def make_tree(top, long=255, odd=True, old=True, late=True, hardsym=True):
    def put(name, data, mode=0o644, when=1000000000.5):
        path = os.path.join(os.fsencode(top), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as f:
            f.write(data)
        os.chmod(path, mode)
        stamp(path, when)

    def stamp(path, when):
        ns = int(when) * 10**9 + int(when % 1 * 10**9)
        os.utime(path, ns=(ns, ns), follow_symlinks=False)

    for size in (0, 1, 511, 512, 513, 10240, 70000, 2500000):
        put(b'sizes/%d' % size, os.urandom(size), when=981173106.123456789)
    for mode in (0o600, 0o640, 0o444, 0o755, 0o711, 0o700):
        put(b'modes/%o' % mode, b'x', mode)
    put(b'names/plain', b'x')
    for n in (99, 100, 101, 155, 156, 200, 255):
        if n < long:
            put(b'names/' + b'n' * (n - 8), b'x' * n)
            put(b'd' * 90 + b'/' + b'e' * max(1, n - 100), b'y')
    if long > 300:
        put(b'/'.join([b'p' * 100] * 9) + b'/end', b'deep')
    if odd:
        for name in ('caf\u00e9'.encode(), '\u65e5\u672c'.encode(),
                     b'new\nline', b'-dash', b'two  blanks', b'back\\slash',
                     b'C:', b'quo"te', b'... '):
            put(b'odd/' + name, name)
    put(b'links/f', b'linked', when=999999999)
    at = os.path.join(top, 'links')
    os.link(at + '/f', at + '/hard')
    os.link(at + '/f', top + '/hard')
    for name, target in (('sym', 'f'), ('up', '../sizes/1'), ('gone', 'none'),
                         ('long', 't' * (90 if long < 200 else 180))):
        os.symlink(target, at + '/' + name)
        stamp(at + '/' + name, 1234567890.25)
    if hardsym:
        os.link(at + '/sym', at + '/hardsym', follow_symlinks=False)
    if old:
        put(b'times/old', b'x', when=-86400 * 365)
    if late:
        put(b'times/late', b'x', when=2**33 + 5)
    put(b'times/2040', b'x', when=2209032000)
    put(b'shut/in', b'x')
    os.makedirs(top + '/empty/of/files')
    for where, dirs, _ in os.walk(top, topdown=False):
        for name in dirs:
            path = os.path.join(where, name)
            if not os.path.islink(path):
                stamp(path, 1100000000 + len(path) + .75)
    os.chmod(top + '/shut', 0o555)
    os.chmod(top + '/empty', 0o750)
    stamp(top, 1200000000)


def look(top, grain, of=''):
    """Name to what is there; times in grains of so many nanoseconds."""
    seen, first = {}, {}
    top = os.fsencode(top)
    for where, dirs, files in os.walk(top):
        for name in dirs + files:
            path = os.path.join(where, name)
            rel = os.path.relpath(path, top)
            st = os.lstat(path)
            kind = stat.S_IFMT(st.st_mode)
            what = [oct(kind), st.st_mtime_ns // grain]
            if kind == stat.S_IFLNK:
                what = [oct(kind), os.readlink(path)] + (
                    [] if of == 'no link times' else what[1:])
            else:
                what.append(oct(stat.S_IMODE(st.st_mode)))
            if kind == stat.S_IFREG:
                with open(path, 'rb') as f:
                    what += [st.st_size, hashlib.sha256(f.read()).hexdigest()]
            if kind != stat.S_IFDIR and st.st_nlink > 1:
                first.setdefault(st.st_ino, []).append(rel)
            seen[rel] = what
    for names in first.values():
        for rel in names:
            seen[rel].append(sorted(names))
    return seen


def clear(*tops):
    for top in tops:
        subprocess.run(['chmod', '-R', 'u+rwx', top],
                       stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(top, ignore_errors=True)


def unpack(archive, *args):
    clear('o')
    os.mkdir('o')
    with open(archive, 'rb') as f:
        r = subprocess.run(['ktar-unpack', *args, 'o'], stdin=f,
                           stderr=subprocess.PIPE, check=False)
    said = r.stderr.decode('ascii', 'replace').splitlines()
    return ([] if r.returncode == 0 else ['status %d' % r.returncode]) + said


def differ(want, got):
    return ['%s: %s, not %s' % (os.fsdecode(k), got.get(k), want.get(k))
            for k in sorted({*want, *got}) if want.get(k) != got.get(k)]


SECOND, NANO = 10**9, 1


def writes(name, command, grain=SECOND, of='', ends=(0,), **tree):
    """One writer: its command gets src in and writes t.tar."""
    if callable(command):
        program = None
    else:
        program = command[0]
        if not shutil.which(program):
            skip(name, program + ' is not installed')
            return
    clear('src')
    os.mkdir('src')
    make_tree('src/t', **tree)
    if callable(command):
        command('src/t')
        said = b''
    else:
        r = subprocess.run(command, stderr=subprocess.PIPE, check=False,
                           env={**os.environ, 'LC_ALL': 'C.UTF-8'})
        said = r.stderr
        if r.returncode not in ends:
            tap(False, name + ': was written', [said.decode('ascii', 'replace')])
            return
    wrong = unpack('t.tar')
    wrong += differ(look('src', grain, of), look('o', grain, of))
    tap(not wrong, name, wrong)


def python(format):
    def write(top):
        with tarfile.open('t.tar', 'w', format=format,
                          errors='surrogateescape') as f:
            f.add(top, 't')
    return write


SHORT = {'long': 99, 'old': False, 'late': False}
USTAR = {'long': 100, 'old': False, 'late': False}
TAR = ['tar', '-cf', 't.tar', '-C', 'src', '-b', '20']
for format, can in (('v7', SHORT), ('ustar', USTAR), ('oldgnu', {'long': 999}),
                    ('gnu', {'long': 999})):
    writes('GNU tar, ' + format, [*TAR, '--format=' + format, 't'], **can)
writes('GNU tar, posix', [*TAR, '--format=posix', 't'], NANO, long=999)
writes('GNU tar, posix, with more records', [
    *TAR, '--format=posix', '--pax-option=comment=x,globexthdr.name=g',
    't'], NANO, long=999)
for blocks in ('1', '64', '1024'):
    writes('GNU tar, records of %s blocks' % blocks, [
        'tar', '-cf', 't.tar', '-C', 'src', '-b', blocks, 't'], long=999)
BSD = ['bsdtar', '-C', 'src', '-cf', 't.tar', '--format']
writes('bsdtar, ustar', [*BSD, 'ustar', 't'], **USTAR)
writes('bsdtar, pax', [*BSD, 'pax', 't'], NANO, long=999)
# nanoseconds only where something else needs a record, too
writes('bsdtar, restricted pax', [*BSD, 'paxr', 't'], long=999)
writes('bsdtar, gnutar', [*BSD, 'gnutar', 't'], long=999, old=False,
       late=False)
writes('bsdtar, v7', [*BSD, 'v7', 't'], **SHORT)
writes('busybox', ['busybox', 'tar', '-cf', 't.tar', '-C', 'src', 't'],
       long=999, hardsym=False, old=False, late=False)
writes('toybox', ['toybox', 'tar', '-cf', 't.tar', '-C', 'src', 't'],
       long=999, hardsym=False, old=False)
writes('Python, USTAR', python(tarfile.USTAR_FORMAT), of='no link times',
       hardsym=False, **USTAR)
writes('Python, GNU', python(tarfile.GNU_FORMAT), long=999, hardsym=False)
# its times are floating-point numbers
writes('Python, PAX', python(tarfile.PAX_FORMAT), 10**5, long=999,
       hardsym=False)


def by_hand():
    """Headers as programs write them that are not on every machine."""
    when = octal(1100000000, 12)
    name = b'n' * 120

    def longer(*records):
        return pax(*records)

    def tail(**fields):
        """Bytes from 345 on."""
        rest = bytearray(512 - 345)
        for at, text in fields.values():
            rest[at - 345:at - 345 + len(text)] = text
        return bytes(rest)

    star = tail(times=(345 + 131, b'10142750201 10142750201 '),
                magic=(508, b'tar\0'))
    go = {'magic': b'ustar\00000', 'mtime': when}
    gnu = {'magic': b'ustar  \0', 'mtime': when}
    file = ('f', b'data', 1100000000 * 10**9)
    cases = {
        'star, xstar': [(header(b'f', 4, mtime=when, rest=star) +
                         body(b'data'), file),
                        (header(b'd/', type=b'5', mode=b'0000755\0',
                                mtime=when, rest=star),
                         ('d', None, 1100000000 * 10**9))],
        'star, exustar': [(longer((b'atime', b'1100000000.123456789'),
                                  (b'ctime', b'1100000000.123456789'),
                                  (b'mtime', b'1100000000.123456789'),
                                  (b'SCHILY.dev', b'2049'),
                                  (b'SCHILY.ino', b'77'),
                                  (b'SCHILY.nlink', b'1')) +
                           header(b'f', 4, mtime=when) + body(b'data'),
                           ('f', b'data', 1100000000123456789))],
        'Go, USTAR': [(header(b'f', 4, rest=tail(), **go) + body(b'data'),
                       file),
                      (header(b'b' * 60, 4, rest=b'a' * 80, **go) +
                       body(b'long'),
                       ('a' * 80 + '/' + 'b' * 60, b'long',
                        1100000000 * 10**9))],
        'Go, PAX': [(header(b'd/PaxHeaders.0/f', len(records), b'x',
                            mode=b'0000000\0', mtime=b'00000000000\0') +
                     body(records) + header(b'f', 4, **go) + body(b'data'),
                     ('f', b'data', 1100000000123456789))
                    for records in [b'30 mtime=1100000000.123456789\n']] + [
                        (longer((b'path', name)) +
                         header(name[:100], 4, **go) + body(b'long'),
                         (name.decode(), b'long', 1100000000 * 10**9))],
        'Go, GNU': [(header(b'././@LongLink', 121, b'L', mode=b'0000000\0',
                            magic=b'ustar  \0', mtime=b'00000000000\0') +
                     body(name + b'\0') + header(name[:100], 4, **gnu) +
                     body(b'long'),
                     (name.decode(), b'long', 1100000000 * 10**9))],
        'Rust, GNU': [(header(b'././@LongLink', 121, b'L', mode=b'0000644\0',
                              magic=b'ustar  \0') + body(name + b'\0') +
                       header(name[:100], 4, **gnu) + body(b'long'),
                       (name.decode(), b'long', 1100000000 * 10**9)),
                      (header(b'f', 4, mode=b'0100644\0', **gnu) +
                       body(b'data'), file)],
        'old V7, blanks in numbers': [
            (header(b'f', 4, mode=b'   644 \0', uid=b'     0 \0',
                    sizefield=b'          4 ', mtime=b'10142750200 ',
                    magic=b'\0' * 8) + body(b'data'),
             ('f', b'data', 0o10142750200 * 10**9))],
    }
    for what, members in cases.items():
        with open('t.tar', 'wb') as f:
            f.write(b''.join(m for m, _ in members) + END)
        wrong = unpack('t.tar')
        for _, (path, data, ns) in members:
            try:
                st = os.stat('o/' + path)
            except OSError as e:
                wrong.append(str(e))
                continue
            if data is not None and open('o/' + path, 'rb').read() != data:
                wrong.append(path + ': other data')
            if st.st_mtime_ns != ns or st.st_mode & 0o777 != (
                    0o755 if data is None else 0o644):
                wrong.append('%s: %o, %d' % (path, st.st_mode, st.st_mtime_ns))
        tap(not wrong, what, wrong)


by_hand()


def holes():
    """Sparse files in each form: the same data, and no more blocks."""
    clear('src')
    os.makedirs('src/t')
    size = 40 << 20
    for name, pieces, end in (
            ('start', ((0, 5000),), size), ('middle', ((8 << 20, 5000),), size),
            ('end', ((size - 5000, 5000),), size), ('none', (), size),
            ('many', [(n << 18, 4096) for n in range(120)], size),
            ('odd', ((12345, 1), (1 << 20, 70001)), (5 << 20) + 1),
            ('two', ((0, 4096), (1 << 20, 4096)), (1 << 20) + 4096)):
        with open('src/t/' + name, 'wb') as f:
            f.truncate(end)
            for at, n in pieces:
                f.seek(at)
                f.write(os.urandom(n))
        os.utime(f.name, ns=(10**18 + 5, 10**18 + 5))
    if os.stat('src/t/none').st_blocks:
        skip('holes', 'this file system has none')
        return
    ways = [('GNU tar, old GNU', SECOND, ['tar', '--format=oldgnu', '-S']),
            ('GNU tar, GNU', SECOND, ['tar', '--format=gnu', '-S'])]
    ways += [('GNU tar, pax ' + v, NANO,
              ['tar', '--format=posix', '-S', '--sparse-version=' + v])
             for v in ('0.0', '0.1', '1.0')]
    ways += [('bsdtar, pax', NANO, ['bsdtar', '--format', 'pax'])]
    ways += [('ktar-pack, ' + f, SECOND if f == 'gnu' else NANO,
              ['ktar-pack', '--sparse', '--format', f])
             for f in ('gnu', 'pax')]
    marks = {'GNU tar, pax 0.0': b'GNU.sparse.numbytes=',
             'GNU tar, pax 0.1': b'GNU.sparse.map=',
             'GNU tar, pax 1.0': b'GNU.sparse.major=1',
             'bsdtar, pax': b'GNU.sparse.major=1'}
    for name, grain, command in ways:
        if not shutil.which(command[0]):
            skip('holes, ' + name, command[0] + ' is not installed')
            continue
        with open('t.tar', 'wb') as f:
            if command[0] != 'ktar-pack':
                command = [*command, '-c', '-f', '-']
            subprocess.run([*command, '-C', 'src', 't'], stdout=f, check=True)
        with open('t.tar', 'rb') as f:
            data = f.read()
        wrong = []
        # it has to be the form that it is said to be
        if len(data) > size or marks.get(name, b'') not in data:
            wrong.append('is not sparse in that form')
        wrong += unpack('t.tar')
        wrong += differ(look('src', grain), look('o', grain))
        for file in os.listdir('src/t'):
            want, got = (os.stat(d + '/t/' + file).st_blocks
                         for d in ('src', 'o'))
            if got > want + 16:
                wrong.append('%s: %d blocks, not %d' % (file, got, want))
        tap(not wrong, 'holes, ' + name, wrong)


holes()


def owners():
    """Numbers that fit in no octal field, with --same-owner."""
    if os.geteuid() != 0:
        skip('owners', 'owners need root')
        return
    clear('src')
    os.makedirs('src/t')
    for name, uid, gid in (('f', 1234, 5678), ('large', 3000000, 4000000)):
        with open('src/t/' + name, 'w'):
            os.chown('src/t/' + name, uid, gid)
    os.symlink('f', 'src/t/l')
    os.chown('src/t/l', 77, 88, follow_symlinks=False)
    os.chown('src/t', 99, 111)
    for name, command in (
            ('GNU tar, gnu', ['tar', '--format=gnu', '-cf', 't.tar']),
            ('GNU tar, posix', ['tar', '--format=posix', '-cf', 't.tar']),
            ('bsdtar, pax', ['bsdtar', '--format', 'pax', '-cf', 't.tar'])):
        if not shutil.which(command[0]):
            skip('owners, ' + name, command[0] + ' is not installed')
            continue
        subprocess.run([*command, '-C', 'src', 't'], check=True)
        wrong = unpack('t.tar', '--same-owner')
        for path in ('t', 't/f', 't/large', 't/l'):
            want, got = (os.lstat(d + '/' + path) for d in ('src', 'o'))
            if (want.st_uid, want.st_gid) != (got.st_uid, got.st_gid):
                wrong.append('%s: %d:%d' % (path, got.st_uid, got.st_gid))
        wrong += unpack('t.tar')
        if os.stat('o/t/large').st_uid != 0:
            wrong.append('an owner came back without --same-owner')
        tap(not wrong, 'owners, ' + name, wrong)


owners()


def attributes(path):
    return {n: os.getxattr(path, n, follow_symlinks=False)
            for n in os.listxattr(path, follow_symlinks=False)
            if n.startswith(('user.', 'system.posix_acl'))}


def round_trip(format, grain):
    """ktar-pack into ktar-unpack, with all that both can do."""
    clear('src')
    os.mkdir('src')
    # ktar-pack writes those anew, as few readers know them
    make_tree('src/t', long=999, hardsym=False)
    for name, mode in (('setuid', 0o4755), ('setgid', 0o2711),
                       ('all', 0o7777),
                       ('none', 0 if os.geteuid() == 0 else 0o400)):
        with open('src/t/modes/' + name, 'w'):
            os.chmod('src/t/modes/' + name, mode)
    os.makedirs('src/t/sticky')
    os.chmod('src/t/sticky', 0o1777)
    with open('src/t/hole', 'wb') as f:
        f.truncate(20 << 20)
        f.seek(9 << 20)
        f.write(b'island')
    command = ['ktar-pack', '--format', format, '--sparse', '-C', 'src']
    args = ['-p']
    if format == 'pax':
        try:
            os.setxattr('src/t/hole', 'user.name', b'v\0\n=%25')
            os.setxattr('src/t/sizes', 'user.a=b%25c', b'')
            os.chmod('src/t/modes/444', 0o644)
            os.setxattr('src/t/modes/444', 'user.empty', b'')
            os.chmod('src/t/modes/444', 0o444)
            subprocess.run(['setfacl', '-m', 'u:4711:rwx,g:815:r,d:u:9:r',
                            'src/t/sizes'], check=True)
            subprocess.run(['setfacl', '-m', 'u:4711:rw', 'src/t/sizes/1'],
                           check=True)
            command += ['--xattrs', '--acls']
            args += ['--xattrs', '--acls']
        except (OSError, subprocess.CalledProcessError) as e:
            skip('round trip, pax, with attributes', str(e))
    with open('t.tar', 'wb') as f:
        r = subprocess.run([*command, 't'], stdout=f, check=False)
    wrong = ['ktar-pack: status %d' % r.returncode] if r.returncode else []
    wrong += unpack('t.tar', *args)
    want = look('src', grain)
    wrong += differ(want, look('o', grain))
    for path in want if '--acls' in args else ():
        a, b = (attributes(os.path.join(d, path)) for d in (b'src', b'o'))
        if a != b:
            wrong.append('%s: %s, not %s' % (os.fsdecode(path), b, a))
    if '--acls' in args and not any(
            'system.posix_acl_default' in attributes(b'o/' + p)
            for p in want):
        wrong.append('no access control list came back')
    if os.stat('o/t/hole').st_blocks > os.stat('src/t/hole').st_blocks + 16:
        wrong.append('the hole is none any more')
    tap(not wrong, 'round trip, ' + format, wrong)


round_trip('gnu', SECOND)
round_trip('pax', NANO)
clear('src', 'o')
print('1..%d' % count)
