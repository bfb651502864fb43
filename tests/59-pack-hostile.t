#!/bin/sh
# ktar-pack on a disk that does what it likes: each row of the table in the
# manual page, "Trouble", and all that can lead to it. Status 1 is a stream that
# is whole, and has what it should; status 2 one that every reader fails at.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/packfault.sh"

for peer in python3 tar bsdtar busybox; do
	have "$peer" || skip_all "no $peer"
done
sed -n '/^\.Bl -column "a larger file/,/^\.El/s/^\.It \(.*\) Ta \([12]\).*/\2 \1/p' \
	"$KPIPE_TESTS/../man/ktar-pack.1" >rows
[ "$(wc -l <rows)" -ge 18 ]
ok $? 'the page has a table of troubles'

# row TEXT: what comes next is about the row that begins so
row() {
	row=$1
	row_status=$(sed -n "s/^\\([12]\\) $1.*/\\1/p" rows)
	sed -i "/^[12] $1/d" rows
	[ -n "$row_status" ]
	ok $? "the row: $1"
}

# reader NAME: with the tar on stdin, in the working directory
reader() {
	case $1 in
	python) python3 -c '
import sys, tarfile
t = tarfile.open(fileobj=sys.stdin.buffer, mode="r|")
t.extraction_filter = lambda member, path: member
t.extractall()' ;;
	busybox) busybox tar -xf - ;;
	*) "$1" -xf - ;;
	esac
}

# ends MESSAGE MEMBERS: the last run has the status of the row and says one line
# with MESSAGE; with status 1 its stream is whole, and of MEMBERS; with status 2
# no reader takes it, and none has files but MEMBERS
ends() {
	last="$row: $last"
	fails "$row_status" "$1" "$1"
	if [ "$row_status" = 1 ]; then
		tar -tf out >names 2>log &&
			[ "$(grep -v '/$' names | tr '\n' ' ')" = "$2" ]
		ok $? "$1: the stream is whole: $2"
		return
	fi
	for reader in tar bsdtar busybox python; do
		mkdir into
		reader_rc=0
		(cd into && reader $reader <../out >../log 2>&1) || reader_rc=$?
		left=$(find into -type f -printf '%P\n' | sort | tr '\n' ' ')
		[ "$reader_rc" -ne 0 ] && [ "$left" = "$2" ]
		ok $? "$1: $reader fails, with: $2"
		chmod -R u+rwx into
		rm -rf into
	done
}

# tree: a, m, z, and the directory d with x
tree() {
	rm -rf tree
	mkdir -p tree/d
	for file in a m z d/x; do
		echo "$file" >"tree/$file"
	done
	ln -s a tree/l
}

row 'a FIFO, a socket, a device, the output, the manifest'
tree
mkfifo tree/fifo
run ktar-pack tree
ends 'tree/fifo: is a FIFO, left out' 'tree/a tree/l tree/m tree/z tree/d/x '
tree
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("tree/sock")'
run ktar-pack tree
ends 'tree/sock: is a socket, left out' 'tree/a tree/l tree/m tree/z tree/d/x '
run ktar-pack /dev/null
ends '/dev/null: is a device, left out' ''
tree
run_sh 'ktar-pack tree >tree/out; cp tree/out out' 2>log
sh -c 'ktar-pack tree >tree/out' 2>err
rc=$?
cp tree/out out
ends 'tree/out: is the output, left out' 'tree/a tree/l tree/m tree/z tree/d/x '
tree
run ktar-pack --manifest tree/sums tree
ends 'tree/sums: is the manifest, left out' \
	'tree/a tree/l tree/m tree/z tree/d/x '

row 'beneath a path, or in a list: gone, unreadable, of another kind now'
rest='tree/a tree/l tree/z tree/d/x '
tree
run faulty gone:m ktar-pack tree
ends 'tree/m: No such file or directory' "$rest"
run faulty stat:m ktar-pack tree
ends 'tree/m: Input/output error' "$rest"
run faulty gone:l ktar-pack tree
ends 'tree/l: No such file or directory' 'tree/a tree/m tree/z tree/d/x '
run faulty stat:l ktar-pack tree
ends 'tree/l: Input/output error' 'tree/a tree/m tree/z tree/d/x '
run faulty target ktar-pack tree
ends 'tree/l: Input/output error' 'tree/a tree/m tree/z tree/d/x '
run faulty gone:d ktar-pack tree
ends 'tree/d: No such file or directory' 'tree/a tree/l tree/m tree/z '
run faulty stat:d ktar-pack tree
ends 'tree/d: Input/output error' 'tree/a tree/l tree/m tree/z '
run_sh 'printf "tree/a\nnever\ntree/z\n" | ktar-pack -T -'
ends 'never: No such file or directory' 'tree/a tree/z '
# becomes NAME MESSAGE MEMBERS COMMAND...: NAME is what COMMAND makes of
# tree/NAME.new when it is opened, and was tree/NAME when it was listed
becomes() {
	becomes_name=$1
	becomes_says=$2
	becomes_rest=$3
	shift 3
	tree
	"$@" "tree/$becomes_name.new"
	run faulty "swap:$becomes_name" ktar-pack --exclude '*.new' tree
	last="$* for $becomes_name"
	ends "tree/$becomes_name: $becomes_says" "$becomes_rest"
}
becomes m 'is no file any more' "$rest" mkfifo
becomes m 'is no file any more' "$rest" mkdir
becomes m 'Too many levels of symbolic links' "$rest" ln -s /etc/passwd
becomes m 'No such device or address' "$rest" python3 -c '
import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])'
rest='tree/a tree/m tree/z tree/d/x '
becomes l 'is no symbolic link any more' "$rest" mkfifo
becomes l 'is no symbolic link any more' "$rest" mkdir
becomes l 'is no symbolic link any more' "$rest" touch
rest='tree/a tree/l tree/m tree/z '
becomes d 'Not a directory' "$rest" touch
becomes d 'Not a directory' "$rest" mkfifo
becomes d 'Not a directory' "$rest" ln -s /etc
if [ "$(id -u)" -ne 0 ]; then
	tree
	chmod 0 tree/m
	run ktar-pack tree
	ends 'tree/m: Permission denied' 'tree/a tree/l tree/z tree/d/x '
	tree
	chmod 0 tree/d
	run ktar-pack tree
	ends 'tree/d: Permission denied' "$rest"
	chmod 700 tree/d
else
	skip 4 'what is unreadable' 'root reads everything'
fi

row 'a directory beneath a path cannot be listed'
tree
run faulty list:3 ktar-pack tree
ends 'tree/d: Input/output error' "$rest"

rest='tree/a tree/l tree/m tree/z tree/d/x '
row 'a file changed or grew while it was packed'
run faulty more:m ktar-pack tree
ends 'tree/m: grew while it was packed' "$rest"
[ "$(tar -xOf out tree/m)" = m ]
ok $? 'a file that grew: what it was'
mkdir big
echo a >big/a
echo z >big/z
part=
large=9000000
# meddle SCRIPT: packs big, and runs SCRIPT when the stream has begun
meddle() {
	head -c "$large" /dev/zero >big/m
	# shellcheck disable=SC2086 # words, or none
	meddled "$1" ktar-pack $part big
}
meddle 'echo more >>big/m'
ends 'big/m: changed while it was packed' 'big/a big/m big/z '
[ "$(tar -xOf out big/m | wc -c)" -eq 9000000 ]
ok $? 'a large file that grew: the size at its beginning'
meddle 'echo more >big/z; touch -d 2001-01-01 big/m'
ends 'big/m: changed while it was packed' 'big/a big/m big/z '

row 'a file of up to 64 KiB shrank'
run faulty end:2 ktar-pack tree
ends 'tree/m: shrank while it was packed' "$rest"
[ "$(tar -xOf out tree/m | wc -c)" -eq 0 ]
ok $? 'a small file that shrank: what was there'

row 'a file of up to 64 KiB cannot be read'
run faulty eio:2 ktar-pack tree
ends 'tree/m: Input/output error' 'tree/a tree/l tree/z tree/d/x '

row 'a larger or sparse file shrank, or cannot be read to its end'
head -c 3000000 /dev/zero >big/m
run faulty eio:3 ktar-pack big
ends 'big/m: Input/output error' 'big/a big/m '
run faulty end:3 ktar-pack big
ends 'big/m: shrank while it was packed' 'big/a big/m '
for n in 1 2; do
	run_sh "env LD_PRELOAD='$KPIPE_BUILD/tests/packfault.so' \
		PACKFAULT=splice:$n \
		ASAN_OPTIONS=verify_asan_link_order=0:${ASAN_OPTIONS-} \
		ktar-pack big | cat; exit 2"
	ends 'big/m: Input/output error' 'big/a big/m '
done
# what breaks a stream between members would end this one well
large=9000448
meddle 'truncate -s 8999936 big/m'
ends 'big/m: shrank while it was packed' 'big/a big/m '
large=9000000
meddle 'truncate -s 8999424 big/m'
ends 'big/m: shrank while it was packed' 'big/a big/m '
truncate -s 0 big/m
truncate -s 3000000 big/m
printf x | dd of=big/m bs=1 seek=1000000 conv=notrunc 2>log
run faulty eio:2 ktar-pack --sparse big
fails "$row_status" 'big/m: Input/output error' 'a sparse file'
for reader in tar bsdtar busybox python; do
	mkdir into
	reader_rc=0
	(cd into && reader $reader <../out >../log 2>&1) || reader_rc=$?
	[ "$reader_rc" -ne 0 ]
	ok $? "a sparse file: $reader fails"
	rm -rf into
done

row 'a file changed after another name of it was packed'
mkdir -p big/zz
echo one >big/zz/1
ln big/zz/1 big/aa
rm big/z
meddle 'echo two >>big/aa'
ends 'big/zz/1: changed since another name of it was packed' \
	'big/a big/aa big/m big/zz/1 '
rm -r big/aa big/zz

row 'files or directories came or went in a directory'
meddle 'echo new >big/new'
ends 'big: changed while it was packed' 'big/a big/m '
rm big/new
meddle 'rm big/a; mkdir big/a'
ends 'big: changed while it was packed' 'big/a big/m '
rm -r big/a

row 'an attribute or ACL cannot be read'
tree
if have setfattr && setfattr -n user.x -v x tree/m 2>log; then
	run faulty attr:user.x ktar-pack --xattrs tree
	ends 'tree/m: user.x: Input/output error' "$rest"
	row 'attributes of more than 768 KiB'
	for n in 01 02 03 04 05 06 07 08 09 10 11; do
		setfattr -n user.$n -v x tree/m
	done
	run faulty largest ktar-pack --xattrs tree
	ends 'tree/m: user.x: more than a header should hold' "$rest"
else
	row 'attributes of more than 768 KiB'
	skip 4 'attributes' 'not on this file system'
fi

row 'with Fl -shard : No a file or directory changed since the beginning'
mkdir big/z
echo z >big/z/z
part='--shard 1/2'
# more than a tick of the file system's clock
meddle 'sleep 0.1; echo more >>big/z/z'
ends 'big/z/z: changed after this part was begun' 'big/m '
part=
rm -r big/z

row 'a path itself is missing or unreadable'
tree
run ktar-pack tree/a nowhere
ends 'nowhere: No such file or directory' ''
run faulty list:1 ktar-pack tree/a tree
ends 'tree: Input/output error' 'tree/a '
run faulty stat:tree ktar-pack tree/a tree
ends 'tree: Input/output error' 'tree/a '
run faulty gone:tree ktar-pack tree/a tree
ends 'tree: No such file or directory' 'tree/a '
run faulty eio:2 ktar-pack tree/a tree/m
ends 'tree/m: Input/output error' 'tree/a '
run faulty target ktar-pack tree/a tree/l
ends 'tree/l: Input/output error' 'tree/a '

row 'a list, or a file of patterns, cannot be read'
run ktar-pack -T nowhere tree/a
ends 'nowhere: No such file or directory' ''
run ktar-pack -T tree tree/a
ends 'tree: Is a directory' 'tree/a '
run ktar-pack -X tree tree/a
ends 'tree: Is a directory' ''

row 'a directory of too many names for memory cannot be listed again'
mkdir wide
python3 -c "
for i in range(12000):
    open('wide/%05d' % i + 'n' * 200, 'w').close()"
run faulty list:130 ktar-pack wide
fails "$row_status" 'wide: Input/output error'
! tar -tf out >names 2>log && grep -q '/[0-9]' names
ok $? 'a wide directory: some of it was sent, and GNU tar fails'
rm -rf wide

row 'a directory was moved away while beneath it'
python3 - <<'EOF'
import os
os.mkdir('deep')
os.mkdir('other')
os.chdir('deep')
for i in range(90):
    os.mkdir('d')
    os.chdir('d')
with open('m', 'wb') as f:
    f.truncate(9000000)
    f.write(b'x')
EOF
last='a directory that is moved away'
{
	ktar-pack deep 2>err
	echo $? >code
} | {
	head -c 200000
	mv deep/d/d/d/d/d/d/d/d other/d
	cat
} >out
rc=$(cat code)
fails "$row_status" 'was moved while it was packed'
tar -tf out >log 2>&1
[ $? -eq 2 ]
ok $? 'and GNU tar fails'
rm -rf deep other

row 'standard output cannot be written to'
head -c 3000000 /dev/urandom >big/m
run_sh 'ktar-pack big >/dev/full'
fails "$row_status" 'ktar-pack: stdout: No space left on device'
for n in 1 2 5; do
	run faulty full:$n ktar-pack big
	fails "$row_status" 'ktar-pack: stdout: No space left on device'
	cp out part
	! tar -tf part >log 2>&1 || [ ! -s part ]
	ok $? "no room at write $n: GNU tar fails, or there is nothing"
done
run_sh 'ktar-pack big >&-'
fails "$row_status" 'ktar-pack: stdout: Bad file descriptor'

row 'standard output is a terminal'
if have script; then
	script -qec 'ktar-pack tree' /dev/null </dev/null >out 2>err
	rc=$?
	tr -d '\r' <out >err
	fails "$row_status" 'stdout: a terminal is no place for a tar stream'
else
	skip 1 'a terminal' 'no script'
fi

row 'SIGINT, SIGTERM, SIGHUP'
for sig in INT TERM HUP; do
	last="SIG$sig"
	interrupted "$sig" python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp("ktar-pack", ["ktar-pack", "big", "big"])'
	fails "$row_status" "ktar-pack: stream broken off: SIG$sig"
	tar -tf out >log 2>&1
	[ $? -eq 2 ]
	ok $? "SIG$sig: GNU tar fails"
done

row 'a usage error'
run ktar-pack --nonsense tree
ends '--nonsense: unknown option' ''

[ ! -s rows ]
ok $? 'each row of the table had its turn'
cp rows out

# What is no trouble at all.
head -c 300001 /dev/urandom >big/m
truncate -s 900000 big/m
ktar-pack big tree >want
run faulty short ktar-pack big tree
good 'short and interrupted reads and writes'
same want out 'short and interrupted reads and writes: the same bytes'
{
	faulty short ktar-pack big tree 2>err
	echo $? >code
} | cat >out
rc=$(cat code)
good 'short and interrupted splices'
same want out 'short and interrupted splices: the same bytes'
# names that would play with a terminal
esc=$(printf 'a\033[31m\r\nb\177\233')
tree
: >"tree/$esc"
run faulty "gone:$esc" ktar-pack tree
status 1
LC_ALL=C tr -d '\n' <err | LC_ALL=C grep -q '[^ -~]'
[ $? -eq 1 ] && [ "$(wc -l <err)" -eq 1 ]
ok $? 'control bytes in names are escaped'
run ktar-pack -v "tree/$esc"
LC_ALL=C tr -d '\n' <err | LC_ALL=C grep -q '[^ -~]'
[ $? -eq 1 ] && [ "$(wc -l <err)" -eq 1 ]
ok $? 'also by -v'

finish
