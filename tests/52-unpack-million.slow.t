#!/bin/sh
# ktar-unpack: a million members in less than 16 MiB, and no more memory for four
# times as many files, hard links, symbolic links and directories.
. "$KPIPE_TESTS/lib.sh"
[ -x /usr/bin/time ] || skip_all 'no /usr/bin/time (package time)'
[ -z "$KPIPE_SAN" ] || skip_all "memory of a build with $KPIPE_SAN"
have python3 || skip_all 'python3 is not installed'

# Names are of one length, so that only their digits count in the checksums.
cat >flow.py <<'PY'
import sys
out = sys.stdout.buffer
def template(name, type=b'0', link=b''):
    h = bytearray(512)
    h[0:len(name)] = name
    h[100:108] = b'0000755\0'
    h[108:116] = h[116:124] = b'0000000\0'
    h[124:136] = b'00000000000\0'
    h[136:148] = b'07346545000\0'
    h[148:156] = b' ' * 8
    h[156:157] = type
    h[157:157 + len(link)] = link
    h[257:265] = b'ustar\00000'
    bare = sum(h) - sum((name + link).count(d) * d[0] for d in (b'#', b'%'))
    h = bytes(h)
    return h[:148], h[156:], bare
kinds = [template(b'd%%%%/f#######'),
         template(b'e%%%%/h#######', b'1', b'd%%%%/f#######'),
         template(b'd%%%%/s#######', b'2', b'f#######'),
         template(b'g%%%%/d#######', b'5')]
for i in range(0, int(sys.argv[1]), 4):
    number, folder = b'%07d' % i, b'%04d' % (i // 1000)
    digits, tens = sum(number), sum(folder)
    for head, tail, total in kinds:
        total += digits * (head.count(b'#') + tail.count(b'#')) // 7
        total += tens * (head.count(b'%') + tail.count(b'%')) // 4
        block = b'%s%06o\0 %s' % (head, total, tail)
        out.write(block.replace(b'#######', number).replace(b'%%%%', folder))
out.write(bytes(1024))
PY
d=$(mktemp -d /dev/shm/kpipe-test.XXXXXX 2>/dev/null) || d=$PWD/d
trap 'rm -rf "$d"' EXIT
trap 'exit 143' HUP INT TERM

# peak NAME MEMBERS ARG...: the peak is in the file NAME, and in bounds
peak() {
	mkdir -p "$d"
	name=$1
	members=$2
	shift 2
	run_sh "python3 flow.py $members | /usr/bin/time -f %M -o $name ktar-unpack $* >list"
	good "$name"
	[ "$(tail -n 1 "$name")" -gt 0 ] && [ "$(tail -n 1 "$name")" -lt 16384 ]
	ok $? "$name: peak $(tail -n 1 "$name") KiB, under 16384"
}
peak listed 1000000 -t
[ "$(wc -l <list)" -eq 1000000 ]
ok $? 'listed: all of them'
peak few 40000 "$d"
rm -rf "$d"
peak many 160000 "$d"
[ "$(find "$d" -name '[fhsd]???????' | wc -l)" -eq 160000 ]
ok $? 'many: all of them'
[ "$(find "$d" -type f -links 2 | wc -l)" -eq 80000 ]
ok $? 'many: with two names each'
[ $(($(tail -n 1 many) - $(tail -n 1 few))) -lt 1024 ]
ok $? 'four times as many: no more than 1 MiB more'
finish
