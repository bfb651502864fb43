"""Made-up trees, and every tar that is here to write them: what stands behind
tardiff.py.  All of it follows from a random.Random.

What comes of it are good archives, if odd ones: members in any order, members
twice, global headers, odd blocking.
"""
import os
import shutil
import subprocess
import tarfile

ROOT = os.geteuid() == 0
ENV = {**os.environ, 'LC_ALL': 'C.UTF-8'}
DAY = 86400
ODD = [b'\n', b' ', b'\\', b'"', b'*', b'=', b'\t', b'\x7f', b'\x1b[1m',
       'é'.encode(), '日本'.encode(), '\U0001f600'.encode(), b'\xff', b'\xc3',
       b':', b'%', b"'", b'~', b'@', b'#']
NAMES = [b'...', b'-x', b'--help', b'PaxHeaders.0', b'@LongLink', b'C:', b' ',
         b'a ', b'.hidden', b'GNUSparseFile.0', b'%s', b'..x', b'x..']


def name(r):
    kind = r.random()
    if kind < .1:
        return r.choice(NAMES)
    n = r.randint(1, 12) if kind < .8 else r.choice(
        [60, 97, 98, 99, 100, 101, 120, 154, 155, 156, 200, 254, 255])
    text = b''.join(r.choice(ODD) if r.random() < .02 or kind < .2
                    else bytes([r.choice(b'abcdefghijklmnopqrstuvwxyz019_-.')])
                    for _ in range(n))[:n]
    return text if text.strip(b'.') else b'n' * n


def time(r, wide, early):
    kind = r.random()
    if .6 <= kind < .75 and not early:
        kind = 0
    if kind < .5:
        at = r.randint(0, 2**31)
    elif kind < .6:
        at = r.choice([0, 1, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**33 - 1])
    elif kind < .75:
        at = -r.randint(1, 2**31 - 1)
    elif kind < .9 or not wide:
        at = r.randint(2**31, 2**33 - 1)
    else:
        at = r.choice([2**33, 2**33 + 1, 2**35, 2**40, -2**33 * early])
    if at == 0:  # what is a little later has an exponent where Python writes it
        return 0
    return at * 10**9 + (r.randint(0, 10**9 - 1) if r.random() < .6 else
                         r.choice([0, 0, 1, 500000000, 999999999]))


def fill(r, f):
    """The content of a file: small, or large with holes."""
    kind = r.random()
    if kind < .8:
        n = r.choice([0, 1, 511, 512, 513, 1023, 4096, 10240, r.randint(0, 9999)])
        f.write((r.randbytes(61) * (n // 61 + 1))[:n])
        return
    at = 0
    for _ in range(r.choice([0, 1, 2, 3, 4, 5, 22, 27])):
        at += r.choice([0, 4096, 65536, 1 << 20])
        f.seek(at)
        at += f.write(r.randbytes(r.choice([1, 512, 4096, 4097])))
    f.truncate(at + r.choice([0, 0, 1, 4096, 100000]))


def tree(r, top, wide, early):
    """Makes a tree at top, and returns the paths of it, parents first."""
    os.mkdir(top)
    dirs, files, links, seen = [b't'], [], [], {b't'}
    base = os.path.dirname(top)
    for _ in range(r.randint(3, 22)):
        parent = r.choice(dirs) if r.random() < .6 else dirs[-1]
        path = parent + b'/' + name(r)
        if path in seen or len(path) > r.choice([99, 255, 1000, 1900]):
            continue
        at = os.path.join(base, path)
        kind = r.random()
        try:
            if kind < .3:
                os.mkdir(at)
                dirs.append(path)
            elif kind < .45:
                climb = r.randint(0, path.count(b'/') - 1)
                to = b'../' * climb + (r.choice(sorted(seen))[2:] or b'x')
                to = r.choice([to, name(r), b't' * r.choice([99, 100, 101, 300])])
                os.symlink(to.lstrip(b'/') or b'x', at)
                links.append(path)
            elif kind < .6 and files:
                os.link(os.path.join(base, r.choice(files)), at)
            elif kind < .63 and links:
                # no further up, where its target would be outside
                to = r.choice(links)
                if to.count(b'/') > path.count(b'/'):
                    continue
                os.link(os.path.join(base, to), at, follow_symlinks=False)
                links.append(path)
            else:
                with open(at, 'xb') as f:
                    fill(r, f)
                files.append(path)
        except OSError:  # a name that is not to be had here
            continue
        seen.add(path)
    for path in sorted(seen, reverse=True):
        at = os.path.join(base, path)
        when = time(r, wide, early)
        if not os.path.islink(at):
            mode = r.choice([0o644, 0o755, 0o600, r.randrange(0o1000)])
            if r.random() < .05:
                mode |= r.choice([0o4000, 0o2000, 0o1000])
            if path in dirs or not ROOT:
                mode |= 0o700
            os.chmod(at, mode)
        os.utime(at, ns=(when, when), follow_symlinks=False)
    return sorted(seen)


def order(r, paths):
    """Which members, in which order; None: as the writer finds them."""
    kind = r.random()
    if kind < .5:
        return None
    paths = list(paths)
    if kind < .8:
        r.shuffle(paths)
    if r.random() < .4:
        paths += r.choices(paths, k=r.randint(1, 3))
    return paths


def gnu(r, base, paths):
    form = r.choice(['v7', 'oldgnu', 'gnu', 'gnu', 'ustar', 'posix', 'posix'])
    args = ['tar', '-cf', '-', '-C', base, '--format', form,
            '-b', str(r.choice([1, 2, 20, 20, 64, 300]))]
    if r.random() < .4 and form in ('gnu', 'oldgnu', 'posix'):
        args.append('-S')
        if form == 'posix':
            args.append('--sparse-version=' + r.choice(['0.0', '0.1', '1.0']))
    if form == 'posix' and r.random() < .5:
        args.append('--pax-option=' + r.choice(
            ['delete=atime,delete=ctime', 'comment=x', 'globexthdr.name=g',
             'exthdr.name=%d/PaxHeaders/%f', 'x.y:=z', 'atime:=5']))
    if r.random() < .1 and form in ('gnu', 'oldgnu', 'posix'):
        args += ['-V', 'label']
    if r.random() < .1:
        args.append('--hard-dereference')
        form += ', without links'
    if r.random() < .2:
        args += ['--owner=nobody', '--group=nogroup']
    if r.random() < .2:
        args += ['--numeric-owner']
    args += listed(r, base, paths, '--no-recursion')
    return 'GNU tar, ' + form, args


def listed(_, base, paths, no_recursion):
    """What is packed: the tree, or a list of members."""
    if paths is None:
        return ['t']
    with open(os.path.join(base, 'list'), 'wb') as f:
        f.write(b'\0'.join(paths) + b'\0')
    return ['--null', no_recursion, '-T', os.path.join(base, 'list')]


def bsd(r, base, paths):
    form = r.choice(['ustar', 'pax', 'pax', 'paxr', 'gnutar', 'v7'])
    args = ['bsdtar', '-C', base, '-cf', '-', '--format', form,
            '-b', str(r.choice([1, 20, 64]))]
    return 'bsdtar, ' + form, args + listed(r, base, paths, '-n')


def busybox(_, base, __):
    return 'busybox', ['busybox', 'tar', '-cf', '-', '-C', base, 't']


def toybox(_, base, __):
    return 'toybox', ['toybox', 'tar', '-cf', '-', '-C', base, 't']


def own(r, base, _):
    form = r.choice(['gnu', 'gnu', 'pax'])
    return 'ktar-pack, ' + form, ['ktar-pack', '-q', '--format', form,
                                  '-C', base, 't']


def python(r, base, paths, out):
    form = r.choice([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT,
                     tarfile.PAX_FORMAT])
    glob = {'comment': 'global'} if r.random() < .3 else {}
    whole = True
    with tarfile.open(out, 'w', format=form, errors='surrogateescape',
                      pax_headers=glob) as t:
        for path in [b't'] if paths is None else paths:
            try:
                t.add(os.fsdecode(os.path.join(base, path)),
                      os.fsdecode(path), recursive=paths is None)
            except ValueError:  # what the format cannot hold
                whole = False
    return 'Python, ' + ['USTAR', 'GNU', 'PAX'][form], whole


WRITERS = [(gnu, 'tar'), (gnu, 'tar'), (bsd, 'bsdtar'), (bsd, 'bsdtar'),
           (busybox, 'busybox'), (toybox, 'toybox'), (own, 'ktar-pack'),
           (python, None), (python, None)]
HERE = [w for w, program in WRITERS if not program or shutil.which(program)]


def archive(r, base, wide):
    """Makes base/t and base/t.tar, by some writer; says which, and whether it
    could write all of the tree."""
    writer, out = r.choice(HERE), os.path.join(base, 't.tar')
    # toybox writes no good headers for what is before 1970
    paths = tree(r, os.path.join(os.fsencode(base), b't'), wide,
                 writer is not toybox)
    paths = order(r, paths)
    if writer is python:
        return python(r, os.fsencode(base), paths, out)
    said, args = writer(r, base, paths)
    with open(out, 'wb') as f:
        status = subprocess.run(args, stdout=f, stderr=subprocess.DEVNULL,
                                env=ENV, check=False).returncode
    return said + (', listed' if '-T' in args else ''), status == 0
