"""Kubeconfigs that are made to be too much: row key "make"."""

GOOD = ('current-context: c\n'
        'clusters: [{name: k, cluster: {server: "https://h"}}]\n'
        'contexts: [{name: c, context: {cluster: k, user: u}}]\n'
        'users: [{name: u, user: {token: t}}]\n')


def good_with(text):
    return text + '\n' + GOOD


def deep_lists(n):
    return good_with('x: ' + '[' * int(n) + ']' * int(n))


def deep_maps(n):
    return good_with('x: ' + '{a: ' * int(n) + '}' * int(n))


def deep_open(n):
    return '[' * int(n)


def deep_block(n):
    """Nested by indentation, which grows with the square."""
    return good_with('x:\n' + '\n'.join(
        ' ' * i + 'a:' for i in range(1, int(n))))


def deep_dashes(n):
    return good_with('x:\n' + '- ' * int(n) + 'a')


def deep_keys(n):
    return good_with('? ' * int(n) + 'a')


def laughs(n):
    """Each list holds the one before it ten times."""
    lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for i in range(1, int(n)):
        lines.append('a%d: &a%d [%s]' % (
            i, i, ', '.join(['*a%d' % (i - 1)] * 10)))
    return good_with('\n'.join(lines))


def merge_laughs(n):
    """Each mapping merges the one before it ten times under ten keys."""
    lines = ['m0: &m0 {k: v}']
    for i in range(1, int(n)):
        keys = ', '.join('k%d: *m%d' % (k, i - 1) for k in range(10))
        lines.append('m%d: &m%d {<<: [%s], %s}' % (
            i, i, ', '.join(['*m%d' % (i - 1)] * 10), keys))
    return good_with('\n'.join(lines))


def merge_nested(depth, keys):
    text = ', '.join('k%d: v' % k for k in range(int(keys)))
    return good_with('x: ' + '{<<: ' * int(depth) + '{' + text + '}' +
                     '}' * int(depth))


def merge_list(n):
    return good_with('b: &b {k: v}\nx: {<<: [%s]}' % ', '.join(
        ['*b'] * int(n)))


def keys(n):
    return good_with('\n'.join('k%d: v' % i for i in range(int(n))))


def same_key(n):
    return good_with('k: v\n' * int(n))


def items(n):
    return good_with('x:\n' + '- a\n' * int(n))


def extras(n):
    return GOOD.replace('token: t', 'token: t, as: x, as-user-extra: {%s}' %
                        ', '.join('k%d: []' % i for i in range(int(n))))


def extensions(n):
    return good_with('extensions:\n' + '\n'.join(
        '- name: e%d' % i for i in range(int(n))))


def users(n):
    return GOOD.replace('users: [', 'users: [' + ''.join(
        '{name: u%d, user: {token: x}},' % i for i in range(int(n))))


def anchors(n, looks):
    return good_with('x:\n' + ''.join(
        '- &a%d x\n' % i for i in range(int(n))) + '- *a0\n' * int(looks))


def scalar(size):
    return GOOD.replace('token: t', 'token: "%s"' % ('t' * int(size)))


def unused_scalar(size):
    return good_with('x: "%s"' % ('t' * int(size)))


def quoted_escapes(size):
    return good_with('x: "%s"' % ('\\x41' * (int(size) // 4)))


def tag(size):
    return good_with('x: !<%s> a' % ('t' * int(size)))


def anchor_name(size):
    return good_with('x: &%s a' % ('t' * int(size)))


def comment(size):
    return good_with('#' + 'c' * int(size))


def blanks(size):
    return good_with(' ' * int(size))


def base64(size):
    return GOOD.replace('server: ', 'certificate-authority-data: "%s", '
                        'server: ' % ('QUFB' * (int(size) // 4)))


def base64_lines(size):
    """Nothing but line breaks, which base64 may have."""
    return GOOD.replace('server: ', 'certificate-authority-data: "%s", '
                        'server: ' % ('\\n' * int(size)))


def base64_cut(size):
    return GOOD.replace('server: ', 'certificate-authority-data: "%sQ", '
                        'server: ' % ('QUFB' * (int(size) // 4)))


def byte_list(n):
    return GOOD.replace('server: ', 'certificate-authority-data: [%s], '
                        'server: ' % ', '.join(['45'] * int(n)))


def padded(size):
    """A whole kubeconfig, and a comment up to this size."""
    text = GOOD + '#'
    return text + 'x' * (int(size) - len(text))


MAKE = {name: value for name, value in list(globals().items())
        if callable(value) and name != 'good_with'}
