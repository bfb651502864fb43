#!/bin/sh
# ktar-unpack: compressed streams, whole, damaged, and made to be too much.
. "$KPIPE_TESTS/lib.sh"
umask 022
LC_ALL=C
export LC_ALL

mkdir -p p/d
head -c 300000 /dev/urandom >p/d/random
head -c 3000000 /dev/zero >p/zeros
ln -s d/random p/link
ktar-pack p >t.tar
size=$(stat -c %s t.tar)
have zstd || skip_all 'zstd is not installed'
gzip -nc t.tar >t.gz
zstd -q -c t.tar >t.zst
# in members and frames, one of them empty
{
	head -c 100000 t.tar | gzip -c
	gzip -c </dev/null
	tail -c +100001 t.tar | gzip -1 -c
} >many.gz
{
	head -c 100000 t.tar | zstd -q -c
	printf '\120\052\115\030\003\000\000\000abc'
	zstd -q -c </dev/null
	tail -c +100001 t.tar | zstd -q -19 -c
} >many.zst
# a skippable frame first
{
	printf '\137\052\115\030\000\000\000\000'
	cat t.zst
} >skip.zst

into() {
	rm -rf o
	mkdir o
	archive=$1
	shift
	run ktar-unpack "$@" o <"$archive"
}
for row in '-z t.gz' '--gzip many.gz' '--auto t.gz' '--auto many.gz' \
	'--zstd t.zst' '--zstd many.zst' '--auto t.zst' '--auto many.zst' \
	'--auto skip.zst' '--auto t.tar'; do
	into "${row#* }" "${row% *}"
	good "$row"
	check "$row: contents" diff -r --no-dereference p o/p
done
for option in -z --zstd; do
	run_sh "rm -rf o; mkdir o; ktar-pack $option p | ktar-unpack $option o"
	good "ktar-pack $option into ktar-unpack $option"
	check "ktar-pack $option: contents" diff -r --no-dereference p o/p
done
# a byte at a time, and what does not compress
if have python3; then
	head -c 20000 t.gz >part.gz
	run_sh 'python3 -c "
import os
data = open(\"t.zst\", \"rb\").read()[:3000]
for b in data: os.write(1, bytes([b]))" | ktar-unpack --auto -t'
	fails 2 'stdin: truncated within compressed data' 'byte by byte'
fi
zstd -q -1 -c t.tar | cat >one.zst
into one.zst --zstd
good '--zstd through a pipe'

# every cut and every byte that is wrong is a failure
for kind in gz zst; do
	bad=
	n=0
	whole=$(stat -c %s t.$kind)
	while [ $n -lt "$whole" ]; do
		head -c $n t.$kind >cut.a
		into cut.a --auto
		[ "$rc" -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] || bad="$bad $n"
		n=$((n + 1 + n / 3))
	done
	n=1
	while [ $n -lt 12 ]; do
		head -c $((whole - n)) t.$kind >cut.a
		into cut.a --auto
		[ "$rc" -eq 2 ] || bad="$bad $whole-$n"
		n=$((n + 1))
	done
	[ -z "$bad" ]
	ok $? "$kind, cut: exit 2 and one line:$bad"
	bad=
	for n in 10 1000 50000 200000 $((whole - 2)); do
		head -c $n t.$kind >wrong
		printf 'X' >>wrong
		tail -c +$((n + 2)) t.$kind >>wrong
		into wrong --auto
		[ "$rc" -eq 2 ] || cmp -s wrong t.$kind || bad="$bad $n"
	done
	[ -z "$bad" ]
	ok $? "$kind, a byte is wrong:$bad"
	i=0
	for behind in x '\0' '\037' "$(printf '%0600d' 0)"; do
		{
			cat t.$kind
			printf '%b' "$behind"
		} >more.a
		i=$((i + 1))
		into more.a --auto
		status 2 "$kind, with more behind it ($i)"
	done
done
printf 'junkjunk' | cat t.gz - >more.a
into more.a -z
stderr_is 'ktar-unpack: stdin: data behind the compressed archive'
printf 'junkjunk' | cat t.zst - >more.a
into more.a --zstd
stderr_is 'ktar-unpack: stdin: data behind the compressed archive'
into t.tar -z
stderr_is 'ktar-unpack: stdin: not compressed by gzip'
into t.tar --zstd
stderr_is 'ktar-unpack: stdin: not compressed by zstd'
into /dev/null -z
stderr_is 'ktar-unpack: stdin: empty: not compressed'
into /dev/null --auto
fails 2 'stdin: empty: not a tar archive'
into t.gz
fails 2 'stdin: not a tar archive' 'R17 nothing is decompressed unasked'
run ktar-unpack -z --zstd o <t.gz
fails 2 'only one of -z, --zstd and --auto can be given'
zstd -q --long=27 -c <t.tar >long.zst
into long.zst --zstd
fails 2 'zstd: the window is larger than 8 MiB'

# bombs
into t.zst --zstd --max-bytes 1M
fails 2 'p/zeros: more data than --max-bytes' 'R10 limits hold'
run ktar-unpack -tz --max-files 2 <t.gz
fails 2 'more members than --max-files' 'R10 limits hold for -t'
{
	zstd -q -c t.tar
	head -c 100000000 /dev/zero | zstd -q -c
} >zeros.zst
into zeros.zst --zstd
stderr_is 'ktar-unpack: stdin: too much that is no data of a member'
status 2 'R10 no end of zeros'
{
	cat t.tar
	head -c 20000000 /dev/zero
} | zstd -q -c >zeros.zst
into zeros.zst --zstd
good 'a long last record'
if have python3; then
	python3 -c "
import sys
h = bytearray(512)
h[0:1] = b'g'
h[100:107] = b'0000644'
h[108:115] = h[116:123] = b'0000000'
h[124:135] = b'%011o' % (1 << 20)
h[136:147] = b'%011o' % 0
h[156:157] = b'g'
h[257:265] = b'ustar\00000'
h[148:156] = b' ' * 8
h[148:156] = b'%06o\0 ' % sum(h)
body = b'1048576 comment=' + b'x' * ((1 << 20) - 17) + b'\n'
for i in range(80): sys.stdout.buffer.write(h + body)" | zstd -q -c >global.zst
	into global.zst --zstd
	fails 2 'stdin:' 'R10 no end of global headers'
fi
if [ -x /usr/bin/time ] && [ -z "$KPIPE_SAN" ]; then
	head -c 100000000 /dev/zero >big
	printf 'x' >>big
	tar cf - big | zstd -q -19 -c >big.zst
	rm -f big
	run /usr/bin/time -f %M -o peak ktar-unpack --zstd --dry-run <big.zst
	good 'a large window'
	echo "# peak $(cat peak) KiB"
	[ "$(cat peak)" -lt 32768 ]
	ok $? 'P5 --zstd: peak memory under 32 MiB'
else
	skip 2 memory 'no /usr/bin/time, or a build with sanitizers'
fi
[ "$size" -gt 3000000 ]
ok $? 'the archive is as large as was meant'
finish
