"""The table of hostile archives.

The rules:

    R1  only *at() on held descriptors, no link followed, nothing outside
    R2  absolute names, "..", NUL, empty: refused, not cleaned up
    R3  nothing is written through a name that exists
    R4  modes and times through descriptors, never through a link
    R5  links come after files; nothing of the stream goes through them
    R6  hard links to files of this stream only, never with data
    R7  symbolic links stay inside; those that were there are not followed
    R9  one meaning of every header: what could have two is refused
    R10 everything is bounded
    R11 no end-of-archive marker, or anything behind it: a failure
    R12 names are escaped
    R13 no devices, no special bits, the umask counts
    R14 only what was asked for
    R17 tar only

A case is a tuple: name, exit status, rule, a piece of what must be said ("-" for nothing at all), what is made, the
archive without its end, and a dictionary with more.  What is made, or changed,
beneath the destination is a list of words, sorted:

    f            a file that holds "data"; f=TEXT: another; f=#9: of 9 bytes,
                 when it has more than 16; f*2: with two names
    d/           a directory
    l->x         a symbolic link
    -f           what was there before, and is gone
    depth:9      alone: the deepest of all names has 9 components
    f^user.x     with an extended attribute or a list of access rights
    f@755 f!0    with its mode, its time: when the dictionary says
                 spell: 'mode time'

Bytes that are no graphic ASCII are \\ooo.  More keys of the dictionary: whole
(the archive has its end already), args (of ktar-unpack), attrs and disk (it needs extended attributes, which a tree
in memory may not have), before (a list of
args and archive, unpacked first), lines (that may be said), once (not in every
way), disk (never in memory, where no file is too large), and status_user,
says_user and makes_user, where an ordinary user gets something else.
"""
import attrs
import bombs
import ends
import headers
import links
import modes
import names
import paxes
import sparse
from tar import END

CASES = []
for module in (names, links, modes, attrs, headers, paxes, sparse, bombs, ends):
    for name, status, rule, says, makes, data, *more in module.CASES:
        case = {'args': [], 'before': [], **(more[0] if more else {})}
        if not case.get('whole'):
            data = [*data, END] if isinstance(data, list) else data + END
        CASES.append({'name': name, 'status': status, 'rule': rule,
                      'says': says, 'makes': makes, 'data': data, **case})
assert len({c['name'] for c in CASES}) == len(CASES), 'a name is used twice'
