"""Kinds of members, modes and owners."""
from tar import *

CASES = [
    ('char', 1, 'R13', 'refused: device', '', header(b'c', type=b'3')),
    ('block', 1, 'R13', 'refused: device', '', header(b'b', type=b'4')),
    ('fifo', 1, 'R13', 'refused: FIFO', '', header(b'p', type=b'6')),
    ('fifo-onto-mine', 1, 'R13', 'refused: FIFO', '', header(b'mine', type=b'6')),
    ('fifo-size', 2, 'R9', 'has no data has a size', '',
     header(b'p', 512, b'6') + body(b'x' * 512)),
    ('dir-size', 2, 'R9', 'has no data has a size', '',
     header(b'q/', 512, b'5') + body(b'x' * 512)),
    ('slash-file', 2, 'R9', 'ends in a slash', '', member(b'f/')),
    ('slash-file-old', 2, 'R9', 'has no data has a size', '', member(b'f/', type=b'\0')),
    ('setuid', 0, 'R13', '-', 'f', member(mode=b'0006755\0')),
    ('setuid-dir', 0, 'R13', '-', 'q/', header(b'q/', type=b'5', mode=b'0007777\0')),
    ('root-mode', 0, 'R13', '-', '', header(b'./', type=b'5', mode=b'0007777\0')),
    ('dir-mode-0', 0, 'R13', '-', 'q/ q/x',
     header(b'q/', type=b'5', mode=b'0000000\0') + member(b'q/x')),
    ('mode-base256', 2, 'R9', 'bad mode', '',
     member(mode=b'\x80\0\0\0\1\0\0\0')),
    ('mode-text', 2, 'R9', 'bad mode', '', member(mode=b'rwxrwxr\0')),
    ('owner-text', 2, 'R9', 'bad owner', '', member(uid=b'root\0\0\0\0')),
    ('type-unknown', 2, 'R9', 'unknown type', '', member(type=b'Q')),
    ('type-multivolume', 2, 'R9', 'unknown type', '', member(type=b'M')),
]


def rights(mode):
    return b'%07o\0' % mode


MODE = {'spell': 'mode'}
for number in (0, 0o1, 0o111, 0o200, 0o400, 0o444, 0o666, 0o700, 0o777):
    CASES.append(('mode-%o' % number, 0, 'R13', '-',
                  'f@%o' % (number & 0o755), member(mode=rights(number)),
                  MODE))
    CASES.append(('mode-dir-%o' % number, 0, 'R13', '-',
                  'q/@%o q/x@644' % (number & 0o755),
                  header(b'q/', type=b'5', mode=rights(number)) +
                  member(b'q/x'), MODE))
for bit in (0o1000, 0o2000, 0o4000, 0o7000):
    CASES.append(('bit-%o' % bit, 0, 'R13', '-', 'f@755',
                  member(mode=rights(0o755 | bit)), MODE))
    CASES.append(('dir-bit-%o' % bit, 0, 'R13', '-', 'q/@755',
                  header(b'q', type=b'5', mode=rights(0o755 | bit)), MODE))
for stamp, name in ((0, 'epoch'), (1, 'second'), (2**31 - 1, '2038'),
                    (2**31, '2038-after'), (2**32, '2106'),
                    (2**33 - 1, 'octal-end')):
    CASES.append(('time-' + name, 0, 'R9', '-', 'f!%d' % stamp,
                  member(mtime=octal(stamp, 12)), {'spell': 'time'}))
for stamp in (-1, -86400, -2**31):
    CASES.append(('time%d' % stamp, 0, 'R9', '-', 'f!%d' % stamp,
                  member(mtime=base256(stamp, 12)), {'spell': 'time'}))
    CASES.append(('time%d-pax' % stamp, 0, 'R9', '-', 'f!%d' % stamp,
                  pax((b'mtime', b'%d' % stamp)) + member(),
                  {'spell': 'time'}))
CASES += [
    ('device-null', 1, 'R13', 'refused: device', '',
     header(b'c', type=b'3', rest=b'')),
    ('device-then-write', 1, 'R13', 'refused: device', 'c',
     header(b'c', type=b'3') + member(b'c')),
    ('fifo-then-write', 1, 'R13', 'refused: FIFO', 'p',
     header(b'p', type=b'6') + member(b'p')),
    ('device-size', 2, 'R9', 'has a size', '',
     header(b'c', 512, b'3') + body(b'x' * 512)),
    ('device-absolute', 1, 'R2', 'absolute name', '',
     header(b'/dev/sda', type=b'4')),
    ('device-onto-mine', 1, 'R13', 'refused: device', '',
     header(b'mine', type=b'3')),
    ('hard-to-device', 1, 'R13', 'not of this stream', '',
     header(b'c', type=b'3') + hard(b'h', b'c')),
    ('contiguous', 0, 'R9', '-', 'f', member(type=b'7')),
    ('old-file', 0, 'R9', '-', 'f', member(type=b'\0')),
    ('old-dir', 0, 'R9', '-', 'q/', header(b'q/', type=b'\0')),
    ('dir-by-slash', 0, 'R9', '-', 'q/', header(b'q/', type=b'\0')),
    ('dir-by-slash-typed', 2, 'R9', 'ends in a slash', '',
     header(b'q/', type=b'0')),
    ('dir-by-slash-contiguous', 2, 'R9', 'ends in a slash', '',
     header(b'q/', type=b'7')),
    ('dir-by-slash-pax', 2, 'R9', 'ends in a slash', '',
     pax((b'path', b'q/')) + header(b'q', type=b'\0')),
    ('dir-by-slash-gnu', 2, 'R9', 'ends in a slash', '',
     gnu_long(b'L', b'q\0') + header(b'q/', type=b'\0', magic=GNU)),
    ('dir-by-slash-prefix', 2, 'R9', 'ends in a slash', '',
     header(b'', type=b'\0', rest=b'q')),
    ('slash-cut', 0, 'R9', '-', 'q/ q/f', gnu_long(b'L', b'q/f\0') +
     member(b'q/', magic=GNU)),
    ('dir-mode-0-inside', 0, 'R13', '-', 'q/@0 q/r/@0 q/r/x@644',
     header(b'q/', type=b'5', mode=rights(0)) +
     header(b'q/r/', type=b'5', mode=rights(0)) + member(b'q/r/x'), MODE),
    ('dir-after-members', 0, 'R13', '-', 'q/@500 q/x@644',
     member(b'q/x') + header(b'q', type=b'5', mode=rights(0o500)), MODE),
    ('dir-twice', 0, 'R13', '-', 'q/@711 q/x@644 q/y@644',
     header(b'q', type=b'5', mode=rights(0o500)) + member(b'q/x') +
     header(b'q', type=b'5', mode=rights(0o711)) + member(b'q/y'), MODE),
    ('dirs-in-turn', 0, 'R13', '-', 'a/@500!1 a/x@644!5 a/y@644!5 '
     'b/@555!2 b/x@644!5',
     header(b'a', type=b'5', mode=rights(0o500), mtime=octal(1, 12)) +
     header(b'b', type=b'5', mode=rights(0o555), mtime=octal(2, 12)) +
     member(b'a/x', mtime=octal(5, 12)) + member(b'b/x', mtime=octal(5, 12)) +
     member(b'a/y', mtime=octal(5, 12)), {'spell': 'mode time'}),
    ('dir-time-links', 0, 'R5', '-', 'q/!7 q/h*2!1000000000 q/l->x!1000000000 '
     'q/x*2!1000000000',
     header(b'q', type=b'5', mtime=octal(7, 12)) + sym(b'q/l', b'x') +
     member(b'q/x') + hard(b'q/h', b'q/x'), {'spell': 'time'}),
    ('dir-time-removed', 0, 'R5', '-', 'q/!7 q/x->y!1000000000',
     header(b'q', type=b'5', mtime=octal(7, 12)) +
     header(b'q/x', type=b'5') + sym(b'q/x', b'y'), {'spell': 'time'}),
    ('root-dot', 0, 'R13', '-', '', header(b'.', type=b'5', mode=rights(0))),
    ('setuid-p', 0, 'R13', '-', 'f@6755', member(mode=rights(0o6755)),
     {'args': ['-p']}),
    ('mode-negative', 2, 'R9', 'bad mode', '', member(mode=b'\xff' * 8)),
    ('mode-too-large', 2, 'R9', 'bad mode', '', member(mode=b'7777777\0')),
    ('mode-type-bits', 0, 'R13', '-', 'f@644', member(mode=b'0100644\0'),
     MODE),
    ('mode-other-type-bits', 0, 'R13', '-', 'f@644', member(mode=b'0120644\0'),
     MODE),
    ('owner-negative', 2, 'R9', 'bad owner', '', member(uid=b'\xff' * 8)),
    ('owner-root', 0, 'R13', '-', 'f', member(uid=b'0000000\0')),
    ('owner-huge', 0, 'R13', '-', 'f', member(uid=b'\x80\0\0\1\0\0\0\0')),
    ('owner-pax-negative', 2, 'R9', 'bad number', '',
     pax((b'uid', b'-1')) + member()),
    ('owner-names', 0, 'R13', '-', 'f',
     pax((b'uname', b'root'), (b'gname', b'root')) + member()),
    ('xattr-capability', 0, 'R13', '-', 'f',
     pax((b'SCHILY.xattr.security.capability',
          b'\1\0\0\2\xff\xff\xff\xff\0\0\0\0\xff\xff\xff\xff\0\0\0\0')) + member(), {'disk': True}),
    ('xattr-libarchive', 0, 'R13', '-', 'f',
     pax((b'LIBARCHIVE.xattr.security.capability',
          b'AQAAAv////8AAAAA/////wAAAAA=')) + member()),
    ('xattr-link', 0, 'R4', '-', 's->mine',
     pax((b'SCHILY.xattr.user.x', b'y')) + sym(b's', b'mine')),
    ('acl-link', 0, 'R4', '-', 's->mine',
     pax((b'SCHILY.acl.access', b'user::rwx,group::rwx,other::rwx')) +
     sym(b's', b'mine')),
    ('selinux', 0, 'R4', '-', 'f',
     pax((b'RHT.security.selinux', b'system_u:object_r:shadow_t:s0')) +
     member()),
    ('flags', 0, 'R4', '-', 'f',
     pax((b'SCHILY.fflags', b'immutable,append')) + member()),
    ('time-nanoseconds', 0, 'R9', '-', 'f!12',
     pax((b'mtime', b'12.3456789012')) + member(), {'spell': 'time'}),
    ('time-before-with-fraction', 0, 'R9', '-', 'f!-13',
     pax((b'mtime', b'-12.5')) + member(), {'spell': 'time'}),
    ('time-fraction-text', 2, 'R9', 'bad time', '',
     pax((b'mtime', b'12.345678901x')) + member()),
    ('time-fraction-dot', 2, 'R9', 'bad time', '',
     pax((b'mtime', b'12.345678901.5')) + member()),
    ('time-dot', 2, 'R9', 'bad time', '', pax((b'mtime', b'12.')) + member()),
    ('time-no-second', 2, 'R9', 'bad time', '',
     pax((b'mtime', b'.5')) + member()),
    ('time-plus', 2, 'R9', 'bad time', '', pax((b'mtime', b'+5')) + member()),
    ('time-exponent', 2, 'R9', 'bad time', '',
     pax((b'mtime', b'1e9')) + member()),
    ('time-minus', 2, 'R9', 'bad time', '', pax((b'mtime', b'-')) + member()),
    ('time-empty', 2, 'R9', 'bad time', '', pax((b'mtime', b'')) + member()),
    ('time-hex', 2, 'R9', 'bad time', '', pax((b'mtime', b'0x5')) + member()),
    ('time-field-text', 2, 'R9', 'bad time', '',
     member(mtime=b'yesterday!!!')),
    ('time-link', 0, 'R4', '-', 'f!1000000000 s->f!5',
     member(b'f') + header(b's', type=b'2', link=b'f', mtime=octal(5, 12)),
     {'spell': 'time'}),
]
