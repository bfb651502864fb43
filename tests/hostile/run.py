"""Unpacks every hostile archive of the table, and looks at what is there.

usage: run.py UNPACKER QUICK [PATTERN]

Each case is unpacked as the user of this test, as an ordinary one if that is
root, and in a world without openat2 if KPIPE_BUILD has it.  TAP on stdout.
The trees are made in the folder QUICK, those of cases that are about the disk
in the working directory.  PATTERN is a regular expression for the names.  What
a case is, says table.py.
"""
import os
import re
import shutil
import stat
import subprocess
import sys
import time

from table import CASES

NOBODY = 65534
# R10: no case needs more memory than this
LIMITED = [] if os.environ.get('KPIPE_SAN') else ['prlimit', '--data=25165824']
OLD = 978307200


class World:
    """The destination jail/d, what was in it, and what is around it."""

    def __init__(self, top, owner):
        self.top, self.owner = top, owner
        self.jail = os.path.join(top, 'jail')
        self.d = os.path.join(self.jail, 'd')

    def make(self):
        subprocess.run(['chmod', '-R', 'u+rwx', self.jail], check=False,
                       stderr=subprocess.DEVNULL)
        subprocess.run(['rm', '-rf', self.jail], check=True)
        for name in ('', 'outside', 'd', 'd/dir'):
            os.mkdir(os.path.join(self.jail, name))
        for name, text, mode in (('outside/secret', 'secret', 0o640),
                                 ('d/mine', 'mine', 0o644),
                                 ('d/dir/inner', 'inner', 0o644)):
            with open(os.path.join(self.jail, name), 'w') as f:
                f.write(text)
            os.chmod(f.name, mode)
        for name, target in (('d/planted', '../outside'),
                             ('d/dir/planted', '../../outside'),
                             ('d/plantedfile', '../outside/secret'),
                             ('d/dangling', '../outside/made')):
            os.symlink(target, os.path.join(self.jail, name))
        if self.owner is not None:
            for where, dirs, files in os.walk(self.jail):
                for name in [''] + dirs + files:
                    os.chown(os.path.join(where, name), self.owner, self.owner,
                             follow_symlinks=False)
        for name in ('outside/secret', 'outside'):
            os.utime(os.path.join(self.jail, name), (OLD, OLD))
        self.first = self.scan(self.d)
        self.around = self.outside()

    def has_xattrs(self):
        try:
            os.setxattr(self.top, 'user.kpipe', b'x')
            os.removexattr(self.top, 'user.kpipe')
            return True
        except OSError:
            return False

    def outside(self):
        """All that must stay as it is."""
        seen = [(name, look(os.path.join(self.jail, name)))
                for name in sorted(os.listdir(self.jail)) if name != 'd']
        seen += sorted(self.scan(os.path.join(self.jail, 'outside')).items())
        with open(os.path.join(self.jail, 'outside/secret')) as f:
            return seen, f.read(), os.stat(self.d).st_mode, sorted(
                os.listdir(self.top))

    @staticmethod
    def scan(top):
        """Path to what is there, all beneath top."""
        seen, todo = {}, [(b'', os.fsencode(top))]
        while todo:
            name, where = todo.pop()
            if not os.access(where, os.R_OK | os.X_OK) and os.geteuid():
                os.chmod(where, 0o700)
            for entry in os.scandir(where):
                path = name + entry.name
                seen[path] = look(entry.path)
                if entry.is_dir(follow_symlinks=False):
                    todo.append((path + b'/', entry.path))
        return seen


def look(path):
    st = os.lstat(path)
    return st.st_mode, st.st_ino, st.st_nlink, st.st_mtime_ns, st.st_size


def listxattr(path):
    try:
        return os.listxattr(path, follow_symlinks=False)
    except OSError:  # a path that is too long, or none are here
        return []


def show(name, mode):
    text = ''.join(chr(c) if 32 < c < 127 and c != 92 else '\\%03o' % c
                   for c in name)
    return text + ('/' if stat.S_ISDIR(mode) else '')


def token(world, path, at, spell):
    """What was made, in the words of the table; see table.py."""
    mode, inode, links, mtime, size = at
    where = os.path.join(os.fsencode(world.d), path)
    text = show(path, mode)
    if stat.S_ISLNK(mode):
        text += '->' + show(os.readlink(where), 0)
        return text + ('!%d' % (mtime // 10**9) if 'time' in spell else '')
    if stat.S_ISREG(mode):
        if size <= 16:
            if not os.access(where, os.R_OK):
                os.chmod(where, 0o600)
            with open(where, 'rb') as f:
                data = f.read()
            if data != b'data':
                text += '=' + show(data, 0)
        else:
            text += '=#%d' % size
        if links > 1:
            text += '*%d' % links
    elif not stat.S_ISDIR(mode):
        text += '?%o' % stat.S_IFMT(mode)
    # whatever may be there, these never are unless a case says so
    names = [] if stat.S_ISLNK(mode) else listxattr(where)
    text += ''.join('^' + n for n in sorted(names) if n.startswith(
        ('user.', 'security.capability', 'system.posix_acl', 'trusted.')))
    if 'mode' in spell or mode & 0o7000:
        text += '@%o' % (mode & 0o7777)
    if 'time' in spell:
        text += '!%d' % (mtime // 10**9)
    return text


def made(world, spell):
    now = world.scan(world.d)
    words = [token(world, p, now[p], spell) for p in sorted(now)
             if now[p] != world.first.get(p) and not (
                 p in world.first and stat.S_ISDIR(now[p][0]) and
                 now[p][:2] == world.first[p][:2] and 'mode' not in spell)]
    words += ['-' + show(p, 0) for p in sorted(world.first) if p not in now]
    return ' '.join(words)


def depth(world):
    """How deep the deepest name is, whose path may be too long for calls."""
    r = subprocess.run(['find', world.d, '-mindepth', '1', '-printf', '%d\\n'],
                       stdout=subprocess.PIPE, check=True)
    return 'depth:%d' % max(map(int, r.stdout.split()), default=0)


class Way:
    """As whom, and in what world, a case is unpacked."""

    def __init__(self, name, unpacker, before=(), user=None):
        self.name, self.user = name, user
        self.command = [*before, *LIMITED, unpacker]

    def run(self, world, args, archive):
        with open(os.path.join(world.top, 'archive'), 'rb') as stdin:
            r = subprocess.Popen(
                [*self.command, *args, world.d], stdin=stdin,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                user=self.user, group=self.user,
                extra_groups=None if self.user is None else [],
                umask=0o022, cwd='/')
            try:
                out, err = r.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                r.kill()
                return -1, b'', b'hangs\n'
        return r.returncode, out, err


def write(world, data):
    with open(os.path.join(world.top, 'archive'), 'wb') as f:
        for piece in [data] if isinstance(data, bytes) else data:
            f.write(piece)


def expected(case, key, way):
    """A case may differ for an ordinary user: key_user."""
    if way.user is not None or os.geteuid() != 0:
        return case.get(key + '_user', case[key])
    return case[key]


def check(case, way, world):
    """What is wrong, as lines."""
    wrong = []
    world.make()
    for args, data in case['before']:
        write(world, data)
        way.run(world, args, data)
    if case['before']:
        world.first = world.scan(world.d)
    write(world, case['data'])
    world.around = world.outside()
    begun = time.monotonic()
    status, out, err = way.run(world, case['args'], case['data'])
    took = time.monotonic() - begun
    says, want = expected(case, 'says', way), expected(case, 'status', way)
    if status != want:
        wrong.append('exit status %d, not %d' % (status, want))
    if (says == '-') != (err == b'') or (
            says != '-' and says.encode() not in err):
        wrong.append('does not say: ' + says)
    if out:
        wrong.append('stdout is not empty')
    if err.translate(None, bytes(range(32, 127)) + b'\n'):
        wrong.append('says control characters')
    if err.count(b'\n') > case.get('lines', 2 if want == 2 else 8):
        wrong.append('says %d lines' % err.count(b'\n'))
    if wrong:
        wrong.append('says: ' + err[:300].decode('ascii', 'replace'))
    if took > 30:
        wrong.append('takes %d s' % took)
    if world.outside() != world.around:
        wrong.append('something outside has changed')
    makes = expected(case, 'makes', way)
    got = depth(world) if makes.startswith('depth:') else made(
        world, case.get('spell', ''))
    if got != makes:
        wrong.append('made: ' + got[:600])
        wrong.append('want: ' + makes[:600])
    return wrong


def main():
    unpacker, quick, pattern = (sys.argv + [''])[1:4]
    top = os.path.join(os.getcwd(), 'hostile')
    tops = [top, os.path.join(quick, 'quick')]
    for where in tops:
        os.mkdir(where)
        os.chmod(where, 0o711)
        os.chmod(os.path.dirname(where), 0o711)
    # an ordinary user may not get to where it was built
    own = shutil.copy(unpacker, top)
    plain = shutil.copy(os.path.join(os.environ['KPIPE_BUILD'],
                                     'tests/without'), top)
    ways = [Way('', own),
            Way(' without openat2', own, [plain, 'openat2', 'ENOSYS'])]
    if os.geteuid() == 0:
        ways.append(Way(' as a user', own, user=NOBODY))
    count = 0
    for way in ways:
        disk, memory = (World(where, way.user) for where in tops)
        for case in CASES:
            if not re.search(pattern, case['name']) or (
                    case.get('once') and way is not ways[0]):
                continue
            if 'attrs' in case and not disk.has_xattrs():
                count += 1
                print('ok %d - %s%s # SKIP no extended attributes here' % (
                    count, case['name'], way.name))
                continue
            wrong = check(case, way, disk if case.get('disk') else memory)
            count += 1
            print('%sok %d - %s %s%s' % ('not ' if wrong else '', count,
                                         case['rule'], case['name'], way.name))
            for line in wrong:
                print('# ' + line.replace('\n', '\n# '), flush=True)
    if os.geteuid() != 0:
        count += 1
        print('ok %d - as root # SKIP this is an ordinary user' % count)
    print('1..%d' % count)
    for where in tops:
        World(where, None).make()


main()
