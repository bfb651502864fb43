#!/bin/sh
# ktar-unpack: large files go from a pipe into their place without a look at
# them; what comes out is the same, however the pipe delivers and ends.
. "$KPIPE_TESTS/lib.sh"
without=$KPIPE_BUILD/tests/without
mkdir src
head -c 5000123 /dev/urandom >src/a
head -c 2000000 src/a >src/b
for f in c d e; do
	cp src/b "src/$f"
	echo "small $f" >"src/$f-small"
done
head -c 131071 src/a >src/f
head -c 131072 src/a >src/g
head -c 262144 src/a >src/h
tar --sort=name -cf t.tar src
# the first byte of src/a
start=1024

# unpacked WRITER NAME: what WRITER writes into a pipe, into an empty o
unpacked() {
	rm -rf o
	mkdir o
	run_sh "$1 | ${3-} ktar-unpack o"
	good "$2"
	check "$2: contents" diff -r src o/src
}
unpacked 'cat t.tar' 'large writes'
# never a whole block
unpacked 'dd if=t.tar bs=777 2>dd.log' 'small writes'
unpacked '{ head -c 70000 t.tar; sleep 1; tail -c +70001 t.tar; }' 'a pause'
for how in ENOSYS EPERM EINVAL; do
	unpacked 'dd if=t.tar bs=7777 2>dd.log' "without splice ($how)" \
		"$without splice $how"
done
unpacked 'dd if=t.tar bs=7777 2>dd.log' 'found out to be plain' \
	"sh -c 'exec ktar-unpack --auto \"\$@\"'"
if have python3; then
	unpacked '{ head -c 700000 t.tar; sleep 1; tail -c +700001 t.tar; }' \
		'a stdin that does not block' "python3 -c \"
import os, sys
os.set_blocking(0, False)
os.execvp(sys.argv[1], sys.argv[1:])\""
else
	skip 2 'a stdin that does not block' 'python3 is not installed'
fi
if [ -z "$KPIPE_SAN" ] && have strace; then
	rm -rf o
	mkdir o
	run_sh 'cat t.tar | strace -e trace=read,splice -o trace ktar-unpack o'
	read=$(awk -F '= ' '/^read\(0,/ { n += $NF } END { print n + 0 }' trace)
	moved=$(awk -F '= ' '/^splice\(0,/ { n += $NF } END { print n + 0 }' trace)
	[ "$moved" -gt "$read" ]
	ok $? "$moved bytes are moved, $read are read"
	# one that fails in the middle of a block (the first: how many there are depends
	# on the writer), and does not end the run
	rm -rf o
	mkdir o
	run_sh 'dd if=t.tar bs=777 2>dd.log | strace -o trace -e trace=splice \
-e inject=splice:error=EACCES:when=1 ktar-unpack o'
	fails 2 'src/a: Permission denied'
	[ ! -e o/src/a ]
	ok $? 'a file that cannot be written is gone'
	rm -rf but
	cp -r src but
	rm but/a
	check 'and all others are there' diff -r but o/src
else
	skip 4 'bytes that are moved' 'a sanitizer, or no strace'
fi

# cut N WRITER: behind N bytes of the first file; what came of it is kept
cut() {
	rm -rf o p
	mkdir o p
	end=$((start + $1))
	run_sh "head -c $end t.tar | $2 | ktar-unpack --partial-dir p o"
	fails 2 "truncated within a member (byte $end)"
	[ "$(stat -c %s p/src/a)" -le "$1" ] &&
		[ "$(stat -c %s p/src/a)" -gt $(($1 - 512)) ] &&
		cmp -n "$(stat -c %s p/src/a)" p/src/a src/a
	ok $? "$last: what came of it"
	[ -z "$(find o -type f)" ]
	ok $? "$last: and nothing else"
}
for n in 2000000 2000001 4999999; do
	cut $n cat
	cut $n 'dd bs=777 2>dd.log'
done

# the end of what may be written; a failure that ends the run
rm -rf o
mkdir o
run_sh 'cat t.tar | { ulimit -f 3000; exec ktar-unpack o; }'
fails 2 'src/a: File too large'
[ -z "$(find o -type f)" ]
ok $? 'and the partial file is gone'
if [ "$(id -u)" -eq 0 ] && mkdir tmp &&
	mount -t tmpfs -o size=3m tmpfs tmp 2>mount.log; then
	run_sh 'cat t.tar | ktar-unpack tmp'
	left=$(find tmp -type f)
	umount tmp
	fails 2 'src/a: No space left on device'
	[ -z "$left" ]
	ok $? 'a full disk: the partial file is gone'
else
	skip 2 'a full disk' 'mounting needs root'
fi

# a sum needs a look at all
rm -rf o
mkdir o
run_sh 'cat t.tar | ktar-unpack --manifest sums o'
good 'with sums'
check 'with sums: they are right' sh -c 'cd o && sha256sum --quiet -c ../sums'
finish
