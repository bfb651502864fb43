"""Tar headers by hand: what no tar would write."""


def octal(n, width):
    return b'%0*o\0' % (width - 1, n)


def base256(n, width):
    """A number as GNU tar writes those that are no octal ones."""
    field = bytearray(n.to_bytes(width, 'big', signed=True))
    field[0] |= 0x80
    return bytes(field)


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


def pax_sparse(text, size, real=b'5000', name=b's'):
    return pax((b'GNU.sparse.major', b'1'), (b'GNU.sparse.minor', b'0'),
               (b'GNU.sparse.name', name), (b'GNU.sparse.realsize', real)
               ) + header(b's0', size) + body(text)


def more_map(start):
    """A block of 21 entries that says that more follow."""
    block = b''.join(octal(start + i, 12) + octal(0, 12) for i in range(21))
    return block + b'\1' + b'\0' * 7


def retell(block, at, field):
    """The header with other bytes at a place, its checksum made anew."""
    h = bytearray(block[:512])
    h[at:at + len(field)] = field
    h[148:156] = b' ' * 8
    h[148:156] = b'%06o\0 ' % sum(h)
    return bytes(h) + block[512:]


def resum(block, field):
    """The header with that for a checksum."""
    return block[:148] + field + block[156:]


def signed(block):
    """The header with the checksum of old tars, whose char was signed."""
    h = bytearray(block)
    h[148:156] = b' ' * 8
    return resum(block, b'%06o\0 ' % (sum(h) - 256 * sum(c > 127 for c in h)))
