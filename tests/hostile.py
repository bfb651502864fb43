"""Writes tars that no tar would write, header by header.

usage: hostile.py DIR

Makes DIR/NAME.tar for each case, and on stdout a line for each: name, exit
status that an unpacker owes, rule, and a piece of what it must say ("-" for
nothing at all), separated by tabs.
"""
import gzip
import sys


def octal(n, width):
    return b'%0*o\0' % (width - 1, n)


def header(name=b'f', size=0, type=b'0', link=b'', mode=b'0000644\0',
           uid=b'0000000\0', mtime=octal(1000000000, 12), sizefield=None,
           magic=b'ustar\00000', rest=b'', sum_off=0):
    h = bytearray(512)
    h[0:100] = name.ljust(100, b'\0')
    h[100:108] = mode
    h[108:116] = uid
    h[116:124] = b'0000000\0'
    h[124:136] = sizefield or octal(size, 12)
    h[136:148] = mtime
    h[156:157] = type
    h[157:257] = link.ljust(100, b'\0')
    h[257:265] = magic
    h[345:345 + len(rest)] = rest
    h[148:156] = b' ' * 8
    h[148:156] = b'%06o\0 ' % (sum(h) + sum_off)
    return bytes(h)


def body(data):
    return data + b'\0' * (-len(data) % 512)


def member(name=b'f', data=b'data', **k):
    return header(name, len(data), **k) + body(data)


def record(key, value):
    rest = b' ' + key + b'=' + value + b'\n'
    n = len(rest) + 1
    while len(b'%d' % n) + len(rest) != n:
        n = len(b'%d' % n) + len(rest)
    return b'%d' % n + rest


def pax(*records, type=b'x'):
    data = b''.join(r if isinstance(r, bytes) else record(*r) for r in records)
    return member(b'PaxHeader', data, type=type)


def gnu_long(type, text):
    return member(b'././@LongLink', text, type=type, magic=b'ustar  \0')


def sym(name, target):
    return header(name, type=b'2', link=target)


def hard(name, target):
    return header(name, type=b'1', link=target)


END = b'\0' * 1024
GOOD = member(b'good')
NESTED = member(b'smuggled') + END
GNU = b'ustar  \0'


def gnu_sparse(entries, real, stored, extended=b'\0', type=b'S'):
    """The tail of an old GNU header, from byte 345."""
    rest = bytearray(512 - 345)
    for i, (offset, size) in enumerate(entries[:4]):
        rest[41 + 24 * i:65 + 24 * i] = octal(offset, 12) + octal(size, 12)
    rest[137:138] = extended
    rest[138:150] = octal(real, 12)
    return header(b'sparse', stored, type, magic=GNU, rest=bytes(rest))


def pax_sparse(text, size, real=b'5000'):
    return pax((b'GNU.sparse.major', b'1'), (b'GNU.sparse.minor', b'0'),
               (b'GNU.sparse.name', b's'), (b'GNU.sparse.realsize', real)
               ) + header(b's0', size) + body(text)


def more_map(start):
    """A block of 21 entries that says that more follow."""
    block = b''.join(octal(start + i, 12) + octal(0, 12) for i in range(21))
    return block + b'\1' + b'\0' * 7


CASES = [
    # names
    ('absolute', 1, 'R2', '/etc/x: refused: absolute name',
     member(b'/etc/x')),
    ('absolute-pax', 1, 'R2', 'absolute name',
     pax((b'path', b'/tmp/x')) + member()),
    ('absolute-long', 1, 'R2', 'absolute name',
     gnu_long(b'L', b'/tmp/x\0') + member()),
    # the reason is said however long the name is
    ('absolute-very-long', 1, 'R12', 'n: refused: absolute name',
     gnu_long(b'L', b'/' + b'n' * 65000 + b'\0') + member()),
    ('absolute-very-odd', 1, 'R12', '\\033: refused: absolute name',
     gnu_long(b'L', b'/' + b'\033' * 3000 + b'\0') + member()),
    ('dotdot', 1, 'R2', "../x: refused: '..' in the name",
     member(b'../x')),
    ('dotdot-inner', 1, 'R2', "'..' in the name", member(b'a/../../x')),
    ('dotdot-last', 1, 'R2', "'..' in the name",
     header(b'a/..', type=b'5')),
    ('dotdot-alone', 1, 'R2', "'..' in the name", header(b'..', type=b'5')),
    ('dotdot-dot', 1, 'R2', "'..' in the name", member(b'./../x')),
    ('dotdot-prefix', 1, 'R2', "'..' in the name",
     member(b'x', rest=b'a/..')),
    ('dotdot-long', 1, 'R2', "'..' in the name",
     gnu_long(b'L', b'a/' * 100 + b'../' * 101 + b'x\0') + member()),
    ('dotdot-sparse', 1, 'R2', "'..' in the name",
     pax((b'path', b'ok'), (b'GNU.sparse.major', b'1'),
         (b'GNU.sparse.minor', b'0'), (b'GNU.sparse.name', b'../x'),
         (b'GNU.sparse.realsize', b'4')) + header(b'ok', 516) +
     body(b'1\n0\n4\n'.ljust(512, b'\0') + b'data')),
    ('empty-name', 1, 'R2', 'empty name', member(b'')),
    ('file-is-root', 1, 'R2', 'nothing of the name is left', member(b'.')),
    ('nul-pax', 2, 'R2', 'holds a NUL', pax((b'path', b'a\0b')) + member()),
    ('nul-long', 2, 'R2', 'holds a NUL',
     gnu_long(b'L', b'a\0b\0') + member()),
    ('dots-in-names', 0, 'R2', '-', member(b'..x') + member(b'a/...')),
    ('long-component', 0, 'R2', '-',
     gnu_long(b'L', b'n' * 255 + b'\0') + member()),
    ('too-long-component', 2, 'R2', 'File name too long',
     gnu_long(b'L', b'n' * 256 + b'\0') + member()),
    # what was there before
    ('through-link', 1, 'R1', 'a link or a file is in the way',
     member(b'planted/x')),
    ('through-link-dir', 1, 'R1', 'a link or a file is in the way',
     header(b'planted/sub/', type=b'5')),
    ('through-link-deep', 1, 'R1', 'a link or a file is in the way',
     member(b'dir/planted/x/y/z')),
    ('through-file', 1, 'R1', 'a link or a file is in the way',
     member(b'mine/x')),
    ('onto-link', 0, 'R3', '-', member(b'plantedfile')),
    ('onto-dangling', 0, 'R3', '-', member(b'dangling')),
    ('dir-onto-link', 0, 'R4', '-',
     header(b'planted', type=b'5', mode=b'0000777\0') +
     member(b'planted/x')),
    ('link-onto-link', 0, 'R4', '-', sym(b'planted', b'dir')),
    ('file-onto-dir', 1, 'R3', 'a directory that is not empty',
     member(b'dir')),
    ('link-onto-dir', 1, 'R3', 'a directory that is not empty',
     sym(b'dir', b'x')),
    # links of the stream
    ('write-through', 1, 'R5', 'link that leads outside',
     sym(b's', b'../outside') + member(b's/x')),
    ('write-through-abs', 1, 'R7', 'link to an absolute name',
     sym(b's', b'/tmp') + member(b's/x')),
    ('write-through-inside', 1, 'R5', 'the link is a directory elsewhere',
     sym(b's', b'dir') + member(b's/x')),
    ('link-then-file', 0, 'R5', '-', sym(b's', b'mine2') + member(b's')),
    ('link-then-dir-mode', 0, 'R4', '-',
     header(b'q', type=b'5', mode=b'0000700\0') + sym(b'l', b'q')),
    ('links-by-links', 1, 'R7', "'..' behind a name",
     header(b'deep/', type=b'5') + sym(b'deep/l', b'..') +
     sym(b'z', b'deep/l/../../outside')),
    ('link-up', 1, 'R7', 'link that leads outside', sym(b's', b'..')),
    ('link-up-deep', 1, 'R7', 'link that leads outside',
     sym(b'a/b/s', b'../../../x')),
    ('link-up-inside', 0, 'R7', '-', sym(b'a/b/s', b'../../x')),
    ('link-empty', 1, 'R7', 'link without a target', sym(b's', b'')),
    ('link-size', 2, 'R9', 'has no data has a size',
     header(b's', 4, b'2', b'x') + body(b'data')),
    ('hard-outside', 1, 'R6', 'hard link to a name that is no member',
     hard(b'h', b'../outside/secret')),
    ('hard-absolute', 1, 'R6', 'hard link to a name that is no member',
     hard(b'h', b'/etc/passwd')),
    ('hard-before', 1, 'R6', 'hard link to a file that is not of this stream',
     hard(b'h', b'mine')),
    ('hard-planted', 1, 'R6',
     'hard link to a file that is not of this stream',
     hard(b'h', b'plantedfile')),
    ('hard-through', 1, 'R6',
     'hard link to a file that is not of this stream',
     hard(b'h', b'planted/secret')),
    ('hard-via-own-link', 1, 'R6',
     'hard link to a file that is not of this stream',
     sym(b's', b'dir') + hard(b'h', b's/inner')),
    ('hard-to-dir', 1, 'R6',
     'hard link to a file that is not of this stream',
     header(b'q/', type=b'5') + hard(b'h', b'q')),
    ('hard-to-itself', 1, 'R6',
     'hard link to a file that is not of this stream', hard(b'h', b'h')),
    ('hard-onto-mine', 0, 'R6', '-', member(b'f') + hard(b'mine2', b'f')),
    ('hard-size', 2, 'R6', 'has no data has a size',
     member(b'f') + header(b'h', 4, b'1', b'f') + body(b'data')),
    ('hard-then-write', 0, 'R3', '-',
     member(b'f') + hard(b'h', b'f') + member(b'h', b'other')),
    # kinds and modes
    ('char', 1, 'R13', 'refused: device', header(b'c', type=b'3')),
    ('block', 1, 'R13', 'refused: device', header(b'b', type=b'4')),
    ('fifo', 1, 'R13', 'refused: FIFO', header(b'p', type=b'6')),
    ('fifo-onto-mine', 1, 'R13', 'refused: FIFO', header(b'mine', type=b'6')),
    ('fifo-size', 2, 'R9', 'has no data has a size',
     header(b'p', 512, b'6') + body(b'x' * 512)),
    ('dir-size', 2, 'R9', 'has no data has a size',
     header(b'q/', 512, b'5') + body(b'x' * 512)),
    ('slash-file', 2, 'R9', 'has no data has a size', member(b'f/')),
    ('setuid', 0, 'R13', '-', member(mode=b'0006755\0')),
    ('setuid-dir', 0, 'R13', '-', header(b'q/', type=b'5', mode=b'0007777\0')),
    ('root-mode', 0, 'R13', '-', header(b'./', type=b'5', mode=b'0007777\0')),
    ('dir-mode-0', 0, 'R13', '-',
     header(b'q/', type=b'5', mode=b'0000000\0') + member(b'q/x')),
    ('mode-base256', 2, 'R9', 'bad mode',
     member(mode=b'\x80\0\0\0\1\0\0\0')),
    ('mode-text', 2, 'R9', 'bad mode', member(mode=b'rwxrwxr\0')),
    ('owner-text', 2, 'R9', 'bad owner', member(uid=b'root\0\0\0\0')),
    ('type-unknown', 2, 'R9', 'unknown type', member(type=b'Q')),
    ('type-multivolume', 2, 'R9', 'unknown type', member(type=b'M')),
    # headers
    ('sum-first', 2, 'R9', 'not a tar archive', member(sum_off=1)),
    ('sum-later', 2, 'R9', 'damaged header', GOOD + member(sum_off=1)),
    ('size-negative', 2, 'R9', 'bad size',
     GOOD + header(sizefield=b'\xff' * 12)),
    ('size-huge', 2, 'R10', 'bad size',
     GOOD + header(sizefield=b'\x80' + b'\xff' * 11)),
    ('size-max', 2, 'R10', 'bad size',
     GOOD + header(sizefield=b'\x80\0\0\0\x7f' + b'\xff' * 7)),
    ('size-text', 2, 'R9', 'bad size',
     GOOD + header(sizefield=b'0000000000x\0')),
    ('size-two', 2, 'R9', 'bad size',
     GOOD + header(sizefield=b'0000 0000001')),
    ('size-pax-wins', 0, 'R9', '-',
     pax((b'size', b'%d' % len(NESTED))) + header(b'f', 0) + NESTED),
    ('size-pax-smaller', 0, 'R9', '-',
     pax((b'size', b'0')) + header(b'f', 512) + GOOD),
    ('size-pax-negative', 2, 'R9', 'bad number',
     pax((b'size', b'-512')) + member()),
    ('size-pax-text', 2, 'R9', 'bad number',
     pax((b'size', b'0x10')) + member()),
    ('size-pax-huge', 2, 'R10', 'bad number',
     pax((b'size', b'9' * 30)) + member()),
    ('size-pax-twice', 2, 'R9', 'given twice',
     pax((b'size', b'4'), (b'size', b'8')) + member()),
    ('size-pax-hard', 2, 'R9', 'has no data has a size',
     member(b'f') + pax((b'size', b'512')) + hard(b'h', b'f') + GOOD),
    ('size-realsize', 2, 'R9', 'unknown way',
     pax((b'SCHILY.realsize', b'9')) + member()),
    ('pax-then-long', 2, 'R9', 'GNU and pax names',
     pax((b'size', b'1024')) + gnu_long(b'L', b'x\0') + GOOD),
    ('long-then-pax', 2, 'R9', 'GNU and pax names',
     gnu_long(b'L', b'x\0') + pax((b'path', b'y')) + member()),
    ('pax-twice', 2, 'R9', 'repeated',
     pax((b'path', b'a')) + pax((b'path', b'b')) + member()),
    ('long-twice', 2, 'R9', 'repeated',
     gnu_long(b'L', b'x\0') + gnu_long(b'L', b'y\0') + member()),
    ('path-twice', 2, 'R9', 'given twice',
     pax((b'path', b'a'), (b'path', b'../b')) + member()),
    ('pax-empty', 2, 'R9', 'empty', header(b'p', 0, b'x') + member()),
    ('pax-at-end', 2, 'R9', 'ends within', pax((b'path', b'a'))),
    ('global-path', 2, 'R9', 'changes every member',
     pax((b'path', b'../x'), type=b'g') + member()),
    ('global-size', 2, 'R9', 'changes every member',
     pax((b'size', b'1024'), type=b'g') + member()),
    ('global-comment', 0, 'R9', '-',
     pax((b'comment', b'hello'), type=b'g') + member()),
    ('fault-is-final', 2, 'R9', 'record',
     header(b'x', 1024, b'x') + member(b'f', b'x' * 9)),
    ('record-zero', 2, 'R9', 'record', pax(b'0 path=x\n') + member()),
    ('record-long', 2, 'R9', 'record', pax(b'99 path=x\n') + member()),
    ('record-signed', 2, 'R9', 'record', pax(b'-9 path=x\n') + member()),
    ('record-open', 2, 'R9', 'record', pax(b'9 path=xy') + member()),
    ('record-no-key', 2, 'R9', 'without a key', pax(b'5 =x\n\n') + member()),
    ('record-no-length', 2, 'R9', 'length', pax(b'path=x\n') + member()),
    ('time-text', 2, 'R9', 'bad time', pax((b'mtime', b'now')) + member()),
    # bombs
    ('long-bomb', 2, 'R10', 'too long',
     GOOD + header(b'././@LongLink', 1 << 30, b'L', magic=GNU)),
    ('pax-bomb', 2, 'R10', 'too long',
     GOOD + header(b'x', 1 << 30, b'x')),
    ('map-bomb', 2, 'R10', 'too many entries',
     GOOD + pax_sparse(b'1000000000\n', 1 << 30)),
    ('map-digits', 2, 'R10', 'bad number',
     GOOD + pax_sparse(b'1' * 4096, 4096)),
    ('map-old-endless', 2, 'R10', 'too many entries',
     gnu_sparse([(0, 0)], 1 << 30, 0, b'\1') +
     b''.join(more_map(i * 21) for i in range(4000))),
    ('deep', 0, 'R10', '-', gnu_long(b'L', b'd/' * 3000 + b'f\0') + member()),
    ('name-bomb', 2, 'R10', 'too long',
     pax((b'path', b'n' * 70000)) + member()),
    # sparse files
    ('map-overlap', 2, 'R9', 'overlap',
     gnu_sparse([(0, 512), (256, 256)], 512, 768) + body(b'x' * 768)),
    ('map-short', 2, 'R9', 'does not reach the end',
     gnu_sparse([(0, 512)], 5000, 512) + body(b'x' * 512)),
    ('map-beyond', 2, 'R9', 'does not reach the end',
     gnu_sparse([(0, 512)], 100, 512) + body(b'x' * 512)),
    ('map-sum', 2, 'R9', 'does not fit',
     gnu_sparse([(0, 1024)], 1024, 512) + body(b'x' * 512)),
    ('map-text-sum', 2, 'R9', 'does not fit',
     pax_sparse(b'1\n0\n5000\n'.ljust(512, b'\0') + b'x' * 512, 1024)),
    ('map-text-cut', 2, 'R9', 'bad number',
     pax_sparse(b'3\n0\n10\n20\n1', 11)),
    ('map-text-open', 2, 'R9', 'not complete',
     pax_sparse(b'300\n' + b'0\n' * 254, 512)),
    ('map-hidden', 2, 'R9', 'unknown use of a GNU header',
     gnu_sparse([(0, 512)], 512, 512, type=b'0') + body(b'x' * 512)),
    ('map-form', 2, 'R9', 'unknown kind',
     pax((b'GNU.sparse.major', b'2'), (b'GNU.sparse.minor', b'0'),
         (b'GNU.sparse.realsize', b'4')) + member()),
    # the terminal
    ('escape', 1, 'R12', '\\033[2Jx\\n\\302\\233: refused: FIFO',
     header(b'\033[2Jx\n\302\233', type=b'6')),
]

# (name, status, rule, text, all of the archive)
WHOLE = [
    ('empty', 2, 'R11', 'empty: not a tar archive', b''),
    ('no-end', 2, 'R11', 'truncated: no end-of-archive', GOOD),
    ('half-end', 2, 'R11', 'truncated in the end', GOOD + b'\0' * 512),
    ('half-end-more', 2, 'R11', 'single block of zeros',
     GOOD + b'\0' * 512 + member(b'x') + END),
    ('behind-end', 2, 'R11', 'data behind the end', GOOD + END + GOOD + END),
    ('behind-end-byte', 2, 'R11', 'data behind the end', GOOD + END + b'x'),
    ('behind-end-late', 2, 'R11', 'data behind the end',
     GOOD + END + b'\0' * 3000000 + b'x'),
    ('zeros-behind-end', 0, 'R11', '-', GOOD + END + b'\0' * 3000001),
    ('gzip', 2, 'R17', 'not a tar archive',
     gzip.compress(GOOD * 2000 + END, 0)),
    ('zip', 2, 'R17', 'not a tar archive', b'PK\3\4' + b'\0' * 2000),
    ('cpio', 2, 'R17', 'not a tar archive', b'070701' + b'0' * 2000),
    ('text', 2, 'R17', 'not a tar archive', b'hello\n'),
    ('mtree', 2, 'R17', 'not a tar archive', b'#mtree\n' + b'. type=dir\n' * 99),
]


def main():
    where = sys.argv[1]
    for name, status, rule, text, data in (
            [c[:4] + (c[4] + END,) for c in CASES] + WHOLE):
        with open(f'{where}/{name}.tar', 'wb') as out:
            out.write(data)
        print(name, status, rule, text, sep='\t')


main()
