#!/bin/sh
# ktar-unpack: peak memory, printed, stays under 16 MiB whatever flows.
. "$KPIPE_TESTS/lib.sh"
[ -x /usr/bin/time ] || skip_all 'no /usr/bin/time (package time)'
[ -z "$KPIPE_SAN" ] || skip_all "memory of a build with $KPIPE_SAN"
have python3 || skip_all 'python3 is not installed'

cat >flow.py <<'PY'
import sys
out = sys.stdout.buffer
def header(name, size=0, type=b'0', link=b''):
    h = bytearray(512)
    h[0:len(name)] = name
    h[100:108] = b'0000755\0'
    h[108:116] = h[116:124] = b'0000000\0'
    h[124:136] = b'%011o\0' % size
    h[136:148] = b'07346545000\0'
    h[156:157] = type
    h[157:157 + len(link)] = link
    h[257:265] = b'ustar\00000'
    h[148:156] = b' ' * 8
    h[148:156] = b'%06o\0 ' % sum(h)
    out.write(bytes(h))
kind = sys.argv[1]
if kind == 'gigabyte':
    header(b'big', 1 << 30)
    block = bytes(range(256)) * 4096
    for i in range(1024):
        out.write(block)
for i in range(100000 if kind != 'gigabyte' else 0):
    name = b'd%d/m%d' % (i // 500, i)
    if kind == 'files':
        header(name)
    elif kind == 'symlinks':
        header(name, type=b'2', link=b'x' * 95)
    elif kind == 'directories':
        header(name, type=b'5')
    elif kind == 'waiting':
        header(name, type=b'1', link=b'last%d' % (i // 5000))
if kind == 'waiting':
    for i in range(20):
        header(b'last%d' % i)
out.write(bytes(1024))
PY

# a hundred thousand files are quick in memory only
d=$(mktemp -d /dev/shm/kpipe-test.XXXXXX 2>/dev/null) || d=$PWD/d
trap 'rm -rf "$d"' EXIT
trap 'exit 143' HUP INT TERM
for kind in gigabyte files symlinks directories waiting; do
	mkdir -p "$d"
	run_sh "python3 flow.py $kind |
		/usr/bin/time -f %M -o peak ktar-unpack '$d'"
	good "$kind"
	echo "# $kind: peak $(tail -n 1 peak) KiB"
	[ "$(tail -n 1 peak)" -gt 0 ] && [ "$(tail -n 1 peak)" -lt 16384 ]
	ok $? "P5 $kind: peak memory under 16 MiB"
	case $kind in
	gigabyte) [ "$(stat -c %s "$d/big")" -eq 1073741824 ] ;;
	*) [ "$(find "$d" -name 'm*' | wc -l)" -eq 100000 ] ;;
	esac
	ok $? "$kind: all of it"
	rm -rf "$d"
done
finish
