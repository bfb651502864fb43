#!/bin/sh
# ktar-pack on small files: few system calls, the bytes of GNU tar, and whatever
# happens while one is read, its content and what is said of it belong together.
. "$KPIPE_TESTS/lib.sh"

for peer in python3 tar; do
	have "$peer" || skip_all "no $peer"
done

# late FILE SCRIPT: packs tree, and runs SCRIPT when FILE, not DIR/FILE, has been
# read for the first time and not yet been looked at again
late() {
	last="late: $2"
	rm -f said "$1.go"
	mkfifo said
	env LD_PRELOAD="$KPIPE_BUILD/tests/packfault.so" PACKFAULT="late:$1" \
		ASAN_OPTIONS="verify_asan_link_order=0:${ASAN_OPTIONS-}" \
		ktar-pack $format tree >out 2>err 9>said &
	read -r late_word <said
	eval "$2"
	: >"$1.go"
	rc=0
	wait $! || rc=$?
	[ "$late_word" = late ]
	ok $? "$last: it came in between"
}

# holds NAME: what is in ./out of tree/m is what was, or what is, in all of
# content, size and time
holds() {
	rm -rf into
	mkdir into
	tar -C into -xf out
	if cmp -s into/tree/m was && [ -n "$(find into/tree/m -newer mark)" ]; then
		ok 1 "$1: old content, and a new time"
	elif cmp -s into/tree/m was; then
		ok 0 "$1: the old file"
	else
		cmp -s into/tree/m tree/m
		ok $? "$1: the new file"
	fi
}

mkdir tree
python3 - <<'PY'
import os
for n in list(range(0, 3)) + [511, 512, 513, 4096, 16383, 16384, 16385, 40000,
                              65536, 65537]:
    with open('tree/%05d' % n, 'wb') as f:
        f.write(os.urandom(n))
    # headers that are longer than the one before, and shorter
    if n % 2:
        with open('tree/%05d' % n + 'n' * 150, 'wb') as f:
            f.write(os.urandom(n))
os.makedirs('calls')
for i in range(2000):
    with open('calls/%05d' % i, 'wb') as f:
        f.write(os.urandom(i * 4 % 8192))
PY
echo middle >tree/m
cp tree/m was

# Just made: each file may still be about to change.
run ktar-pack tree
good 'files that were made just now'
tar --sort=name -cf want tree
tar -tf want | sort >names
tar -tf out | sort >got
same names got 'files that were made just now: all of them'
mkdir into
tar -C into -xf out
diff -r tree into/tree >log 2>&1
ok $? 'files that were made just now: the same content'

# The second in which they were made is over.
sleep 1.1
run ktar-pack tree
good 'files that were made before'
rm -rf into
mkdir into
tar -C into -xf out
diff -r tree into/tree >log 2>&1
ok $? 'files that were made before: the same content'
if tar --sort=name --version >/dev/null 2>&1; then
	tar --sort=name --format=gnu -cf want tree
	same want out 'the bytes are those of GNU tar'
else
	skip 1 'the bytes of GNU tar' 'its --sort'
fi
for format in --format=pax '--manifest sums'; do
	# shellcheck disable=SC2086
	run ktar-pack $format tree
	good "$format"
	rm -rf into
	mkdir into
	tar -C into -xf out
	diff -r tree into/tree >log 2>&1
	ok $? "$format: the same content"
done
check 'the sums are those of the files' sha256sum --quiet -c sums
sleep 1.1

# one look at each, where the file system is one that has our clock
case $(stat -f -c %T .) in
ext2/ext3 | tmpfs | xfs | btrfs | f2fs) clock=yes ;;
*) clock= ;;
esac
if [ -n "$clock" ] && have strace && [ -z "${KPIPE_SAN-}" ]; then
	strace -c -o counts ktar-pack calls >/dev/null
	calls=$(awk '$NF == "total" { print $4 }' counts)
	[ "$calls" -gt 8000 ] && [ "$calls" -lt 8200 ]
	ok $? "$calls system calls for 2000 small files, under 8200"
else
	skip 1 'system calls' 'a sanitizer, no strace, or another file system'
fi

# What others do meanwhile.
format=--format=pax
: >mark
late m 'printf MIDDLE\\n >tree/m'
good 'a file that is written to'
holds 'a file that is written to'
for what in 'echo and more >>tree/m' ': >tree/m' \
	'head -c 16384 /dev/zero >tree/m' 'head -c 70000 /dev/zero >tree/m' \
	'rm tree/m; echo other1 >tree/m'; do
	cp was tree/m
	touch -d '2001-02-03' tree/m
	sleep 1.1
	: >mark
	late m "$what"
	holds "$what"
done
cp was tree/m

# A FIFO in its place: nothing is taken out of it.
mkfifo tree/m.new
exec 3<>tree/m.new
echo treasure >&3
run env LD_PRELOAD="$KPIPE_BUILD/tests/packfault.so" PACKFAULT=swap:m \
	ASAN_OPTIONS="verify_asan_link_order=0:${ASAN_OPTIONS-}" \
	ktar-pack -q tree
fails 1 'ktar-pack: tree/m: is no file any more'
got=$(timeout 5 head -n 1 <&3)
[ "$got" = treasure ]
ok $? 'what was in a FIFO is still there'

finish
