"""What is made to be too much."""
from tar import *

CASES = [
    ('long-bomb', 2, 'R10', 'too long', 'good',
     GOOD + header(b'././@LongLink', 1 << 30, b'L', magic=GNU)),
    ('pax-bomb', 2, 'R10', 'too long', 'good',
     GOOD + header(b'x', 1 << 30, b'x')),
    ('map-bomb', 2, 'R10', 'too many entries', 'good',
     GOOD + pax_sparse(b'1000000000\n', 1 << 30)),
    ('map-digits', 2, 'R10', 'bad number', 'good',
     GOOD + pax_sparse(b'1' * 4096, 4096)),
    ('map-old-endless', 2, 'R10', 'too many entries', '',
     gnu_sparse([(0, 0)] * 4, 1 << 30, 0, b'\1') +
     b''.join(more_map(i * 21) for i in range(4000))),
    ('deep', 0, 'R10', '-', 'depth:1001', gnu_long(b'L', b'd/' * 1000 + b'f\0') + member()),
    ('name-bomb', 2, 'R10', 'too long', '',
     pax((b'path', b'n' * 70000)) + member()),
]


def many(n, make):
    """Pieces, so that the archive is never in memory."""
    return (b''.join(make(i) for i in range(k, min(k + 1000, n)))
            for k in range(0, n, 1000))


class Many:
    """As many(), and may be read again."""

    def __init__(self, n, make):
        self.n, self.make = n, make

    def __iter__(self):
        return many(self.n, self.make)


def pieces(*parts):
    return [p for part in parts
            for p in ([part] if isinstance(part, bytes) else part)]


CASES += [
    ('refused-many-dry-run', 1, 'R12', '4000 more members were refused', '',
     [header(b'/%d' % i, type=b'5') for i in range(5000)],
     {'args': ['--dry-run'], 'lines': 1001}),
    ('refused-many', 1, 'R12', '4000 more members were refused or kept', '',
     pieces(Many(5000, lambda i: header(b'/%d' % i, type=b'5'))),
     {'lines': 1001}),
    ('fifo-many', 1, 'R12', 'more members were refused or kept', 'good',
     pieces(Many(3000, lambda i: header(b'%d' % i, type=b'6')), GOOD),
     {'lines': 1001}),
    ('links-many', 1, 'R12', 'more members were refused or kept', '',
     pieces(Many(2000, lambda i: sym(b'%d' % i, b'/x'))), {'lines': 1001}),
    ('hard-many', 1, 'R12', 'more members were refused or kept', '',
     pieces(Many(2000, lambda i: hard(b'%d' % i, b'none'))), {'lines': 1001}),
    ('kept-many', 1, 'R12', 'more members were refused or kept', '',
     pieces(Many(2000, lambda i: member(b'mine'))),
     {'lines': 1001, 'args': ['-k']}),
    ('failed-many', 2, 'R12', 'more errors', 'good',
     pieces(Many(1500, lambda i: gnu_long(b'L', b'n' * 300) + member()), GOOD),
     {'lines': 1001}),
    ('label-bomb', 2, 'R10', 'too many', '',
     pieces(Many(20000, lambda i: header(b'v', type=b'V', magic=GNU)), GOOD)),
    ('global-bomb', 2, 'R10', 'too many', '',
     pieces(Many(20000, lambda i: pax((b'comment', b'c'), type=b'g')), GOOD)),
    ('deep-too-deep', 2, 'R10', 'deeper than --max-depth', '',
     gnu_long(b'L', b'd/' * 1000 + b'f\0') + member(),
     {'args': ['--max-depth', '1000']}),
    ('deep-10000', 0, 'R10', '-', 'depth:10001',
     gnu_long(b'L', b'd/' * 10000 + b'f\0') + member() + member(b'e/f') +
     gnu_long(b'L', b'd/' * 10000 + b'g\0') + member(), {'once': True}),
    ('files-too-many', 2, 'R10', 'more members than --max-files', '0 1',
     member(b'0') + member(b'1') + member(b'2'),
     {'args': ['--max-files', '2']}),
    ('bytes-too-many', 2, 'R10', 'more data than --max-bytes', 'f',
     member() + member(b'g', b'x' * 1000), {'args': ['--max-bytes', '1000']}),
    ('same-name-often', 0, 'R10', '-', 'f=2999',
     pieces(Many(3000, lambda i: member(b'f', b'%d' % i)))),
    ('same-dir-often', 0, 'R10', '-', 'q/',
     pieces(Many(3000, lambda i: header(b'q', type=b'5')))),
    ('same-link-often', 0, 'R10', '-', 's->2999',
     pieces(Many(3000, lambda i: sym(b's', b'%d' % i)))),
    ('size-exabytes', 2, 'R11', 'truncated', '',
     header(sizefield=base256(2**60, 12)) + b'x' * 512),
    ('long-limit', 2, 'R10', 'too long', '',
     gnu_long(b'L', b'n' * 65537) + member()),
    ('pax-limit', 2, 'R10', 'too long', '',
     pax((b'comment', b'c' * (1 << 20))) + member()),
    ('pax-many-records', 0, 'R10', '-', 'f',
     pax(*[(b'k%d' % i, b'') for i in range(40000)]) + member()),
    ('map-long', 2, 'R10', 'too many entries', '',
     pax_sparse(b'70000\n' + b'0\n0\n' * 70000, 280006)),
]
