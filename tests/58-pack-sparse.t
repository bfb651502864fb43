#!/bin/sh
# ktar-pack --sparse: the holes of a file are not sent, and readers that know
# the form make the same file of it, holes and all; the others fail, or leave
# one that nobody takes for it.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/packfault.sh"

for peer in python3 tar bsdtar busybox; do
	have "$peer" || skip_all "no $peer"
done
truncate -s 1M probe
[ "$(stat -c %b probe)" -eq 0 ] || skip_all 'no holes on this file system'

mkdir -p src/d
python3 - <<'EOF'
# name, size, where data is and how long it is
files = [('hole', 200000, []), ('front', 3 << 20, [(0, 5)]),
         ('end', (1 << 20) + 77, [((1 << 20) + 70, 7)]),
         ('middle', 1 << 20, [(65536, 65536), (500000, 3)]),
         ('small', 20000, [(9000, 1)]),
         ('four', 1 << 20, [(i * 65536 + 8192, 9) for i in range(4)]),
         ('five', 1 << 20, [(i * 65536 + 8192, 9) for i in range(5)]),
         ('many', 4 << 20, [(i * 32768 + 8192, 9) for i in range(100)]),
         ('d/' + 'n' * 180, 1 << 20, [(4096, 10000)]),
         ('full', 300000, [(0, 300000)]),
         ('fullsmall', 5000, [(0, 5000)]), ('empty', 0, [])]
for name, size, parts in files:
    with open('src/' + name, 'wb') as f:
        for at, n in parts:
            f.seek(at)
            f.write(b'x' * n)
        f.truncate(size)
EOF
ln src/middle src/zz
find src -exec touch -d '2001-02-03 04:05:06' {} +

for format in gnu pax; do
	run ktar-pack --sparse --format $format src
	good "--sparse --format $format"
	mv out $format.tar
	run ktar-pack --sparse --format $format src
	same $format.tar out "$format: two runs give the same bytes"
	[ "$(wc -c <$format.tar)" -lt 1500000 ]
	ok $? "$format: no holes in the stream"
	for reader in tar bsdtar "$KPIPE_BUILD/bin/ktar-unpack"; do
		mkdir into
		case $reader in
		*unpack) run_sh "'$reader' into <$format.tar" ;;
		*) run $reader -C into -xf $format.tar ;;
		esac
		good "${reader##*/} reads it, $format"
		diff -r src into/src >log 2>&1
		ok $? "${reader##*/}, $format: the same files"
		[ "$(du -k into/src/hole | cut -f1)" -eq 0 ] &&
			[ "$(du -k into/src/many | cut -f1)" -lt 600 ]
		ok $? "${reader##*/}, $format: with holes"
		rm -rf into
	done
	cat >read.py <<-'EOF'
	import sys, tarfile
	for m in tarfile.open(sys.argv[1]):
	    if m.isfile() and not m.islnk():
	        t = tarfile.open(sys.argv[1])
	        same = t.extractfile(m.name).read() == open(m.name, 'rb').read()
	        if not same:
	            print(m.name)
	EOF
	run python3 read.py $format.tar
	good "python reads it, $format"
	[ ! -s out ]
	ok $? "python, $format: the same files"
done
for file in src/[a-z]* src/d/n*; do
	[ -d "$file" ] && continue
	tar --format=gnu -S -cf gnu1 "$file"
	ktar-pack --sparse "$file" >ours
	same gnu1 ours \
		"as GNU tar -S, byte by byte: $(echo "$file" | cut -c1-13)"
done
# readers that do not know the forms
mkdir into
! busybox tar -C into -xf gnu.tar >log 2>&1 && [ ! -e into/src/hole ]
ok $? 'busybox fails at the GNU form'
rm -rf into
mkdir into
busybox tar -C into -xf pax.tar >log 2>&1
[ ! -e into/src/hole ] && [ -e into/src/GNUSparseFile.0/hole ]
ok $? 'busybox gives files of the pax form other names'
rm -rf into
if have toybox; then
	mkdir into
	toybox tar -C into -xf gnu.tar >log 2>&1 && diff -r src into/src >log 2>&1
	ok $? 'toybox reads the GNU form'
	rm -rf into
	mkdir into
	toybox tar -C into -xf pax.tar >log 2>&1
	[ ! -e into/src/hole ] && [ -e into/src/GNUSparseFile.0/hole ]
	ok $? 'toybox gives files of the pax form other names'
	rm -rf into
else
	skip 2 'toybox' 'no toybox'
fi

# Without holes nothing is different; and a manifest is that of the whole.
ktar-pack src/full src/fullsmall src/empty >want
run ktar-pack --sparse src/full src/fullsmall src/empty
same want out 'files without holes are sent as without the option'
run ktar-pack --sparse --manifest sums src
good '--sparse --manifest'
check 'the sums are those of the files with their holes' \
	sha256sum -c --strict --quiet sums
[ "$(wc -l <sums)" -eq 13 ]
ok $? 'and there is one for each name'
run_sh 'ktar-pack --sparse src | cat >got'
good 'into a pipe'
same gnu.tar got 'into a pipe: the same bytes'
# more holes than a map takes: what is behind is sent whole
python3 -c "
f = open('lots', 'wb')
for i in range(16500):
    f.seek(i * 8192 + 4096)
    f.write(b'y')
f.truncate(16600 * 8192)"
for format in gnu pax; do
	run_sh "ktar-pack --sparse --format $format lots | tar -xO | cmp - lots"
	good "16500 parts, $format"
done
rm lots
truncate -s 9000000000 huge
printf end | dd of=huge bs=1 seek=8999999990 conv=notrunc 2>log
for format in gnu pax; do
	ktar-pack --sparse --format $format huge >tar
	for reader in tar bsdtar; do
		$reader -tvf tar 2>/dev/null | grep -q 9000000000
		ok $? "$reader, $format: more than 8 GiB"
	done
	mkdir into
	tar -C into -xf tar && [ "$(stat -c %s into/huge)" -eq 9000000000 ] &&
		[ "$(dd if=into/huge bs=1 skip=8999999990 count=3 2>log)" = end ]
	ok $? "and what is at its end is there, $format"
	rm -rf into
done
rm huge

# Where it does not go well.
run ktar-pack --sparse --format ustar src
fails 2 'ktar-pack: --sparse: not with --format ustar (see --help)'
head -c 9000000 /dev/urandom >big
truncate -s 30000000 big
# meddle SCRIPT: packs big, and runs SCRIPT when the stream has begun
meddle() {
	meddled "$1" ktar-pack --sparse big
}
meddle 'truncate -s 8000000 big'
fails 2 'ktar-pack: big: shrank while it was packed'
for reader in tar bsdtar python3; do
	reader_rc=0
	case $reader in
	python3) python3 -m tarfile -t out >log 2>&1 || reader_rc=$? ;;
	*) $reader -xOf out >/dev/null 2>log || reader_rc=$? ;;
	esac
	[ "$reader_rc" -ne 0 ]
	ok $? "$reader fails at a sparse file that shrank"
done
head -c 9000000 /dev/urandom >big
truncate -s 30000000 big
meddle 'printf x | dd of=big bs=1 seek=20000000 conv=notrunc 2>log'
fails 1 'ktar-pack: big: changed while it was packed'
tar -tf out >log 2>&1
ok $? 'a hole that is filled: the stream is whole'
meddle 'truncate -s 29999999 big'
fails 1 'ktar-pack: big: changed while it was packed'
run faulty eio:2 ktar-pack --sparse big
fails 2 'ktar-pack: big: Input/output error'

finish
