"""pax and GNU extension headers."""
from tar import *

CASES = [
    ('size-pax-wins', 0, 'R9', '-', 'f=#2048',
     pax((b'size', b'%d' % len(NESTED))) + header(b'f', 0) + NESTED),
    ('size-pax-smaller', 0, 'R9', '-', 'f= good',
     pax((b'size', b'0')) + header(b'f', 512) + GOOD),
    ('size-pax-negative', 2, 'R9', 'bad number', '',
     pax((b'size', b'-512')) + member()),
    ('size-pax-text', 2, 'R9', 'bad number', '',
     pax((b'size', b'0x10')) + member()),
    ('size-pax-huge', 2, 'R10', 'bad number', '',
     pax((b'size', b'9' * 30)) + member()),
    ('size-pax-twice', 2, 'R9', 'given twice', '',
     pax((b'size', b'4'), (b'size', b'8')) + member()),
    ('size-pax-hard', 2, 'R9', 'has no data has a size', 'f',
     member(b'f') + pax((b'size', b'512')) + hard(b'h', b'f') + GOOD),
    ('size-realsize', 2, 'R9', 'unknown way', '',
     pax((b'SCHILY.realsize', b'9')) + member()),
    ('pax-then-long', 2, 'R9', 'GNU and pax names', '',
     pax((b'size', b'1024')) + gnu_long(b'L', b'x\0') + GOOD),
    ('long-then-pax', 2, 'R9', 'GNU and pax names', '',
     gnu_long(b'L', b'x\0') + pax((b'path', b'y')) + member()),
    ('pax-twice', 2, 'R9', 'repeated', '',
     pax((b'path', b'a')) + pax((b'path', b'b')) + member()),
    ('long-twice', 2, 'R9', 'repeated', '',
     gnu_long(b'L', b'x\0') + gnu_long(b'L', b'y\0') + member()),
    ('path-twice', 2, 'R9', 'given twice', '',
     pax((b'path', b'a'), (b'path', b'../b')) + member()),
    ('pax-empty', 2, 'R9', 'empty', '', header(b'p', 0, b'x') + member()),
    ('pax-at-end', 2, 'R9', 'ends within', '', pax((b'path', b'a'))),
    ('global-path', 2, 'R9', 'changes every member', '',
     pax((b'path', b'../x'), type=b'g') + member()),
    ('global-size', 2, 'R9', 'changes every member', '',
     pax((b'size', b'1024'), type=b'g') + member()),
    ('global-comment', 0, 'R9', '-', 'f',
     pax((b'comment', b'hello'), type=b'g') + member()),
    ('record-zero', 2, 'R9', 'record', '', pax(b'0 path=x\n') + member()),
    ('record-long', 2, 'R9', 'record', '', pax(b'99 path=x\n') + member()),
    ('record-signed', 2, 'R9', 'record', '', pax(b'-9 path=x\n') + member()),
    ('record-open', 2, 'R9', 'record', '', pax(b'9 path=xy') + member()),
    ('record-no-key', 2, 'R9', 'without a key', '', pax(b'5 =x\n\n') + member()),
    ('record-no-length', 2, 'R9', 'length', '', pax(b'path=x\n') + member()),
    ('time-text', 2, 'R9', 'bad time', '', pax((b'mtime', b'now')) + member()),
]

NESTED_AS_PAX = header(b'smuggled', 0)
for key in (b'path', b'linkpath', b'mtime', b'uid', b'gid', b'size'):
    value = b'5' if key not in (b'path', b'linkpath') else b'x'
    CASES.append(('twice-' + key.decode(), 2, 'R9', 'given twice', '',
                  pax((key, value), (key, value)) + member()))
    CASES.append(('nothing-' + key.decode(), 2, 'R9', 'pax header', '',
                  pax((key, b'')) + member()))
    CASES.append(('global-all-' + key.decode(), 2, 'R9',
                  'changes every member', '',
                  pax((key, value), type=b'g') + member()))
for key in (b'size', b'uid', b'gid'):
    for value in (b'-1', b'+1', b' 1', b'1 ', b'1.5', b'1e3', b'0x1', b'1\0',
                  b'9' * 19):
        CASES.append(('number-%s-%s' % (key.decode(), value[:4].hex()), 2,
                      'R9', 'bad number', '', pax((key, value)) + member()))
for i, text in enumerate((
        b'path=x\n', b' 8 path=x\n', b'+9 path=x\n', b'09 path=x\n9 a=b\n\n',
        b'8 path=x\n', b'1 \n', b'2\n', b'3 \n',
        b'99999999999999999999 path=x\n', b'9 path=x\0', b'9  path=x',
        b'9\tpath=x\n', b'9 path=x\n\n', b'9 path=x\n\0\0\0', b'0x9 path=x\n',
        b'6 path\n', b'18446744073709551625 path=x\n', b'9 path=x\n5 \n')):
    CASES.append(('record-odd-%d' % i, 2, 'R9', 'record', '',
                  pax(text) + member()))
for one in (b'L', b'K'):
    CASES.append(('pax-then-' + one.decode(), 2, 'R9', 'GNU and pax', '',
                  pax((b'mtime', b'5')) + gnu_long(one, b'x\0') + member()))
    CASES.append((one.decode() + '-then-pax', 2, 'R9', 'GNU and pax', '',
                  gnu_long(one, b'x\0') + pax((b'mtime', b'5')) + member()))
    CASES.append((one.decode() + '-twice', 2, 'R9', 'repeated', '',
                  gnu_long(one, b'x\0') * 2 + member()))
    CASES.append((one.decode() + '-at-end', 2, 'R9', 'ends within', 'good',
                  GOOD + gnu_long(one, b'x\0')))
    CASES.append((one.decode() + '-empty', 2, 'R9', 'empty', '',
                  header(b'././@LongLink', 0, one, magic=GNU) + member()))
    CASES.append((one.decode() + '-then-global', 2, 'R9', 'global header', '',
                  gnu_long(one, b'x\0') + pax((b'comment', b'c'), type=b'g') +
                  member()))
CASES += [
    ('pax-then-global', 2, 'R9', 'global header', '',
     pax((b'path', b'x')) + pax((b'comment', b'c'), type=b'g') + member()),
    ('pax-pax-size-for-long', 2, 'R9', 'GNU and pax names', '',
     pax((b'size', b'2048')) + gnu_long(b'L', b'x\0') + member() + GOOD),
    ('global-then-long', 0, 'R9', '-', 'x',
     pax((b'comment', b'c'), type=b'g') + gnu_long(b'L', b'x\0') + member()),
    ('global-empty', 0, 'R9', '-', 'f', header(b'g', 0, b'g') + member()),
    ('global-many', 0, 'R9', '-', 'f g',
     pax((b'comment', b'c'), type=b'g') + member() +
     pax((b'comment', b'd'), type=b'g') + member(b'g')),
    ('global-at-end', 0, 'R9', '-', 'f',
     member() + pax((b'comment', b'c'), type=b'g')),
    ('global-sparse', 2, 'R9', 'changes every member', '',
     pax((b'GNU.sparse.major', b'1'), type=b'g') + member()),
    ('global-record', 2, 'R9', 'record', '',
     pax(b'99 comment=x\n', type=b'g') + member()),
    ('global-charset', 2, 'R9', 'unknown charset', '',
     pax((b'hdrcharset', b'UTF-16'), type=b'g') + member()),
    ('long-and-link', 0, 'R9', '-', 'n' * 120 + '->' + 't' * 120,
     gnu_long(b'K', b't' * 120 + b'\0') + gnu_long(b'L', b'n' * 120 + b'\0') +
     sym(b'n', b't')),
    ('long-no-nul', 0, 'R9', '-', 'n' * 120,
     gnu_long(b'L', b'n' * 120) + member()),
    ('long-newline', 0, 'R9', '-', 'a\\012b',
     gnu_long(b'L', b'a\nb\0') + member()),
    ('path-wins', 0, 'R9', '-', 'x', pax((b'path', b'x')) + member(b'/etc/f')),
    ('linkpath-on-file', 0, 'R9', '-', 'f',
     pax((b'linkpath', b'/etc/passwd')) + member()),
    ('size-pax-same', 0, 'R9', '-', 'f good',
     pax((b'size', b'4')) + member() + GOOD),
    ('size-pax-larger', 2, 'R9', 'truncated', '',
     pax((b'size', b'1000000')) + member()),
    ('size-pax-dir', 2, 'R9', 'has a size', '',
     pax((b'size', b'512')) + header(b'q', type=b'5') + GOOD),
    ('size-pax-link', 2, 'R9', 'has a size', '',
     pax((b'size', b'512')) + sym(b's', b'x') + GOOD),
    ('size-pax-fifo', 2, 'R9', 'has a size', '',
     pax((b'size', b'512')) + header(b'p', type=b'6') + GOOD),
    ('size-pax-takes-away', 0, 'R9', '-', 's->mine',
     pax((b'size', b'0')) + header(b's', 512, b'2', b'mine')),
    ('size-pax-maximum', 2, 'R10', 'bad number', '',
     pax((b'size', b'9223372036854775807')) + member()),
    ('pax-of-x-size', 2, 'R9', 'repeated', '',
     pax((b'size', b'9')) + header(b'x', 512, b'x') +
     body(record(b'path', b'y'))),
    ('pax-nul-inside', 2, 'R9', 'record', '',
     pax(record(b'path', b'x') + b'\0' + record(b'size', b'4')) + member()),
    ('pax-key-odd', 0, 'R9', '-', 'f', pax((b'no such key', b'x')) + member()),
    ('pax-comment-nul', 0, 'R9', '-', 'f',
     pax((b'comment', b'a\0b')) + member()),
    ('pax-comment-newline', 0, 'R9', '-', 'f',
     pax((b'comment', b'x\n9 path=y')) + member()),
    ('pax-charset-binary', 0, 'R9', '-', '\\377',
     pax((b'hdrcharset', b'BINARY'), (b'path', b'\xff')) + member()),
    ('pax-charset-other', 2, 'R9', 'unknown charset', '',
     pax((b'hdrcharset', b'UTF-16'), (b'path', b'x')) + member()),
    ('pax-cut-body', 2, 'R11', 'truncated', '',
     header(b'x', 600, b'x') + b'x' * 512, {'whole': True}),
    ('solaris-pax', 2, 'R9', 'unknown type', '',
     member(b'x', record(b'path', b'../x'), type=b'X') + member()),
] + [('foreign-' + key.decode().replace('.', '-').lower(), 2, 'R9',
      'unknown way', '', pax((key, b'1')) + member())
     for key in (b'SCHILY.realsize', b'SCHILY.filetype', b'SUN.holesdata',
                 b'GNU.volume.size', b'GNU.dumpdir', b'SCHILY.offset')]
