#!/bin/sh
# ktar-unpack --partial-dir: what came of a file that was cut.
. "$KPIPE_TESTS/lib.sh"
mkdir -p src/sub/dir
head -c 3000000 /dev/urandom >src/sub/dir/big
echo small >src/sub/small
truncate -s 5000000 src/hole
printf end >>src/hole
chmod 444 src/sub/dir/big

# cut_at BYTES TAR-OPTION... -- OPTION...: unpacks what tar makes of src up to
# there into an empty o, with p for parts
cut_at() {
	rm -rf o
	mkdir -p o p
	cut_bytes=$1
	shift
	tar --sort=name -cSf - -C src . | head -c "$cut_bytes" >cut.tar
	run ktar-unpack --partial-dir p "$@" o <cut.tar
}
# is_part NAME FILE: it is the beginning of FILE, and the one file in p
is_part() {
	part_bytes=$(stat -c %s "p/$1" 2>/dev/null) && [ "$part_bytes" -gt 0 ] &&
		[ "$(find p -type f)" = "p/$1" ] && cmp -n "$part_bytes" "p/$1" "$2" >/dev/null
	ok $? "$last: what came of $1"
	[ "$(stat -c %a "p/$1")" = 600 ]
	ok $? "$last: for nobody else"
	[ -z "$(find o -name "${1##*/}" -o -name '.ktar*')" ]
	ok $? "$last: and nothing under its name"
	rm -rf p
}

cut_at 2000000
fails 2 'truncated within a member'
[ "$(stat -c %s p/sub/dir/big)" -gt 1900000 ]
ok $? 'all that came'
is_part sub/dir/big src/sub/dir/big
# the name is the one that it has there
cut_at 2000000 --strip-components 2 --exclude hole
fails 2 'truncated within a member'
is_part big src/sub/dir/big
cut_at 2000000 --atomic
fails 2 'truncated within a member'
[ -z "$(ls -A o)" ]
ok $? '--atomic: nothing else'
is_part sub/dir/big src/sub/dir/big
# into what is there
mkdir -p o/sub/dir
echo old >o/sub/dir/big
mkdir p
run ktar-unpack --partial-dir p o <cut.tar
fails 2 'truncated within a member'
[ "$(cat o/sub/dir/big)" = old ]
ok $? 'what was there is there'
rm o/sub/dir/big
# an older part goes
mkdir -p p/sub/dir
echo older >p/sub/dir/big
run ktar-unpack --partial-dir p o <cut.tar
fails 2 'truncated within a member'
is_part sub/dir/big src/sub/dir/big
# damage is no other thing than an end
tar --sort=name -czf - -C src . | head -c 2000000 >cut.tgz
rm -rf o
mkdir o p
run ktar-unpack -z --partial-dir p o <cut.tgz
status 2 'a compressed stream that is cut'
is_part sub/dir/big src/sub/dir/big

# Where there is nothing to keep, or no way.
cut_at 700
status 2 'cut in a header'
[ -z "$(find p -type f)" ]
ok $? 'cut in a header: no part'
rm -rf p
mkdir -p p/sub/dir/big/full
cut_at 2000000
[ "$rc" -eq 2 ] && [ -z "$(find p o -name '.ktar*' -o -type f ! -name hole)" ]
ok $? 'a directory is in its place'
rm -rf p
mkdir p
ln -s ../o p/sub
cut_at 2000000
[ "$rc" -eq 2 ] && [ -z "$(find p/ o -name big)" ]
ok $? 'a link is not followed'
rm -rf o p
mkdir o p
tar --sort=name -cf - -C src . | {
	head -c 2000000
	# when all of that is there
	until [ -n "$(find o -name '.ktar*' -size +1900k)" ]; do :; done
	kill -s TERM "$(cat pid)"
	cat >/dev/null
} | {
	# shellcheck disable=SC2016 # its own pid
	run sh -c 'echo $$ >pid; exec ktar-unpack --partial-dir p o'
	echo "$rc" >code
}
[ "$(cat code)" -eq 143 ] && [ -z "$(find p -type f)" ]
ok $? 'a signal: no part'
if [ "$(stat -c %d /dev/shm 2>/dev/null)" != "$(stat -c %d .)" ] && shm=$(mktemp -d /dev/shm/kpipe.XXXXXX 2>/dev/null); then
	run ktar-unpack --partial-dir "$shm" o <cut.tar
	[ "$rc" -eq 2 ] && [ -z "$(find "$shm" o -type f ! -name hole)" ]
	ok $? 'another file system: no part'
	rm -rf "$shm"
else
	skip 1 'another file system' 'none to write to'
fi
run ktar-unpack --partial-dir none o <cut.tar
fails 2 'none: No such file or directory'
finish
