"""Good archives made into doubtful ones: fields, records, members and blocks
are changed, mostly so that sums and lengths are right again.
"""
import os
import sys



sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'hostile'))
from tar import body, gnu_long, header, record  # noqa: E402

FIELDS = {'name': (0, 100), 'mode': (100, 8), 'uid': (108, 8), 'gid': (116, 8),
          'size': (124, 12), 'mtime': (136, 12), 'sum': (148, 8),
          'type': (156, 1), 'link': (157, 100), 'magic': (257, 8),
          'uname': (265, 32), 'major': (329, 8), 'prefix': (345, 155),
          'tail': (345, 167), 'end': (500, 12), 'map': (386, 12),
          'maps': (398, 84), 'more': (482, 1), 'real': (483, 12)}
NUMBERS = [b'', b' ', b'0', b'7', b'10', b'  12 ', b'00000000012', b'12\0x',
           b'8', b'-1', b'+1', b'0x10', b'1 2', b'\x80\0\0\0\0\0\0\0\0\0\0\x05',
           b'\x80\0\0\0\0\0\0\x05', b'\xff' * 12, b'\x81' + b'\0' * 11,
           b'\xff\xff\xff\xff\xff\xff\xff\xfe', b'777777777777', b'\0' + b'7' * 5,
           b'1000', b'1001', b'2000']
TEXTS = [b'', b'x', b't/x', b't/x/', b't//x', b'./t/x', b't/./x', b't/', b'.',
         b't/x/.', b'x\0y', b'x' * 100, b'x' * 155, b't', b'x ', b'x\n', b'\xff',
         b't/a\\b', b'x' * 98 + b'/x']
KEYS = [b'path', b'linkpath', b'size', b'mtime', b'uid', b'gid', b'uname',
        b'atime', b'comment', b'hdrcharset', b'charset', b'GNU.sparse.major',
        b'GNU.sparse.minor', b'GNU.sparse.name', b'GNU.sparse.realsize',
        b'GNU.sparse.size', b'GNU.sparse.numblocks', b'GNU.sparse.offset',
        b'GNU.sparse.numbytes', b'GNU.sparse.map', b'SCHILY.realsize',
        b'SCHILY.xattr.user.a', b'SCHILY.filetype', b'LIBARCHIVE.creationtime',
        b'VENDOR.x', b'GNU.volume.label', b'RHT.security.selinux', b'realtime.x']
VALUES = TEXTS + [b'0', b'1', b'5', b'512', b'-1', b'1.5', b'-1.5', b'1.', b'.5',
                  b'1e3', b' 1', b'1 ', b'0,5', b'0,0', b'0,1,512,4', b'BINARY',
                  b'ISO-IR 10646 2000 UTF-8', b'9' * 19, b'0x5', b'+5', b'05']
TYPES = b'0\x001234567xgLKSVMNDAX'


def resum(block):
    h = bytearray(block)
    h[148:156] = b' ' * 8
    h[148:156] = b'%06o\0 ' % sum(h)
    return bytes(h)


def split(data):
    """Members: a header and the blocks behind it, as its octal size says."""
    found, at = [], 0
    while at + 512 <= len(data):
        head = data[at:at + 512]
        try:
            size = int(head[124:135].strip(b' \0') or b'0', 8)
        except ValueError:
            size = 0
        if head == bytes(512):
            break
        if head[156:157] not in b'0\0007SxgLK':
            size = 0
        size = (size + 511) // 512 * 512
        found.append([head, data[at + 512:at + 512 + size]])
        at += 512 + size
    return found, data[at:]


def field(r, members):
    m = r.choice(members)
    key = r.choice(sorted(FIELDS))
    at, n = FIELDS[key]
    kind = r.random()
    if key == 'type':
        new = bytes([r.choice(TYPES)])
    elif key == 'magic':
        new = r.choice([b'ustar\00000', b'ustar  \0', b'\0' * 8, b'ustar\0\0\0',
                        b'ustar   ', b'ustar\0 0', b'USTAR\00000'])
    elif kind < .3:
        new = bytearray(m[0][at:at + n])
        new[r.randrange(n)] = r.choice([0, 32, 47, 48, 49, 55, 128, 255])
        new = bytes(new)
    elif key in ('name', 'link', 'uname', 'prefix', 'tail'):
        new = r.choice(TEXTS)
    else:
        new = r.choice(NUMBERS)
    new = new[:n].ljust(n, b'\0')
    if r.random() < .3 and key in ('mode', 'uid', 'gid', 'size', 'mtime'):
        new = new.rstrip(b'\0').rjust(n, r.choice([b' ', b'0']))[:n]
    m[0] = m[0][:at] + new + m[0][at + n:]
    if key != 'sum':
        m[0] = resum(m[0])


def records(r):
    out = b''
    for _ in range(r.randint(1, 3)):
        one = record(r.choice(KEYS), r.choice(VALUES))
        if r.random() < .05:
            one = r.choice([b'0' + one, b' ' + one, one[:-1], one[1:],
                            one.replace(b'=', b''), one + b'\0', b'\n',
                            one.replace(b' ', b'  ', 1)])
        out += one
    return out


def extended(r, members):
    """A header more in front of a member; or another body of one."""
    there = [m for m in members if m[0][156:157] in b'xg']
    if there and r.random() < .5:
        m = r.choice(there)
        text = m[1].rstrip(b'\0')
        text = text + records(r) if r.random() < .6 else records(r)
        m[:] = [resum(m[0][:124] + b'%011o\0' % len(text) + m[0][136:]),
                body(text)]
        return
    kind = r.choice([b'x', b'x', b'g', b'L', b'K'])
    if kind in b'LK':
        text = r.choice(TEXTS) + r.choice([b'', b'\0', b'\0\0'])
        new = gnu_long(kind, text)
    else:
        text = records(r)
        new = header(b'PaxHeader', len(text), kind) + body(text)
    members.insert(r.randrange(len(members) + 1), [new[:512], new[512:]])


def shuffle(r, members):
    kind, at = r.randrange(5), r.randrange(len(members))
    if kind == 0:
        del members[at]
    elif kind == 1:
        members.insert(r.randrange(len(members) + 1), list(members[at]))
    elif kind == 2:
        other = r.randrange(len(members))
        members[at], members[other] = members[other], members[at]
    elif kind == 3:
        members[at][1] = members[at][1][512:]
    else:
        members[at][1] += r.randbytes(512) if r.random() < .5 else bytes(512)


def raw(r, data):
    data = bytearray(data)
    kind = r.randrange(4)
    if kind == 0 and data:
        for _ in range(r.randint(1, 4)):
            data[r.randrange(len(data))] = r.randrange(256)
    elif kind == 1:
        del data[r.randrange(len(data) + 1) // 512 * 512:]
    elif kind == 2:
        del data[r.randrange(len(data) + 1):]
    else:
        data += r.choice([b'\0', b'x', bytes(512), data[:512], bytes(9999)])
    return bytes(data)


def mutate(r, tar):
    """Changes the archive in the file tar."""
    with open(tar, 'rb') as f:
        members, rest = split(f.read())
    if r.random() < .1:
        other = [m for m in members if r.random() < .5]
        members += [list(m) for m in other]
    for _ in range(r.choice([1, 1, 1, 2, 3])):
        if members:
            r.choice([field, field, field, extended, extended, shuffle])(
                r, members)
    data = b''.join(a + b for a, b in members) + rest
    if r.random() < .1:
        data = raw(r, data)
    with open(tar, 'wb') as f:
        f.write(data)
