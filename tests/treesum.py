#!/usr/bin/env python3
"""What a tree is, a line a path: type, mode, size, time, name, links, content.

usage: treesum.py DIR

Paths are walked by descriptor, so they may be of any length.  Files with the
same content through a hard link say the first of their names.
"""
import hashlib
import os
import stat
import sys

first = {}


def show(raw):
    return raw.decode('ascii', 'backslashreplace').encode(
        'unicode_escape').decode()


def one(fd, leaf, path, out):
    st = os.stat(leaf, dir_fd=fd, follow_symlinks=False)
    kind = stat.S_IFMT(st.st_mode)
    line = '%06o %d %s' % (st.st_mode, int(st.st_mtime // 1), show(path))
    if kind == stat.S_IFLNK:
        # links have no mode that means something, and few readers set a time
        line = 'link %s -> %s' % (show(path), show(os.readlink(
            leaf, dir_fd=fd)))
    elif kind == stat.S_IFREG:
        sub = os.open(leaf, os.O_RDONLY, dir_fd=fd)
        digest = hashlib.sha256()
        while True:
            data = os.read(sub, 1 << 20)
            if not data:
                break
            digest.update(data)
        os.close(sub)
        line += ' %d %s' % (st.st_size, digest.hexdigest()[:16])
        if st.st_nlink > 1:
            line += ' = ' + show(first.setdefault(st.st_ino, path))
    out.append(line)
    if kind == stat.S_IFDIR:
        sub = os.open(leaf, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW,
                      dir_fd=fd)
        return sub
    return None


def main():
    top = os.open(os.fsencode(sys.argv[1]), os.O_RDONLY)
    out = []
    stack = [(top, b'', iter(sorted(os.fsencode(n) for n in os.listdir(top))))]
    while stack:
        fd, path, names = stack[-1]
        leaf = next(names, None)
        if leaf is None:
            os.close(fd)
            stack.pop()
            continue
        here = path + leaf
        sub = one(fd, leaf, here, out)
        if sub is not None:
            stack.append((sub, here + b'/', iter(sorted(
                os.fsencode(n) for n in os.listdir(sub)))))
    print('\n'.join(out))


main()
