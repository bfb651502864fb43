"""Ends of archives, and what is none."""
import gzip
from tar import *

CASES = [
    ('empty', 2, 'R11', 'empty: not a tar archive', '', b'', {'whole': True}),
    ('no-end', 2, 'R11', 'truncated: no end-of-archive', 'good', GOOD, {'whole': True}),
    ('half-end', 2, 'R11', 'truncated in the end', 'good', GOOD + b'\0' * 512, {'whole': True}),
    ('half-end-more', 2, 'R11', 'single block of zeros', 'good',
     GOOD + b'\0' * 512 + member(b'x') + END, {'whole': True}),
    ('behind-end', 2, 'R11', 'data behind the end', 'good', GOOD + END + GOOD + END, {'whole': True}),
    ('behind-end-byte', 2, 'R11', 'data behind the end', 'good', GOOD + END + b'x', {'whole': True}),
    ('behind-end-late', 2, 'R11', 'data behind the end', 'good',
     GOOD + END + b'\0' * 3000000 + b'x', {'whole': True}),
    ('zeros-behind-end', 0, 'R11', '-', 'good', GOOD + END + b'\0' * 3000001, {'whole': True}),
    ('gzip', 2, 'R17', 'not a tar archive', '',
     gzip.compress(GOOD * 2000 + END, 0), {'whole': True}),
    ('zip', 2, 'R17', 'not a tar archive', '', b'PK\3\4' + b'\0' * 2000, {'whole': True}),
    ('cpio', 2, 'R17', 'not a tar archive', '', b'070701' + b'0' * 2000, {'whole': True}),
    ('text', 2, 'R17', 'not a tar archive', '', b'hello\n', {'whole': True}),
    ('mtree', 2, 'R17', 'not a tar archive', '', b'#mtree\n' + b'. type=dir\n' * 99, {'whole': True}),
]

ALL = (pax((b'path', b'p' * 120), (b'mtime', b'5.5')) + member() +
       gnu_long(b'L', b'l' * 120 + b'\0') + member() + sym(b's', b'x') +
       gnu_sparse([(0, 4), (4096, 0)], 4096, 4) + body(b'data') +
       pax_sparse(b'2\n0\n4\n4096\n0\n'.ljust(512, b'\0') + b'data', 516,
                  b'4096') +
       header(b'q/', type=b'5') + member(b'q/x', b'x' * 1000) + END)
# what is whole behind which byte
PARTS = ((2048, 'p' * 120), (4096, 'l' * 120), (5632, 'sparse=#4096'),
         (8192, 's=#4096'), (8704, 'q/'), (10240, 'q/x=#1000'))


def whole_parts(cut):
    return ' '.join(sorted(word for end, word in PARTS if cut >= end))


for cut in range(1, len(ALL)):
    # at each block, and one byte beside it
    if cut % 512 not in (0, 1, 511) and cut != len(ALL) - 1:
        continue
    CASES.append(('cut-%d' % cut, 2, 'R11', 'truncated', whole_parts(cut),
                  ALL[:cut], {'whole': True}))
CASES += [
    ('only-zeros', 0, 'R11', '-', '', b'\0' * 10240, {'whole': True}),
    ('only-end', 0, 'R11', '-', '', END, {'whole': True}),
    ('one-zero-block', 2, 'R11', 'truncated in the end', '', b'\0' * 512,
     {'whole': True}),
    ('zeros-less', 2, 'R11', 'truncated', '', b'\0' * 511, {'whole': True}),
    ('one-byte', 2, 'R11', 'not a tar archive', '', b'x', {'whole': True}),
    ('behind-end-block', 2, 'R11', 'data behind the end', 'good',
     GOOD + END + b'x' * 512, {'whole': True}),
    ('two-archives', 2, 'R11', 'data behind the end', 'good',
     (GOOD + END) * 2, {'whole': True}),
    ('zeros-between', 2, 'R11', 'single block of zeros', 'good',
     GOOD + b'\0' * 512 + GOOD + END, {'whole': True}),
    ('end-odd-length', 0, 'R11', '-', 'good', GOOD + END + b'\0' * 7,
     {'whole': True}),
    ('end-record', 0, 'R11', '-', 'good', (GOOD + END).ljust(10240, b'\0'),
     {'whole': True}),
    ('bzip2', 2, 'R17', 'not a tar archive', '', b'BZh9' + b'1AY&SY' * 200,
     {'whole': True}),
    ('xz', 2, 'R17', 'not a tar archive', '', b'\xfd7zXZ\0' + b'x' * 2000,
     {'whole': True}),
    ('zstd', 2, 'R17', 'not a tar archive', '', b'\x28\xb5\x2f\xfd' * 500,
     {'whole': True}),
    ('7z', 2, 'R17', 'not a tar archive', '', b'7z\xbc\xaf\x27\x1c' * 300,
     {'whole': True}),
    ('rar', 2, 'R17', 'not a tar archive', '', b'Rar!\x1a\7\0' * 300,
     {'whole': True}),
    ('ar', 2, 'R17', 'not a tar archive', '', b'!<arch>\n' * 300,
     {'whole': True}),
    ('iso', 2, 'R17', 'not a tar archive', '',
     b'\1CD001\1'.ljust(40000, b'\0'), {'whole': True}),
    ('tar-late', 2, 'R17', 'not a tar archive', '',
     b'hello\n'.ljust(512, b'\0') + GOOD + END, {'whole': True}),
]
