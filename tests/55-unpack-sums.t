#!/bin/sh
# ktar-unpack: sums that are written, and files that are held to them.
. "$KPIPE_TESTS/lib.sh"
umask 022
LC_ALL=C
export LC_ALL

mkdir -p p/d
printf 'one' >p/a
: >p/empty
head -c 300000 /dev/urandom >p/d/random
printf 'x' >"p/new
line"
printf 'x' >'p/back\slash'
printf 'x' >"p/$(printf 'cr\rlat\351')"
printf 'end' | dd of=p/sparse bs=1 seek=500000 2>/dev/null
truncate -s 900000 p/sparse
ln p/a p/hard
ln -s a p/link
tar -S --sort=name -cf t.tar p

into() {
	rm -rf o
	mkdir o
	run ktar-unpack "$@" o <t.tar
}
into --manifest sums
good --manifest
[ "$(wc -l <sums)" -eq 7 ]
ok $? '--manifest: a line a file'
check '--manifest: sha256sum reads it' sh -c 'cd o && sha256sum --strict -c ../sums'
(cd o && find p -type f ! -name hard -exec sha256sum {} + | sort) >want
sort sums >got
same want got '--manifest: as sha256sum writes it'
into --manifest 1 --strip-components 1
status 0 '--manifest 1'
check '--manifest on stdout' sh -c 'cd o && sha256sum --strict -c ../out'
into --manifest 7
fails 2 '7: Bad file descriptor'
into --manifest 2
fails 2 '--manifest: 2: is taken'
into --manifest /dev/full
fails 2 '--manifest: No space left on device'
into --manifest no/such
fails 2 'no/such: No such file'
run ktar-unpack --dry-run --manifest dry <t.tar
good '--dry-run --manifest'
same sums dry '--dry-run has the same sums'

into --verify sums
good --verify
check '--verify: contents' diff -r --no-dereference p o/p
(cd p/.. && find ./p -type f -exec sha256sum -b {} +) >found
into --verify found
good '--verify of names with ./ and of hard links'
sed 's/^\(.*\)p\/a$/0000000000000000000000000000000000000000000000000000000000000000  p\/a/' sums >bad
into --verify bad
status 2 '--verify: another sum'
stderr_is 'ktar-unpack: p/a: its data do not match the sum in the list
ktar-unpack: p/hard: refused: hard link to a file that is not of this stream'
[ ! -e o/p/a ] && [ -e o/p/d/random ] && [ -z "$(find o -name '.ktar*')" ]
ok $? '--verify: what does not match is not made, the rest is'
run ktar-unpack --dry-run --verify bad <t.tar
fails 2 'p/a: its data do not match the sum in the list'
grep -v random sums >fewer
into --verify fewer
stderr_is 'ktar-unpack: p/d/random: refused: not in the list of --verify'
status 1 '--verify: not listed'
[ ! -e o/p/d/random ]
ok $? '--verify: not listed, not made'
{
	cat sums
	printf '%064d  p/more\n' 0
} >extra
into --verify extra
stderr_is 'ktar-unpack: p/more: in the list of --verify, but not in the stream'
status 2 '--verify: does not come'
{
	cat sums
	printf '%064d  p/hard\n' 0
} >hard
into --verify hard
grep -q 'p/hard: refused: not in the list of --verify' err
ok $? '--verify: a hard link to other data'
[ ! -e o/p/hard ]
ok $? '--verify: a hard link to other data is not made'
for line in 'x' 'abcd  p/a' "$(printf '%064d p/a' 0)" \
	"$(printf '\\%064d  p/\\a' 0)" "$(printf '%064d  p/a' 0)" \
	"$(printf '%064d  ' 0)"; do
	{
		cat sums
		printf '%s' "$line"
	} >wrong
	into --verify wrong
	fails 2 'wrong: line 8:' 'a list that is none'
done
: >none
into --verify none
status 1 'an empty list lets no file in'
[ -z "$(find o -type f)" ]
ok $? 'an empty list: no file'
run ktar-unpack -t --verify sums <t.tar
fails 2 '--verify: -t makes no sums'
finish
