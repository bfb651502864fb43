#!/bin/sh
# ktar-unpack: directories that are filled before they are shown.
. "$KPIPE_TESTS/lib.sh"
umask 022
LC_ALL=C
export LC_ALL

# blocks of 512 bytes: d/ is 0; d/a 1 to 2; d/b 3 to 4; d/c 5 to 6; e 7 to 8
mkdir d
for f in d/a d/b d/c e; do
	printf '%s' "$f" >$f
done
touch -d '2001-01-01 00:00:00' d
tar --format=ustar -b 1 -cf t.tar --no-recursion d d/a d/b d/c e
mkfifo pipe

# start [OPTION...]: unpacks what blocks puts into the pipe into o
start() {
	mkdir -p o
	ktar-unpack "$@" o <pipe 2>err &
	pid=$!
	exec 8>pipe
}
blocks() {
	dd if=t.tar bs=512 skip="$1" count="$2" 2>dd.log >&8
}
# comes TEST...: it is so after a while
comes() {
	tries=0
	until test "$@" || [ $tries -ge 300 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	test "$@"
}
hidden() {
	find "$1" -mindepth 1 -maxdepth 1 -name '.ktar-unpack-*'
}
# shown: all that is beneath o
shown() {
	find o -mindepth 1 -printf '%P ' | sort
}
# finished: the stream is at its end
finished() {
	exec 8>&-
	rc=0
	wait $pid || rc=$?
}
# in_hidden DIR NAME: whether NAME is in the hidden directory
in_hidden() {
	tries=0
	until [ -s "$(hidden "$1")/$2" ] || [ $tries -ge 300 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	[ -s "$(hidden "$1")/$2" ]
}

last='a directory is shown when the stream turns elsewhere'
start
blocks 0 5
in_hidden o b && [ ! -e o/d ]
ok $? 'hidden while its files come'
[ "$(stat -c %a "$(hidden o)")" = 700 ]
ok $? 'and for nobody else'
blocks 5 4
comes -e o/e
[ -s o/d/c ] && [ -z "$(hidden o)" ]
ok $? 'shown when the stream turns elsewhere'
blocks 9 9
finished
good 'and all is well'
check 'contents' diff -r d o/d
[ "$(stat -c '%a %Y' o/d)" = "$(stat -c '%a %Y' d)" ]
ok $? 'mode and time of the directory'

# a signal shows it, without the file that was not whole
for sig in TERM KILL; do
	last="kill -$sig"
	rm -rf o
	start
	blocks 0 4
	in_hidden o a
	kill -$sig $pid
	finished 2>wait.log
	[ "$rc" -gt 128 ] && [ "$(kill -l "$rc")" = $sig ]
	ok $? "$sig ends it"
	case $sig in
	TERM) [ "$(shown)" = 'd d/a ' ] ;;
	KILL) [ ! -e o/d ] && [ "$(cat "$(hidden o)/a")" = d/a ] ;;
	esac
	ok $? "$sig: no name but that of what is whole"
done
# so does an archive that is cut
rm -rf o
mkdir o
head -c 2000 t.tar >cut.tar
run ktar-unpack o <cut.tar
status 2 'a cut archive'
[ "$(shown)" = 'd d/a ' ]
ok $? 'a cut archive: what is whole is shown'

# another one of that name comes meanwhile
another() {
	rm -rf o
	start "$@"
	blocks 0 5
	in_hidden o b
	mkdir o/d
	printf other >o/d/b
	printf other >o/d/other
	blocks 5 13
	finished
	(cd o/d && for f in *; do
		printf '%s=%s ' "$f" "$(cat "$f")"
	done) >got
}
another
good 'a directory comes meanwhile'
[ "$(cat got)" = 'a=d/a b=d/b c=d/c other=other ' ] && [ -z "$(hidden o)" ]
ok $? 'a directory comes meanwhile: the files go there'
[ "$(stat -c '%a %Y' o/d)" = "$(stat -c '%a %Y' d)" ]
ok $? 'and its mode and time are those of the archive'
another -k
status 1 'a directory comes meanwhile, -k'
stderr_is 'ktar-unpack: d/b: exists, kept'
[ "$(cat got)" = 'a=d/a b=other c=d/c other=other ' ] && [ -z "$(hidden o)" ]
ok $? 'a directory comes meanwhile, -k: what exists stays'
for what in 'ln -s ../d' touch; do
	last="$what"
	rm -rf o
	start
	blocks 0 5
	in_hidden o b
	$what o/d
	blocks 5 13
	finished
	[ "$rc" -ne 0 ] && { [ -L o/d ] || [ ! -s o/d ]; }
	ok $? "$what: nothing is put through it"
	[ "$(cat d/b d/c)" = d/bd/c ] && grep -q 'ktar-unpack: d: ' err
	ok $? "$what: it is said"
done

# a file system that cannot rename without replacing
rm -rf o
mkdir o
run "$KPIPE_BUILD/tests/without" renameat2 EINVAL ktar-unpack o <t.tar
good 'without renameat2'
check 'without renameat2: contents' diff -r d o/d
[ -z "$(hidden o)" ]
ok $? 'without renameat2: nothing is left'

# several at once, as ktar-pack --shard makes them
if have ktar-pack; then
	mkdir -p many
	i=0
	while [ $i -lt 40 ]; do
		mkdir -p many/$((i % 4))/$i
		printf '%s' $i >many/$((i % 4))/$i/f
		printf '%s' $i >many/$((i % 4))/$i/g
		printf '%s' $i >many/$((i % 4))/f$i
		i=$((i + 1))
	done
	for round in 1 2 3; do
		rm -rf o
		mkdir o
		pids=
		for shard in 1 2 3; do
			ktar-pack --shard $shard/3 many | ktar-unpack o \
				>>all.log 2>&1 &
			pids="$pids $!"
		done
		rc=0
		for pid in $pids; do
			wait "$pid" || rc=$?
		done
		cp all.log err
		good "three shards at once, $round"
		check "three shards at once, $round: contents" diff -r many o/many
		[ -z "$(find o -name '.ktar*')" ]
		ok $? "three shards at once, $round: nothing is left"
	done
fi

# hard links within it, to files that were there, and a directory that others
# can write to
if have python3; then
	python3 -c "import tarfile as t, io
f = t.open('l.tar', 'w')
def add(name, data=None, **k):
    i = t.TarInfo(name)
    for a in k: setattr(i, a, k[a])
    if data: i.size = len(data)
    f.addfile(i, io.BytesIO(data) if data else None)
add('n', type=t.DIRTYPE, mode=0o755)
add('n/f', b'one')
add('n/h', type=t.LNKTYPE, linkname='n/f')
add('n/f', b'two')
add('there/h', type=t.LNKTYPE, linkname='there/f')
add('n/x', b'x')
add('out', type=t.LNKTYPE, linkname='n/x')
f.close()"
	rm -rf o
	mkdir -p o/there
	printf 'secret' >o/there/f
	run ktar-unpack o <l.tar
	fails 1 'there/h: refused: hard link' 'R6 a file that was there'
	[ "$(cat o/n/f o/n/h o/n/x o/out)" = twoonexx ] && [ ! -e o/there/h ]
	ok $? 'R6 hard links in and out of a new directory'
fi
if [ -d /proc/self ]; then
	mkdir -p g
	chmod 2775 g
	run ktar-unpack g <t.tar
	[ "$(stat -c %g g)" = "$(stat -c %g g/d)" ] && [ -g g/d ]
	ok $? 'a directory inherits as ever'
fi

# what it is for: four calls a file
if have strace && [ -z "$KPIPE_SAN" ]; then
	mkdir -p c/1 c/2
	i=0
	while [ $i -lt 500 ]; do
		printf '%s' $i >c/1/$i
		printf '%s' $i >c/2/$i
		i=$((i + 1))
	done
	tar cf c.tar c
	rm -rf o
	mkdir o
	run strace -c -o counts ktar-unpack o <c.tar
	good 'a thousand files'
	check 'a thousand files: contents' diff -r c o/c
	n=$(awk '/openat$|write64$|utimensat$|close$|write$|renameat2?$|stat$/ { n += $4 } END { print n }' counts)
	echo "# measured: $n calls for 1000 files"
	[ "$n" -lt 4200 ]
	ok $? 'four calls a file'
else
	skip 3 'system calls' 'no strace, or a build with sanitizers'
fi
finish
