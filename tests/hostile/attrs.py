"""Extended attributes, access control lists and devices, when asked for."""
from tar import *

X = {'args': ['--xattrs'], 'attrs': True, 'disk': True}
A = {'args': ['--acls'], 'attrs': True, 'disk': True, 'spell': 'mode'}
S = {'args': ['--special']}
ONE = (b'SCHILY.xattr.user.x', b'y')
CAP = b'\1\0\0\2\xff\xff\xff\xff\0\0\0\0\xff\xff\xff\xff\0\0\0\0'
LIST = b'user::rwx,user:7:rwx,group::rwx,mask::rwx,other::rwx'


def user(**k):
    """What an ordinary user gets instead."""
    return {**S, **{key + '_user': value for key, value in k.items()}}


DENIED = user(status=2, says='Operation not permitted', makes='')


def device(name, major, minor, type=b'3'):
    """The two numbers are in front of the prefix."""
    block = header(name, type=type)
    return retell(block, 329, major + minor)


CASES = [
    ('attr', 0, 'R13', '-', 'f^user.x', pax(ONE) + member(), X),
    ('attr-dir', 0, 'R13', '-', 'q/^user.x q/f',
     pax(ONE) + header(b'q/', type=b'5') + member(b'q/f'), X),
    ('attr-dir-read-only', 0, 'R13', '-', 'q/^user.x@500 q/f@644',
     pax(ONE) + header(b'q/', type=b'5', mode=b'0000500\0') + member(b'q/f'),
     {**X, 'spell': 'mode'}),
    ('attr-read-only', 0, 'R13', '-', 'f^user.x@400',
     pax(ONE) + member(mode=b'0000400\0'), {**X, 'spell': 'mode'}),
    ('attr-of-the-next-alone', 0, 'R9', '-', 'f^user.x g',
     pax(ONE) + member() + member(b'g'), X),
    ('attr-not-asked', 0, 'R13', '-', 'f', pax(ONE) + member(),
     {'disk': True}),
    ('attr-base64', 0, 'R13', '-', 'f^user.x',
     pax((b'LIBARCHIVE.xattr.user.x', b'eQ')) + member(), X),
    ('attr-in-both', 0, 'R13', '-', 'f^user.x',
     pax(ONE, (b'LIBARCHIVE.xattr.user.x', b'eQ')) + member(), X),
    ('attr-twice', 1, 'R9', 'f: refused: user.x: given twice', 'f^user.x',
     pax(ONE, (b'SCHILY.xattr.user.x', b'z')) + member(), X),
    ('attr-twice-by-escapes', 1, 'R9', 'user.a=b: given twice', 'f^user.a=b',
     pax((b'SCHILY.xattr.user.a%3Db', b'y'),
         (b'LIBARCHIVE.xattr.user.a%3Db', b'eg')) + member(), X),
    ('attr-escape-hides-nul', 1, 'R9', 'its name holds a NUL', 'f',
     pax((b'LIBARCHIVE.xattr.user.a%00b', b'eQ')) + member(), X),
    ('attr-escape-hides-namespace', 1, 'R13', 'not one of the user', 'f',
     pax((b'LIBARCHIVE.xattr.%73ecurity.capability', b'eQ')) + member(), X),
    ('attr-nul', 1, 'R9', 'its name holds a NUL', 'f',
     pax((b'SCHILY.xattr.user.a\0b', b'y')) + member(), X),
    ('attr-no-base64', 1, 'R9', 'not in base64', 'f',
     pax((b'LIBARCHIVE.xattr.user.x', b'e?')) + member(), X),
    ('attr-url-base64', 1, 'R9', 'not in base64', 'f',
     pax((b'LIBARCHIVE.xattr.user.x', b'e_-Q')) + member(), X),
    ('attr-link', 1, 'R4', 'not a file or directory', 's->mine',
     pax(ONE) + sym(b's', b'mine'), X),
    ('attr-hard-link', 0, 'R6', '-', 'f*2 h*2',
     member() + pax(ONE) + hard(b'h', b'f'), X),
    ('attr-global', 2, 'R9', 'changes every member', '',
     pax(ONE, type=b'g') + member(), X),
    ('attr-name-long', 1, 'R10', 'its name is too long', 'f',
     pax((b'SCHILY.xattr.user.' + b'x' * 255, b'y')) + member(), X),
    ('attr-large', 1, 'R10', 'too large', 'f',
     pax((b'SCHILY.xattr.user.x', b'y' * 65537)) + member(), X),
    ('attr-many', 2, 'R10', 'too many extended attributes', '',
     pax(*((b'SCHILY.xattr.user.%d' % i, b'y') for i in range(300))) +
     member(), X),
    ('attr-many-refused', 1, 'R10', 'not one of the user', 'f',
     pax(*((b'SCHILY.xattr.trusted.%d' % i, b'y') for i in range(200))) +
     member(), {**X, 'lines': 200}),
    ('attr-bomb', 1, 'R10', 'in all', 'depth:2',
     [pax((b'SCHILY.xattr.user.x', b'y' * 1000000)) +
      header(b'q%d/' % i, type=b'5') for i in range(90)],
     {**X, 'lines': 100, 'once': True}),
    ('attr-control-characters', 1, 'R12', 'trusted.\\033[1m: not one of',
     'f', pax((b'SCHILY.xattr.trusted.\33[1m', b'y')) + member(), X),
    ('attr-dry-run', 1, 'R13', 'f: refused: trusted.x: not one of the user',
     '', pax((b'SCHILY.xattr.trusted.x', b'y')) + member(),
     {'args': ['--xattrs', '--dry-run']}),
    ('acl', 0, 'R13', '-', 'f^system.posix_acl_access@755',
     pax((b'SCHILY.acl.access', LIST)) + member(), A),
    ('acl-p', 0, 'R13', '-', 'f^system.posix_acl_access@777',
     pax((b'SCHILY.acl.access', LIST)) + member(),
     {**A, 'args': ['--acls', '-p']}),
    ('acl-default', 0, 'R13', '-',
     'q/^system.posix_acl_default@755 q/f@644',
     pax((b'SCHILY.acl.default', LIST)) +
     header(b'q/', type=b'5', mode=b'0000755\0') + member(b'q/f'), A),
    ('acl-not-asked', 0, 'R13', '-', 'f@644',
     pax((b'SCHILY.acl.access', LIST)) + member(),
     {'disk': True, 'spell': 'mode'}),
    ('acl-default-of-file', 1, 'R4', 'not a directory', 'f@644',
     pax((b'SCHILY.acl.default', LIST)) + member(), A),
    ('acl-asked-link', 1, 'R4', 'not a file or directory', 's->mine',
     pax((b'SCHILY.acl.access', LIST)) + sym(b's', b'mine'), {**A, 'spell': ''}),
    ('acl-name', 1, 'R15', 'a name and no number', 'f@644',
     pax((b'SCHILY.acl.access', b'user::rw-,user:bin:rwx,group::r--,'
          b'mask::rwx,other::r--')) + member(), A),
    ('acl-no-list', 1, 'R9', 'f: refused: system.posix_acl_access', 'f@644',
     pax((b'SCHILY.acl.access', b'everybody may')) + member(), A),
    ('acl-nfs4', 1, 'R9', 'an unknown kind', 'f@644',
     pax((b'SCHILY.acl.ace', b'owner@:rwxp--aARWcCos:-------:allow')) +
     member(), A),
    ('acl-kernel-form-broken', 1, 'R9', 'f: refused: system.posix_acl_access',
     'f@644',
     pax((b'SCHILY.xattr.system.posix_acl_access', b'\2\0\0\0xxxx')) +
     member(), A),
    ('acl-bomb', 1, 'R9', 'f: refused: system.posix_acl_access', 'f@644',
     pax((b'SCHILY.acl.access', b'user:1:rwx,' * 90000)) + member(), A),
    ('special-fifo', 0, 'R13', '-', 'p?10000@644', header(b'p', type=b'6'),
     {**S, 'spell': 'mode'}),
    ('special-char', 0, 'R13', '-', 'c?20000', device(b'c', b'0000001\0',
                                                      b'0000003\0'), DENIED),
    ('special-block', 0, 'R13', '-', 'b?60000',
     device(b'b', b'0000007\0', b'0000000\0', b'4'), DENIED),
    ('special-setuid', 0, 'R13', '-', 'p?10000@755',
     header(b'p', type=b'6', mode=b'0007777\0'), {**S, 'spell': 'mode'}),
    ('special-setuid-p', 0, 'R13', '-', 'p?10000@7777',
     header(b'p', type=b'6', mode=b'0007777\0'),
     {'args': ['--special', '-p'], 'spell': 'mode'}),
    ('special-time', 0, 'R4', '-', 'p?10000!5',
     header(b'p', type=b'6', mtime=octal(5, 12)), {**S, 'spell': 'time'}),
    ('special-major-large', 1, 'R10', 'no such device can exist', '',
     device(b'c', b'0010000\0', b'0000003\0'), S),
    ('special-minor-large', 1, 'R10', 'no such device can exist', '',
     device(b'c', b'0000001\0', b'4000000\0'), S),
    ('special-number-huge', 1, 'R10', 'no such device can exist', '',
     device(b'c', b'\x80\0\0\1\0\0\0\1', b'0000003\0'), S),
    ('special-number-negative', 2, 'R9', 'bad device number', '',
     device(b'c', b'\xff' * 8, b'0000003\0'), S),
    ('special-number-text', 2, 'R9', 'bad device number', '',
     device(b'c', b'one\0\0\0\0\0', b'0000003\0')),
    ('special-pax-number', 2, 'R9', 'in an unknown way', '',
     pax((b'SCHILY.devmajor', b'1')) + header(b'c', type=b'3'), S),
    ('special-through-planted', 1, 'R1', 'in the way', '',
     header(b'planted/p', type=b'6'), S),
    ('special-onto-planted', 0, 'R3', '-', 'plantedfile?10000',
     header(b'plantedfile', type=b'6'), S),
    ('special-dotdot', 1, 'R2', "'..' in the name", '',
     header(b'../p', type=b'6'), S),
    ('special-then-write', 0, 'R3', '-', 'p', header(b'p', type=b'6') +
     member(b'p'), S),
    ('special-hard', 0, 'R6', '-', 'h?10000 p?10000',
     header(b'p', type=b'6') + hard(b'h', b'p'), S),
    ('special-attrs', 1, 'R4', 'not a file or directory', 'p?10000',
     pax(ONE) + header(b'p', type=b'6'), {'args': ['--special', '--xattrs']}),
    ('special-kept', 1, 'R3', 'mine: exists, kept', '',
     header(b'mine', type=b'6'), {'args': ['--special', '-k']}),
]
for name, value in (('security.capability', CAP), ('security.selinux', b'x'),
                    ('security.ima', b'x'), ('trusted.overlay.opaque', b'y'),
                    ('system.nfs4_acl', b'x'), ('btrfs.compression', b'zlib'),
                    ('user', b'x'), ('user.', b'x'), ('User.x', b'x'),
                    ('', b'x'), ('nothing', b'x')):
    CASES.append(('attr-name-' + name, 1, 'R13',
                  'f: refused: %s: not one of the user' % name, 'f',
                  pax((b'SCHILY.xattr.' + name.encode(), value)) + member(),
                  X))
