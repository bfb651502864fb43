"""Headers: checksums, numbers, types, dialects."""
from tar import *

CASES = [
    ('sum-first', 2, 'R9', 'not a tar archive', '', member(sum_off=1)),
    ('sum-later', 2, 'R9', 'damaged header', 'good', GOOD + member(sum_off=1)),
    ('size-negative', 2, 'R9', 'bad size', 'good',
     GOOD + header(sizefield=b'\xff' * 12)),
    ('size-huge', 2, 'R10', 'bad size', 'good',
     GOOD + header(sizefield=b'\x80' + b'\xff' * 11)),
    ('size-max', 2, 'R10', 'bad size', 'good',
     GOOD + header(sizefield=b'\x80\0\0\0\x7f' + b'\xff' * 7)),
    ('size-text', 2, 'R9', 'bad size', 'good',
     GOOD + header(sizefield=b'0000000000x\0')),
    ('size-two', 2, 'R9', 'bad size', 'good',
     GOOD + header(sizefield=b'0000 0000001')),
    ('fault-is-final', 2, 'R9', 'record', '',
     header(b'x', 1024, b'x') + member(b'f', b'x' * 9)),
]

V7 = b'\0' * 8
RETYPED = {'dir': b'5', 'link': b'2', 'hard': b'1', 'fifo': b'6'}
for kind, flag in RETYPED.items():
    # its body would be the next header
    CASES.append(('body-as-header-' + kind, 2, 'R9', 'has a size', '',
                  header(b'q', 512, flag, b'mine') + member(b'smuggled')))
for flag in b'8 9 A D E I M N P U X Z a z'.split():
    CASES.append(('type-%s' % flag.decode(), 2, 'R9', 'unknown type', 'good',
                  GOOD + member(type=flag)))
for flag in (b'\1', b'\xff', b' '):
    CASES.append(('type-byte-%d' % flag[0], 2, 'R9', 'unknown type', 'good',
                  GOOD + member(type=flag)))
for start, width in ((0, 100), (100, 8), (124, 12), (136, 12), (257, 8)):
    # each bit that flips in a header is found
    damaged = bytearray(member(b'x'))
    damaged[start + width // 2] ^= 1
    CASES.append(('flip-%d' % start, 2, 'R9', 'checksum', 'good',
                  GOOD + bytes(damaged)))
CASES += [
    ('sum-signed', 0, 'R9', '-', 'caf\\303\\251',
     signed(header(b'caf\xc3\xa9', 4)) + body(b'data')),
    ('sum-blank', 2, 'R9', 'checksum', 'good',
     GOOD + resum(header(b'x'), b' ' * 8)),
    ('sum-nul', 2, 'R9', 'checksum', 'good',
     GOOD + resum(header(b'x'), b'\0' * 8)),
    ('sum-text', 2, 'R9', 'checksum', 'good',
     GOOD + resum(header(b'x'), b'checksum')),
    ('header-of-ones', 2, 'R9', 'checksum', 'good', GOOD + b'\xff' * 512),
    ('size-one', 0, 'R9', '-', 'f=x', member(b'f', b'x')),
    ('size-512', 0, 'R9', '-', 'f=#512 good',
     member(b'f', b'x' * 512) + GOOD),
    ('size-513', 0, 'R9', '-', 'f=#513 good',
     member(b'f', b'x' * 513) + GOOD),
    ('size-base256', 0, 'R9', '-', 'f good',
     header(sizefield=base256(4, 12)) + body(b'data') + GOOD),
    ('size-base256-minimum', 2, 'R9', 'bad size', 'good',
     GOOD + header(sizefield=b'\xff\xff\xff\xff\x80' + b'\0' * 7)),
    ('size-base256-other', 2, 'R9', 'bad size', 'good',
     GOOD + header(sizefield=b'\x81' + b'\0' * 11)),
    ('size-base256-wraps', 2, 'R10', 'bad size', 'good',
     GOOD + header(sizefield=b'\x80\0\0\1' + b'\0' * 8)),
    ('size-minus', 2, 'R9', 'bad size', 'good',
     GOOD + header(sizefield=b'-0000000512\0')),
    ('size-plus', 2, 'R9', 'bad size', 'good',
     GOOD + header(sizefield=b'+0000000512\0')),
    ('size-decimal', 2, 'R9', 'bad size', 'good',
     GOOD + header(sizefield=b'00000000009\0')),
    ('size-nul-inside', 2, 'R9', 'bad size', 'good',
     GOOD + header(sizefield=b'0000\x000000001')),
    ('size-tab', 2, 'R9', 'bad size', 'good',
     GOOD + header(sizefield=b'\t0000000004\0')),
    ('device-number-unused', 2, 'R9', 'bad device number', 'good',
     GOOD + retell(member(), 329, b'8')),
    ('device-number-unused-v7', 2, 'R9', 'bad device number', 'good',
     GOOD + retell(member(magic=V7), 329, b'8')),
    ('device-number-blank', 0, 'R9', '-', 'f good',
     GOOD + retell(member(), 329, b' ' * 16)),
    ('long-name-goes-on', 2, 'R9', 'goes on behind its end', 'good', GOOD +
     header(b'././@LongLink', 1, b'L', magic=GNU) + body(b'xyz') + member()),
    ('long-target-goes-on', 2, 'R9', 'goes on behind its end', 'good', GOOD +
     header(b'././@LongLink', 600, b'K', magic=GNU) + body(b'x' * 601) +
     sym(b's', b'x')),
    ('long-name-of-a-block', 0, 'R9', '-', 'depth:256', gnu_long(
        b'L', b'n/' * 255 + b'ff') + member()),
    ('size-blanks', 0, 'R9', '-', 'f good',
     header(sizefield=b'          4 ') + body(b'data') + GOOD),
    ('size-twelve-digits', 0, 'R9', '-', 'f good',
     header(sizefield=b'000000000004') + body(b'data') + GOOD),
    ('size-beyond-end', 2, 'R11', 'truncated within a member', 'good',
     GOOD + header(b'f', 1 << 32) + b'x' * 5000),
    ('v7', 0, 'R9', '-', 'f', member(magic=V7)),
    ('v7-prefix', 2, 'R9', 'unknown', 'good', GOOD + member(
        b'f', magic=V7, rest=b'../outside')),
    ('magic-odd', 2, 'R9', 'unknown', 'good',
     GOOD + member(magic=b'USTAR\00000')),
    ('magic-odd-prefix', 2, 'R9', 'unknown', 'good',
     GOOD + member(magic=b'rats\0\00000', rest=b'dir')),
    ('magic-version', 2, 'R9', 'unknown', 'good',
     GOOD + member(magic=b'ustar\00001', rest=b'dir')),
    ('magic-half-gnu', 2, 'R9', 'unknown', 'good',
     GOOD + member(magic=b'ustar  0', rest=b'dir')),
    ('gnu', 0, 'R9', '-', 'f', member(magic=GNU)),
    ('gnu-prefix', 2, 'R9', 'unknown kind of header', 'good',
     GOOD + member(b'f', magic=GNU, rest=b'../../outside')),
    ('gnu-times', 0, 'R9', '-', 'f',
     member(magic=GNU, rest=octal(1000000000, 12) + octal(1000000000, 12))),
    ('gnu-offset', 2, 'R9', 'unknown use of a GNU header', 'good',
     GOOD + member(magic=GNU, rest=b'\0' * 24 + octal(512, 12))),
    ('gnu-real-size', 2, 'R9', 'unknown use of a GNU header', 'good',
     GOOD + member(magic=GNU, rest=b'\0' * 138 + octal(512, 12))),
    ('star', 0, 'R9', '-', 'p/ p/f', member(
        rest=b'p'.ljust(131, b'\0') + octal(5, 12) * 2 + b'\0' * 8 +
        b'tar\0')),
    ('star-long-prefix', 2, 'R9', 'unknown', 'good', GOOD + member(
        rest=b'p' * 131 + octal(5, 12) * 2 + b'\0' * 8 + b'tar\0')),
    ('label', 0, 'R9', '-', 'f', header(b'label', type=b'V', magic=V7) + member()),
    ('label-gnu', 0, 'R9', '-', 'f',
     header(b'label', type=b'V', magic=GNU) + member()),
    ('label-posix', 2, 'R9', 'unknown type', '',
     header(b'label', type=b'V') + member()),
    ('label-size', 2, 'R9', 'unknown type', '',
     header(b'label', 512, b'V', magic=GNU) + member(b'smuggled')),
    ('label-after-long', 2, 'R9', 'unknown type', '',
     gnu_long(b'L', b'x\0') + header(b'label', type=b'V', magic=GNU) + member()),
    ('label-after-long-link', 2, 'R9', 'unknown type', '',
     gnu_long(b'K', b'x\0') + header(b'label', type=b'V', magic=GNU) + sym(b's', b'y')),
    ('label-after-pax', 2, 'R9', 'unknown type', '',
     pax((b'path', b'x')) + header(b'label', type=b'V', magic=GNU) + member()),
    ('good-then-bad', 2, 'R9', 'checksum', 'f good',
     member() + GOOD + member(b'x', sum_off=3)),
]
