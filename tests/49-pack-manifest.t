#!/bin/sh
# ktar-pack --manifest: sha256sum -c takes it for a whole stream, and for no
# other.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/packfault.sh"

for peer in tar sha256sum; do
	have "$peer" || skip_all "no $peer"
done

# rejects FILE NAME: sha256sum -c fails on FILE
rejects() {
	[ -s "$1" ] && ! sha256sum -c "$1" >log 2>&1
	ok $? "$2: sha256sum -c fails"
}

mkdir -p src/d
echo a >src/a
: >src/empty
head -c 65536 /dev/urandom >src/d/64k
head -c 65537 /dev/urandom >src/d/64k1
head -c 3000001 /dev/urandom >src/d/large
cp src/d/large src/d/holes
truncate -s 9000001 src/d/holes
ln src/d/large src/d/linked
ln src/a src/z
ln -s a src/link
echo x >"src/new
line"
echo x >'src/back\slash'
echo x >"src/$(printf 'bad-\377')"
echo x >'src/ blank '
find src -type f -exec sha256sum {} + | LC_ALL=C sort >want
[ "$(wc -l <want)" -eq 12 ]
ok $? 'twelve names'

run ktar-pack --manifest sums src
good
LC_ALL=C sort sums >got
same want got 'the lines are those of sha256sum'
ktar-pack src >plain.tar
same plain.tar out 'and the stream is the same as without'
check 'sha256sum -c takes it' sha256sum -c --strict sums
run_sh 'ktar-pack --manifest sums src | tar -tf - >names && sha256sum -c --quiet sums'
good 'through a pipe, where without it large files would be spliced'
LC_ALL=C sort sums >got
same want got 'and the same lines'
run_sh 'ktar-pack --manifest 7 --zstd src 7>&1 >/dev/null | LC_ALL=C sort'
same want out 'on a descriptor, and of what was not compressed yet'
run ktar-pack --manifest sums src/link
[ ! -s sums ]
ok $? 'an older manifest is not kept'

run ktar-pack --manifest sums src/a nowhere
status 2
rejects sums 'a missing path'
run faulty list:1 ktar-pack --manifest sums src/a src
status 2
rejects sums 'a path that cannot be listed'
grep -q ' src/a$' sums
ok $? 'what was in the stream is there'
mkdir big
head -c 200000 /dev/zero >big/b
run faulty eio:2 ktar-pack --manifest sums src/a big
status 2
rejects sums 'a read error in a body'
! grep -q big/b sums
ok $? 'and a file that is not whole has no line'
run_sh 'ktar-pack --manifest sums src | head -c 1 >/dev/null'
rejects sums 'a reader that goes away'
run_sh 'ktar-pack --manifest sums src >/dev/full'
status 2
rejects sums 'stdout that is full'
run ktar-pack --manifest /dev/full src
fails 2 'ktar-pack: /dev/full: No space left on device'
tar -tf out >log 2>&1
[ $? -eq 2 ]
ok $? 'a manifest that cannot be written breaks the stream'

run faulty end:2 ktar-pack --manifest sums src/empty src/a src/d/64k
fails 1 'src/a: shrank while it was packed'
mkdir into
tar -C into -xf out
check 'a file that shrank: the sum is that of what was packed' \
	sh -c 'cd into && sha256sum -c ../sums'

mkdir in
echo a >in/a
run ktar-pack --manifest in/sums in
fails 1 'ktar-pack: in/sums: is the manifest, left out'
tar -tf out >names
printf '%s\n' in/ in/a >want
same want names 'the rest is there'
check 'and has its sum' sha256sum -c --strict in/sums
ln in/sums in/other
run_sh 'ktar-pack -q --manifest 7 in 7<>in/sums'
status 1 'the manifest by a number'
quiet 'the manifest by a number, with -q'
tar -tf out | grep -q 'sums\|other'
[ $? -eq 1 ]
ok $? 'by whatever name it is left out'

for wrong in 1 2 99; do
	run ktar-pack --manifest $wrong src
	fails 2 "ktar-pack: --manifest $wrong: no open descriptor above 2 (see --help)"
done
run ktar-pack --manifest nowhere/sums src
fails 2 'ktar-pack: nowhere/sums: No such file or directory'

finish
