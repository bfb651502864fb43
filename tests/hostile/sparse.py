"""Sparse maps of every kind."""
from tar import *

CASES = [
    ('map-overlap', 2, 'R9', 'overlap', '',
     gnu_sparse([(0, 512), (256, 256)], 512, 768) + body(b'x' * 768)),
    ('map-short', 2, 'R9', 'does not reach the end', '',
     gnu_sparse([(0, 512)], 5000, 512) + body(b'x' * 512)),
    ('map-beyond', 2, 'R9', 'does not reach the end', '',
     gnu_sparse([(0, 512)], 100, 512) + body(b'x' * 512)),
    ('map-sum', 2, 'R9', 'does not fit', '',
     gnu_sparse([(0, 1024)], 1024, 512) + body(b'x' * 512)),
    ('map-text-sum', 2, 'R9', 'does not fit', '',
     pax_sparse(b'1\n0\n5000\n'.ljust(512, b'\0') + b'x' * 512, 1024)),
    ('map-text-cut', 2, 'R9', 'bad number', '',
     pax_sparse(b'3\n0\n10\n20\n1', 11)),
    ('map-text-open', 2, 'R9', 'not complete', '',
     pax_sparse(b'300\n' + b'0\n' * 254, 512)),
    ('map-hidden', 2, 'R9', 'unknown use of a GNU header', '',
     gnu_sparse([(0, 512)], 512, 512, type=b'0') + body(b'x' * 512)),
    ('map-form', 2, 'R9', 'unknown kind', '',
     pax((b'GNU.sparse.major', b'2'), (b'GNU.sparse.minor', b'0'),
         (b'GNU.sparse.realsize', b'4')) + member()),
]


def form00(*pairs, real=b'4096', blocks=None):
    records = [(b'GNU.sparse.size', real), (b'GNU.sparse.numblocks',
                                            blocks or b'%d' % len(pairs))]
    for offset, size in pairs:
        records += [(b'GNU.sparse.offset', b'%d' % offset),
                    (b'GNU.sparse.numbytes', b'%d' % size)]
    return pax(*records)


def form01(text, real=b'4096', blocks=b'2', name=b's'):
    return pax((b'GNU.sparse.size', real), (b'GNU.sparse.numblocks', blocks),
               (b'GNU.sparse.name', name), (b'GNU.sparse.map', text))


def form10(text, real=b'4096', data=b'data', size=None):
    text = text + b'\0' * (-len(text) % 512)
    return pax_sparse(text + data, size or len(text) + len(data), real)


F = member(b'f')
OK10 = b'2\n0\n4\n4096\n0\n'
CASES += [
    ('form-old', 0, 'R9', '-', 'sparse=#4096',
     gnu_sparse([(0, 4), (4096, 0)], 4096, 4) + body(b'data')),
    ('form-00', 0, 'R9', '-', 'f=#4096', form00((0, 4), (4096, 0)) + F),
    ('form-01', 0, 'R9', '-', 's=#4096', form01(b'0,4,4096,0') + F),
    ('form-10', 0, 'R9', '-', 's=#4096', form10(OK10)),
    ('form-10-two-blocks', 0, 'R9', '-', 's=#4096',
     form10(b'201\n' + b'0\n0\n' * 199 + b'0\n4\n4096\n0\n')),
    ('form-10-all-hole', 0, 'R9', '-', 's=#4096',
     form10(b'1\n4096\n0\n', data=b'')),
    ('form-10-small', 0, 'R9', '-', 'good s',
     form10(b'1\n0\n4\n', b'4') + GOOD)
]
for name, says, archive in (
        ('00-blocks', 'not complete', form00((0, 4), (4096, 0), blocks=b'3')),
        ('00-odd', 'bad number',
         pax((b'GNU.sparse.size', b'4'), (b'GNU.sparse.numblocks', b'1'),
             (b'GNU.sparse.numbytes', b'4'), (b'GNU.sparse.offset', b'0'))),
        ('00-half', 'not complete',
         pax((b'GNU.sparse.size', b'4'), (b'GNU.sparse.numblocks', b'0'),
             (b'GNU.sparse.offset', b'0'))),
        ('00-offset-twice', 'given twice',
         pax((b'GNU.sparse.size', b'4'), (b'GNU.sparse.numblocks', b'1'),
             (b'GNU.sparse.offset', b'0'), (b'GNU.sparse.offset', b'0'),
             (b'GNU.sparse.numbytes', b'4'))),
        ('00-overlap', 'overlap', form00((0, 4), (2, 4))),
        ('00-short', 'does not reach', form00((0, 4))),
        ('00-no-size', 'unknown kind',
         pax((b'GNU.sparse.numblocks', b'1'), (b'GNU.sparse.offset', b'0'),
             (b'GNU.sparse.numbytes', b'4'))),
        ('01-odd', 'odd count', form01(b'0,4,4096')),
        ('01-blocks', 'not complete', form01(b'0,4,4096,0', blocks=b'1')),
        ('01-comma', 'bad number', form01(b'0,4,4096,0,')),
        ('01-empty', 'sparse map', form01(b'')),
        ('01-negative', 'bad number', form01(b'0,4,-1,0')),
        ('01-text', 'bad number', form01(b'0,4,x,0')),
        ('01-blank', 'bad number', form01(b'0, 4,4096,0')),
        ('01-huge', 'bad number', form01(b'0,4,' + b'9' * 19 + b',0')),
        ('01-overflow', 'sparse map', form01(
            b'0,4,%d,%d' % (10**18 - 1, 10**18 - 1))),
        ('01-backwards', 'overlap', form01(b'4096,0,0,4')),
        ('01-beyond', 'does not reach', form01(b'0,4,9000,0')),
        ('01-sum', 'does not fit', form01(b'0,5,4096,0')),
        ('01-twice', 'given twice',
         pax((b'GNU.sparse.size', b'4'), (b'GNU.sparse.numblocks', b'1'),
             (b'GNU.sparse.map', b'0,4'), (b'GNU.sparse.map', b'0,4'))),
        ('two-sizes', 'given twice',
         pax((b'GNU.sparse.size', b'4'), (b'GNU.sparse.realsize', b'4'),
             (b'GNU.sparse.numblocks', b'1'), (b'GNU.sparse.map', b'0,4'))),
        ('00-and-01', 'sparse map',
         pax((b'GNU.sparse.size', b'4'), (b'GNU.sparse.numblocks', b'1'),
             (b'GNU.sparse.offset', b'0'), (b'GNU.sparse.numbytes', b'4'),
             (b'GNU.sparse.map', b'0,4'))),
        ('major-only', 'unknown kind',
         pax((b'GNU.sparse.major', b'1'), (b'GNU.sparse.realsize', b'4'))),
        ('minor-only', 'unknown kind',
         pax((b'GNU.sparse.minor', b'0'), (b'GNU.sparse.realsize', b'4'))),
        ('name-only', 'unknown kind', pax((b'GNU.sparse.name', b's'))),
        ('major-0', 'unknown kind',
         pax((b'GNU.sparse.major', b'0'), (b'GNU.sparse.minor', b'1'),
             (b'GNU.sparse.size', b'4'), (b'GNU.sparse.numblocks', b'1'),
             (b'GNU.sparse.map', b'0,4'))),
        ('minor-1', 'unknown kind',
         pax((b'GNU.sparse.major', b'1'), (b'GNU.sparse.minor', b'1'),
             (b'GNU.sparse.realsize', b'4'))),
        ('unknown-key', 'unknown kind', pax((b'GNU.sparse.colour', b'1'))),
        ('map-and-10', 'unknown kind',
         pax((b'GNU.sparse.major', b'1'), (b'GNU.sparse.minor', b'0'),
             (b'GNU.sparse.realsize', b'4'), (b'GNU.sparse.map', b'0,4')))):
    CASES.append(('sparse-' + name, 2, 'R9', says, 'good',
                  GOOD + archive + F))
for name, says, text in (
        ('none', 'bad number', b''), ('newline', 'bad number', b'\n'),
        ('negative', 'bad number', b'-1\n'),
        ('zero', 'does not reach', b'0\n'),
        ('blank', 'bad number', b'1 \n0\n4\n'),
        ('cr', 'bad number', b'1\r\n0\r\n4\r\n'),
        ('digits', 'bad number', b'0' * 19 + b'1\n0\n4\n'),
        ('hex', 'bad number', b'1\n0x0\n4\n'),
        ('overlap', 'overlap', b'2\n0\n4\n2\n4094\n'),
        ('backwards', 'overlap', b'2\n4096\n0\n0\n4\n'),
        ('short', 'does not reach', b'1\n0\n4\n'),
        ('beyond', 'does not reach', b'2\n0\n4\n9000\n0\n'),
        ('sum', 'does not fit', b'2\n0\n5\n4096\n0\n'),
        ('overflow', 'sparse map',
         b'2\n0\n%d\n%d\n0\n' % (10**18 - 1, 10**18 - 1)),
        ('junk-behind', 'sparse map', OK10 + b'junk')):
    CASES.append(('text-' + name, 2, 'R9', says, 'good', GOOD + form10(text)))
for name, says, entries, real, stored in (
        ('negative', 'sparse map', [(0, 4), (4096, 0)], 100, 4),
        ('stored', 'does not fit', [(0, 4), (4096, 0)], 4096, 8),
        ('backwards', 'overlap', [(4096, 0), (0, 4)], 4096, 4),
        ('empty', 'sparse map', [], 4096, 4)):
    CASES.append(('old-' + name, 2, 'R9', says, 'good',
                  GOOD + gnu_sparse(entries, real, stored) + body(b'data')))
FULL = [(0, 4), (4, 0), (4, 0), (4, 0)]
MORE = (octal(4096, 12) + octal(0, 12)).ljust(512, b'\0')
CASES += [
    ('old-gap', 2, 'R9', 'gap', '', retell(
        gnu_sparse([(0, 4), (4096, 0), (4096, 0)], 4096, 4),
        386 + 24, b'\0' * 24) + body(b'data')),
    ('old-base256-negative', 2, 'R9', 'sparse map', '', retell(
        gnu_sparse([(0, 4), (4096, 0)], 4096, 4), 386 + 24,
        base256(-5, 12)) + body(b'data')),
    ('old-real-negative', 2, 'R9', 'bad size', '', retell(
        gnu_sparse([(0, 4), (4096, 0)], 4096, 4), 483,
        base256(-5, 12)) + body(b'data')),
    ('old-more-empty', 2, 'R9', 'sparse map', '',
     gnu_sparse(FULL, 4096, 4, b'\1') + b'\0' * 512 + body(b'data')),
    ('old-more', 0, 'R9', '-', 'sparse=#4096',
     gnu_sparse(FULL, 4096, 4, b'\1') + MORE + body(b'data')),
    ('old-more-cut', 2, 'R11', 'truncated', '',
     gnu_sparse(FULL, 4096, 4, b'\1'), {'whole': True}),
    ('old-more-early', 2, 'R9', 'goes on behind its end', '',
     gnu_sparse([(0, 4)], 4096, 4, b'\1') + MORE + body(b'data')),
    ('old-more-early-again', 2, 'R9', 'goes on behind its end', '',
     gnu_sparse(FULL, 4096, 4, b'\1') + MORE[:504] + b'\1' + MORE[505:] +
     MORE + body(b'data')),
    ('old-no-offset', 2, 'R9', 'bad number', '', retell(
        gnu_sparse([(0, 4), (4096, 0)], 4, 4), 386 + 24, b'\0') + body(b'data')),
    ('old-no-size', 2, 'R9', 'bad number', '', retell(
        gnu_sparse([(0, 4), (4096, 0)], 4096, 4), 386 + 36, b'\0' * 12) +
     body(b'data')),
    ('old-ustar', 2, 'R9', 'unknown', '', member(b's', type=b'S')),
    ('old-with-pax', 2, 'R9', 'GNU and pax', '', pax((b'mtime', b'5')) +
     gnu_sparse([(0, 4), (4096, 0)], 4096, 4) + body(b'data')),
    ('sparse-dir', 2, 'R9', 'unknown kind', '',
     form01(b'0,4,4096,0') + header(b'q/', type=b'5')),
    ('sparse-link', 2, 'R9', 'unknown kind', '',
     form01(b'0,4,4096,0') + sym(b's', b'mine')),
    ('sparse-absolute', 1, 'R2', 'absolute', '',
     form01(b'0,4,4096,0', name=b'/tmp/x') + F),
    ('sparse-terabyte', 0, 'R10', '-', 's=#%d' % 2**40,
     form10(b'2\n0\n4\n%d\n0\n' % 2**40, b'%d' % 2**40)),
    ('sparse-max-bytes', 2, 'R10', 'more data than --max-bytes', '',
     form10(b'2\n0\n4\n%d\n0\n' % 2**40, b'%d' % 2**40),
     {'args': ['--max-bytes', '1G']}),
    ('sparse-no-disk', 2, 'R10', 'File too large', 'good',
     GOOD + form10(b'2\n0\n4\n%d\n0\n' % 10**17, b'%d' % 10**17),
     {'disk': True}),
]
