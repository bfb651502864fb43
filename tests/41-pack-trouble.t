#!/bin/sh
# ktar-pack when things go wrong: what is lost is named, and what cannot be
# finished is broken off so that no reader takes it for whole.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/packfault.sh"

for peer in python3 tar bsdtar busybox; do
	have "$peer" || skip_all "no $peer"
done

# extract READER: with the tar on stdin, in the working directory
extract() {
	case $1 in
	python)
		python3 -c '
import sys, tarfile
tarfile.open(fileobj=sys.stdin.buffer, mode="r|").extractall()'
		;;
	busybox) busybox tar -xf - ;;
	*) "$1" -xf - ;;
	esac
}

# broken FILE MEMBERS WHAT: every reader fails on FILE and leaves MEMBERS
broken() {
	for reader in tar bsdtar busybox python; do
		mkdir into
		reader_rc=0
		(cd into && extract "$reader" <"../$1" >../log 2>&1) ||
			reader_rc=$?
		left=$(find into -type f -printf '%P\n' | sort | tr '\n' ' ')
		[ "$reader_rc" -ne 0 ] && [ "$left" = "$2" ]
		ok $? "$reader fails: $3, and leaves: $2"
		rm -rf into
	done
}

# whole FILE MEMBERS WHAT: GNU tar reads FILE to its end and finds MEMBERS
whole() {
	last="tar -tf $1"
	tar -tf "$1" >names 2>err
	rc=$?
	names=$(tr '\n' ' ' <names)
	[ "$rc" -eq 0 ] && [ ! -s err ] && [ "$names" = "$2" ]
	ok $? "$3: a whole stream of $2"
}

# The command line.
run ktar-pack --help
status 0
run ktar-pack --version
stdout_is "ktar-pack $(cat "$KPIPE_TESTS/../VERSION")"
good
# usage WORD ARG...: exit 2, WORD is named
usage() {
	usage_says=$1
	shift
	run ktar-pack "$@"
	fails 2 "ktar-pack: $usage_says (see --help)"
}
: >plain
usage 'no path given'
usage '--nonsense: unknown option' --nonsense plain
usage '-Z: unknown option' -Z plain
usage '-C: needs an argument' -C
usage '--as: needs an argument' --as
usage '--verbose=x: takes no argument' --verbose=x plain
usage "--as ../x: not a relative name without '..'" --as ../x plain
usage "--as /x: not a relative name without '..'" --as /x plain
usage "--as : not a relative name without '..'" --as '' plain
usage '--as x: takes one path' --as x plain plain
usage '--as x: takes one path' --as x -T list plain
usage '-0: needs -T' -0 plain
usage '--format zip: not gnu, pax or ustar' --format zip plain
broken out '' 'a usage error'
run ktar-pack --as . plain
fails 2 'ktar-pack: plain: is no directory, and needs a name'
run ktar-pack -C nowhere plain
fails 2 'ktar-pack: nowhere: No such file or directory'
broken out '' 'a missing -C'
run ktar-pack -T nowhere
fails 2 'ktar-pack: nowhere: No such file or directory'
printf 'plain\0plain' >list
run ktar-pack -T list
fails 2 'ktar-pack: list: holds a NUL, is it a list for -0?'
head -c 70000 /dev/zero | tr '\0' x >list
run ktar-pack -T list
fails 2 'ktar-pack: list: holds a path of more than 65536 bytes'
tr x '\0' <list >list0
run ktar-pack -0 -T list0
good 'a list of 70000 empty paths, and nothing else'

# Where stdout is no good.
run_sh 'ktar-pack plain >/dev/full'
fails 2 'ktar-pack: stdout: No space left on device'
run_sh 'ktar-pack plain >&-'
fails 2 'ktar-pack: stdout: Bad file descriptor'
run_sh 'ktar-pack plain </dev/null >/dev/null 2>&-'
status 0
head -c 9000000 /dev/zero >large
run_sh '{ ktar-pack large; echo $? >code; } | head -c 1 >/dev/null'
quiet 'a reader that goes away'
echo 141 >want
same want code 'a reader that goes away: exit 141'
run_sh 'trap "" PIPE; { ktar-pack large; echo $? >code; } | head -c 1 >/dev/null'
same want code 'also where SIGPIPE was ignored'
run_sh 'python3 -c "
import os
os.set_blocking(1, False)
os.execvp(\"ktar-pack\", [\"ktar-pack\", \"large\"])" | { head -c 1; cat; } >tar'
quiet 'stdout that does not block'
run ktar-pack large
same tar out 'stdout that does not block: the same bytes'
if have script; then
	last='ktar-pack on a terminal'
	script -qec 'ktar-pack plain' /dev/null </dev/null >out 2>err
	rc=$?
	tr -d '\r' <out >err
	fails 2 'ktar-pack: stdout: a terminal is no place for a tar stream'
else
	skip 1 'a terminal on stdout' 'no script'
fi

# Where stderr is no good.
mkfifo gone
exec 4<>gone
exec 5>gone
exec 4>&-
last='nobody reads stderr'
rc=0
ktar-pack -v plain >out 2>&5 || rc=$?
status 0
whole out 'plain ' 'nobody reads stderr'
rc=0
ktar-pack nowhere >out 2>&5 || rc=$?
exec 5>&-
status 2 'nobody reads what is wrong'
broken out '' 'and nobody reads what is wrong'

# Missing and unreadable paths.
mkdir tree
echo a >tree/a
echo z >tree/z
run ktar-pack tree nowhere plain
fails 2 'ktar-pack: nowhere: No such file or directory'
broken out '' 'a missing path'
if [ "$(id -u)" -ne 0 ]; then
	echo m >tree/m
	mkdir tree/shut
	: >tree/shut/x
	chmod 0 tree/m tree/shut
	run ktar-pack tree
	printf 'ktar-pack: tree/%s: Permission denied\n' m shut >want
	status 1
	same want err 'unreadable files and directories are named'
	whole out 'tree/ tree/a tree/z ' 'unreadable files and directories'
	run ktar-pack plain tree/m
	fails 2 'ktar-pack: tree/m: Permission denied'
	broken out 'plain ' 'an unreadable path'
	chmod 700 tree/m tree/shut
	rm -r tree/m tree/shut
else
	skip 8 'unreadable files' 'root reads everything'
fi

# Special files.
mkfifo tree/fifo
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("tree/sock")'
run ktar-pack tree
printf 'ktar-pack: tree/%s, left out\n' 'fifo: is a FIFO' \
	'sock: is a socket' >want
status 1
same want err 'FIFOs and sockets are named'
whole out 'tree/ tree/a tree/z ' 'FIFOs and sockets'
run ktar-pack -q tree
status 1
quiet '-q: special files are not named'
rm tree/fifo tree/sock
run ktar-pack /dev/null
fails 1 'ktar-pack: /dev/null: is a device, left out'
mkfifo fifo
run ktar-pack fifo
fails 1 'ktar-pack: fifo: is a FIFO, left out'
run_sh 'ktar-pack tree >tree/out.tar'
fails 1 'ktar-pack: tree/out.tar: is the output, left out'
whole tree/out.tar 'tree/ tree/a tree/z ' 'the output in the tree'
rm tree/out.tar

# A file that something else took the place of, between the listing and the
# opening of it.
mkfifo tree/m.new
echo m >tree/m
run faulty swap:m ktar-pack -q tree
fails 1 'ktar-pack: tree/m: is no file any more'
whole out 'tree/ tree/a tree/z ' 'a FIFO in the place of a file'
rm tree/m.new
ln -s /etc/hostname tree/m.new
run faulty swap:m ktar-pack --exclude '*.new' tree
fails 1 'ktar-pack: tree/m: Too many levels of symbolic links'
whole out 'tree/ tree/a tree/z ' 'a link in the place of a file'
rm tree/m tree/m.new
mkdir tree/d
ln -s /etc tree/d.new
run faulty swap:d ktar-pack --exclude '*.new' tree
fails 1 'ktar-pack: tree/d: Not a directory'
whole out 'tree/ tree/a tree/z ' 'a link in the place of a directory'
rm -r tree/d tree/d.new

# Reads that fail.
run faulty short ktar-pack tree
good 'short and interrupted reads'
cp out got
run ktar-pack tree
same out got 'short and interrupted reads: the same bytes'
head -c 300001 /dev/urandom >tree/b
run faulty short ktar-pack tree
good 'short and interrupted reads of a large file'
cp out got
run ktar-pack tree
same out got 'short reads of a large file: the same bytes'
rm tree/b
echo m >tree/m
run faulty eio:2 ktar-pack tree
fails 1 'ktar-pack: tree/m: Input/output error'
whole out 'tree/ tree/a tree/z ' 'a small file that cannot be read'
run faulty end:2 ktar-pack tree
fails 1 'ktar-pack: tree/m: shrank while it was packed'
whole out 'tree/ tree/a tree/m tree/z ' 'a small file that shrank'
[ "$(tar -xOf out tree/m | wc -c)" -eq 0 ]
ok $? 'a small file that shrank: what was there'
run faulty list:1 ktar-pack tree
fails 2 'ktar-pack: tree: Input/output error'
broken out '' 'a path that cannot be listed'
run faulty list:1 ktar-pack plain tree
broken out 'plain ' 'a second path that cannot be listed'
mkdir tree/d
: >tree/d/x
run faulty list:3 ktar-pack tree
fails 1 'ktar-pack: tree/d: Input/output error'
whole out 'tree/ tree/a tree/m tree/z ' 'a directory that cannot be listed'
rm -r tree/d

# In the middle of a large file there is no way back.
mkdir big
echo a >big/a
head -c 3000000 /dev/zero >big/m
echo z >big/z
run faulty eio:3 ktar-pack big
fails 2 'ktar-pack: big/m: Input/output error'
broken out 'big/a big/m ' 'a read error in a body'
run faulty end:3 ktar-pack big
fails 2 'ktar-pack: big/m: shrank while it was packed'
broken out 'big/a big/m ' 'a file that ends too soon'

# The same by the hands of others, while the pipe is full.
# meddle SCRIPT: packs big, and runs SCRIPT when the stream has begun
meddle() {
	rm -rf big
	mkdir big
	echo a >big/a
	head -c 9000000 /dev/zero >big/m
	echo z >big/z
	meddled "$1" ktar-pack big
}
meddle 'truncate -s 8999999 big/m'
fails 2 'ktar-pack: big/m: shrank while it was packed'
broken out 'big/a big/m ' 'one byte less'
meddle 'truncate -s 8999424 big/m'
broken out 'big/a big/m ' 'the last block less'
meddle 'echo more >>big/m'
fails 1 'ktar-pack: big/m: changed while it was packed'
whole out 'big/ big/a big/m big/z ' 'a file that grew'
[ "$(tar -xOf out big/m | wc -c)" -eq 9000000 ]
ok $? 'a file that grew: the size at its beginning'
meddle 'printf x | dd of=big/m conv=notrunc bs=1 seek=8999000 2>/dev/null'
fails 1 'ktar-pack: big/m: changed while it was packed'
meddle 'ln big/m other'
good 'a name more is no change of a file'
rm other
meddle 'rm big/z'
printf 'ktar-pack: big%s\n' '/z: No such file or directory' \
	': changed while it was packed' >want
status 1
same want err 'a file that vanished is named'
whole out 'big/ big/a big/m ' 'a file that vanished'

# In the pipe there are pages of the file itself, so the packer does not end,
# nor say that all is well, before the reader has them.
rm -rf big
mkdir big
head -c 300000 /dev/zero >big/m
last='a file that changes in the pipe'
{
	ktar-pack big 2>err
	echo $? >code
} | {
	head -c 65536
	printf x | dd of=big/m conv=notrunc bs=1 seek=250000 2>/dev/null
	cat
} >out
rc=$(cat code)
fails 1 'ktar-pack: big/m: changed while it was packed'
whole out 'big/ big/m ' 'a file that changes in the pipe'
run_sh 'ktar-pack big | { head -c 65536; sleep 1; }'
quiet 'a reader that goes away with a body in the pipe'
# holes: none of it is read
truncate -s 700000 big/m
printf x | dd of=big/m conv=notrunc bs=1 seek=3000000 2>/dev/null
truncate -s 9000001 big/m
run_sh 'ktar-pack big | tar -xOf - big/m | cmp - big/m'
good 'holes in front, between and behind, through a pipe'
run ktar-pack big
tar -xOf out big/m | cmp -s - big/m
ok $? 'and into a file'
truncate -s 0 big/m
truncate -s 900000000 big/m
{
	ktar-pack big 2>err
	echo $? >code
} | {
	head -c 65536
	truncate -s 899999000 big/m
	cat
} >out
rc=$(cat code)
last='a hole that is cut'
fails 2 'ktar-pack: big/m: shrank while it was packed'

meddle 'ln big/m big/zz; ln big/m big/zzz; echo more >>big/m'
printf 'ktar-pack: big%s\n' ': changed while it was packed' \
	'/m: changed while it was packed' >want
status 1
same want err 'names that came too late are not packed, but it is said'
rm -rf big
mkdir -p big/zz
head -c 9000000 /dev/zero >big/m
echo one >big/zz/1
ln big/zz/1 big/a
{
	ktar-pack big 2>err
	echo $? >code
} | {
	head -c 65536
	echo two >>big/a
	cat
} >out
rc=$(cat code)
last='a hard link that changes'
fails 1 'ktar-pack: big/zz/1: changed since another name of it was packed'
whole out 'big/ big/a big/m big/zz/ big/zz/1 ' 'a hard link that changed'
printf 'one\ntwo\n' >want
tar -xOf out big/zz/1 >got
same want got 'a hard link that changed: packed anew'

# Signals.
# signalled NAME: NAME is sent when the stream has begun
signalled() {
	rm -rf big
	mkdir big
	echo a >big/a
	i=0
	while [ "$i" -lt 70 ]; do
		head -c 65000 /dev/zero >"big/m$i"
		i=$((i + 1))
	done
	interrupted "$1" ktar-pack big
}
for sig in TERM HUP; do
	signalled $sig
	fails 2 "ktar-pack: stream broken off: SIG$sig"
	rm -rf into
	mkdir into
	tar -C into -xf out >log 2>&1
	reader_rc=$?
	[ "$reader_rc" -eq 2 ] && [ -e into/big/m0 ] && [ ! -e into/big/m69 ]
	ok $? "SIG$sig: GNU tar fails, with a part of the files"
	[ "$(find into -type f ! -size 65000c ! -name a | wc -l)" -eq 0 ]
	ok $? "SIG$sig: and each of them is whole"
done
# who waits for a list waits no longer
rm -rf into
terminated plain
fails 2 'ktar-pack: stream broken off: SIGTERM'
broken out 'plain ' 'a signal while it waits for a list'
# a shell's background jobs ignore SIGINT, and so does what they run
signalled INT
good 'SIGINT where it is ignored'

finish
