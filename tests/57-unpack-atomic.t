#!/bin/sh
# ktar-unpack --atomic: the whole stream or nothing of it, at every moment.
. "$KPIPE_TESTS/lib.sh"
umask 022
LC_ALL=C
export LC_ALL
without=$KPIPE_BUILD/tests/without

mkdir -p src/d/e
printf 'new\n' >src/a
printf 'deep\n' >src/d/e/f
ln -s a src/link
ln src/a src/d/hard
chmod 2711 src/d
touch -d '2002-02-02 02:02:02' src/d src
tar -C src -cf dot.tar .
tar -C src -b 1 -cf t.tar a d link

# fill NAME: a destination with content of its own
fill() {
	mkdir "$1"
	printf 'old\n' >"$1/old"
	mkdir "$1/sub"
	printf 'old\n' >"$1/sub/f"
}
# whole DIR: all names, kinds, modes, times and inodes
whole() {
	find "$1" -printf '%P %y %m %i %T@ %l\n' | sort
}
# nothing_left NAME: no tree of a run is in the working directory
nothing_left() {
	[ -z "$(find . -maxdepth 1 -name '.ktar-unpack-*')" ]
	ok $? "$1: nothing is left beside it"
}

# what is there is replaced as a whole
fill o
chmod 2750 o
ls -di o >before
run ktar-unpack --atomic o <t.tar
good 'a directory is replaced'
check 'a directory is replaced: by the stream, and nothing else' \
	diff -r --no-dereference src o
ls -di o >after
! cmp -s before after
ok $? 'a directory is replaced: it is another one'
[ "$(stat -c %a o)" = 2750 ]
ok $? 'a directory is replaced: its mode is kept'
nothing_left 'a directory is replaced'
run ktar-unpack --atomic o <dot.tar
good 'a second time, with a member for the directory itself'
[ "$(stat -c '%a %Y' o)" = "2750 $(stat -c %Y src)" ]
ok $? 'of that only the time counts'
(cd o && ktar-unpack --atomic ../sibling <../t.tar)
check 'beside the working directory' diff -r --no-dereference src sibling
run ktar-unpack --atomic sibling/// <t.tar
good 'slashes behind the name'
if have setfacl && setfacl -m u:12:rwx,d:u:13:rwx o 2>/dev/null; then
	getfacl -cn o >want
	run ktar-unpack --atomic o <dot.tar
	good 'a directory with access control lists'
	getfacl -cn o >got
	same want got 'a directory with access control lists keeps them'
	getfacl -cn o/d | grep -q '^user:13:rwx'
	ok $? 'and its default list is inherited'
	mkdir above
	mkdir above/o
	setfacl -m d:u:14:rwx above
	run ktar-unpack --atomic above/o <dot.tar
	good 'a directory whose parent has a default list'
	! getfacl -Rn above/o | grep -q :14:
	ok $? 'gets nothing of that'
	run ktar-unpack --atomic above/new <t.tar
	getfacl -n above/new | grep -q '^default:user:14:rwx'
	ok $? 'but a new one does'
	rm -rf above
else
	skip 6 'access control lists' 'there are none here'
fi
rm -rf o sibling

# what is not there is made
run ktar-unpack --atomic o <t.tar
good 'a directory that is not there'
check 'a directory that is not there: contents' diff -r --no-dereference src o
[ "$(stat -c %a o)" = 755 ]
ok $? 'a directory that is not there: the mode of a new one'
rm -rf o
chmod 1777 src
tar -C src -cf dot2.tar .
run_sh 'umask 027; ktar-unpack --atomic o <dot2.tar'
[ "$(stat -c '%a %Y' o)" = "750 $(stat -c %Y src)" ]
ok $? 'or that of its member, through the umask'
rm -rf o
run_sh 'umask 027; ktar-unpack -p --atomic o <dot2.tar'
[ "$(stat -c %a o)" = 1777 ]
ok $? 'or just that, with -p'
rm -rf o
nothing_left 'a directory that is not there'

# whatever is wrong with the stream, there is what was there
fill o
whole o >before
n=0
bad=
size=$(stat -c %s t.tar)
while [ $n -lt "$size" ]; do
	head -c $n t.tar | ktar-unpack --atomic o 2>err
	rc=$?
	[ $rc -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] || bad="$bad $n:$rc"
	whole o >after
	cmp -s before after || bad="$bad $n:changed"
	head -c $n t.tar | ktar-unpack --atomic none 2>err
	[ ! -e none ] || bad="$bad $n:made"
	n=$((n + 512))
done
[ -z "$bad" ]
ok $? "a stream that is cut anywhere changes nothing$bad"
nothing_left 'a stream that is cut'
ln -s /etc src/outside
tar -C src -cf refused.tar .
rm src/outside
run ktar-unpack --atomic o <refused.tar
status 2 'a member that is refused'
grep -q 'o: not replaced, since members were refused' err
ok $? 'a member that is refused: says that nothing is replaced'
run ktar-unpack --atomic --prefix d o <t.tar
fails 2 'not beneath the prefix'
run ktar-unpack --atomic --max-files 2 o <t.tar
fails 2 'more members'
printf '%064d  a\n' 0 >sums
run ktar-unpack --atomic --verify sums --include a o <t.tar
fails 2 'do not match'
run ktar-unpack --atomic --include nope o <t.tar
fails 2 'nope: no such member'
whole o >after
same before after 'and after all of these nothing has changed'
nothing_left 'a member that is refused'

# while the stream comes
mkfifo pipe
# feed: starts a run on ./o that waits within the stream
feed() {
	env --default-signal=INT ktar-unpack --atomic o <pipe 2>err &
	pid=$!
	exec 9>pipe
	head -c 4000 t.tar >&9
	tries=0
	while [ ! -e "$(echo .ktar-unpack-tree-*/a)" ] && [ $tries -lt 300 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	tree=$(echo .ktar-unpack-tree-*)
}
# ended: waits for the process of feed, and for the second one
ended() {
	rc=0
	wait "$pid" || rc=$?
	exec 9>&-
}
feed
whole o >after
same before after 'while the stream comes: nothing has changed'
[ "$(stat -c %a "$tree")" = 700 ]
ok $? 'while the stream comes: nobody else sees the new tree'
run ktar-unpack --atomic o <t.tar
fails 2 'o: is locked, it may be by another such run' 'two at a time'
run ktar-unpack --atomic p <t.tar
good 'another run beside it'
[ -e "$tree/a" ]
ok $? 'another run beside it: does not take the tree for stale'
tail -c +4001 t.tar >&9
exec 9>&-
ended
[ $rc -eq 0 ]
ok $? 'and then it is replaced'
check 'and then it is replaced: contents' diff -r --no-dereference src o
rm -rf o p
for sig in INT TERM HUP; do
	fill o
	whole o >before
	feed
	kill -$sig "$pid"
	ended
	[ $rc -gt 128 ] && [ "$(kill -l $rc)" = $sig ]
	ok $? "$sig: ends the process"
	whole o >after
	same before after "$sig: nothing has changed"
	nothing_left "$sig"
	rm -rf o
done

# and a tree that takes a while to remove
mkdir many
(cd many && seq 6000 | xargs touch)
tar -cf many.tar many
fill o
env --default-signal=INT ktar-unpack --atomic o <pipe 2>err &
pid=$!
exec 9>pipe
head -c -20000 many.tar >&9
tries=0
while [ ! -e "$(echo .ktar-unpack-tree-*/many/5000)" ] && [ $tries -lt 300 ]; do
	sleep 0.05
	tries=$((tries + 1))
done
kill -TERM "$pid"
ended
nothing_left 'TERM, many files'
rm -rf o many many.tar

# SIGKILL: the second process cleans up; killed too, the next run does
fill o
whole o >before
feed
kill -KILL "$pid"
ended
tries=0
while [ -e "$tree" ] && [ $tries -lt 300 ]; do
	sleep 0.05
	tries=$((tries + 1))
done
nothing_left 'killed'
whole o >after
same before after 'killed: nothing has changed'
if have pgrep; then
	feed
	second=$(pgrep -P "$pid")
	# the second first: it would not wait when the other has ended
	kill -KILL "$second" "$pid"
	ended
	while kill -0 "$second" 2>/dev/null; do sleep 0.05; done
	[ -e "$tree/a" ]
	ok $? 'both killed: the tree stays'
	whole o >after
	same before after 'both killed: nothing has changed'
	mkdir .ktar-unpack-tree-mine
	run ktar-unpack --atomic p <t.tar
	good 'the next run in the same directory'
	[ "$(echo .ktar-unpack-tree-*)" = .ktar-unpack-tree-mine ]
	ok $? 'the next run removes it, and nothing else'
	rmdir .ktar-unpack-tree-mine
	rm -rf p
	feed
	kill -KILL "$(pgrep -P "$pid")"
	tail -c +4001 t.tar >&9
	exec 9>&-
	ended
	[ $rc -eq 2 ] && grep -q 'o: the process that replaces it was ended' err
	ok $? 'the second process is killed: says so, and fails'
	whole o >after
	same before after 'the second process is killed: nothing has changed'
	rm -rf .ktar-unpack-tree-*
else
	skip 7 'both killed' 'pgrep is not installed'
fi
rm -rf o

# whoever looks sees one or the other, whole
if have python3; then
	for v in 1 2; do
		mkdir v$v
		for n in 1 2 3 4 5 6 7 8 9; do echo $v >v$v/$n; done
		tar -C v$v -cf v$v.tar .
	done
	cp -R v1 o
	cat >look.py <<'PY'
import os, subprocess, sys, threading
bad, looks, running = [], 0, True
def look():
    global looks
    while running:
        try:
            fd = os.open('o', os.O_RDONLY | os.O_DIRECTORY)
        except OSError as e:
            bad.append(str(e))
            return
        # what was opened may be on its way out already: then the name is
        # another's by now
        names = os.listdir(fd)
        seen = {open(os.open(n, os.O_RDONLY, dir_fd=fd)).read()
                for n in names} if len(names) == 9 and same(fd) else set()
        if same(fd) and (len(names) != 9 or len(seen) != 1):
            bad.append('%d names, %d versions' % (len(names), len(seen)))
        os.close(fd)
        looks += 1
def same(fd):
    a, b = os.fstat(fd), os.stat('o')
    return a.st_ino == b.st_ino
def guarded():
    while running:
        try:
            look()
        except FileNotFoundError:
            pass  # a file of the old one, between two looks at the name
t = threading.Thread(target=guarded)
t.start()
for i in range(60):
    with open('v%d.tar' % (i % 2 + 1)) as f:
        if subprocess.call(['ktar-unpack', '--atomic', 'o'], stdin=f):
            bad.append('run %d' % i)
running = False
t.join()
print(looks, 'looks', bad[:3])
sys.exit(bool(bad) or looks < 60)
PY
	run python3 look.py
	good 'a reader sees one or the other, 60 times over'
	rm -rf o
else
	skip 1 'a reader' 'python3 is not installed'
fi

# old trees that are not easy to remove
if have python3; then
	mkdir o
	(
		cd o || exit
		python3 -c "
import os
for i in range(5000):
    os.mkdir('d' * (1 + i % 200))
    open('f', 'w').close()
    os.chdir('d' * (1 + i % 200))"
		mkdir -p wide shut/in
		: >shut/in/f
		ln -s ../src wide/link
		chmod 0 shut/in
		chmod 111 shut
	)
	# a hundred descriptors, and little memory
	less='ulimit -n 100; ulimit -v 65536'
	# a sanitizer maps more than there is
	[ -z "$KPIPE_SAN" ] || less='ulimit -n 100'
	run_sh "$less; ktar-unpack --atomic o <t.tar"
	good 'an old tree of 5000 levels, and directories that are shut'
	check 'and the new one is there' diff -r --no-dereference src o
	nothing_left 'an old tree of 5000 levels'
	rm -rf o
else
	skip 3 'a deep old tree' 'python3 is not installed'
fi
if [ "$(id -u)" -eq 0 ] && mkdir o o/m && mount -t tmpfs tmpfs o/m 2>/dev/null
then
	: >o/m/precious
	: >o/f
	run ktar-unpack --atomic o <t.tar
	tree=$(echo .ktar-unpack-tree-*)
	status 2 'something is mounted in the old tree'
	grep -q "o: is replaced, but what it was is still in $tree" err
	ok $? 'something is mounted in the old tree: says where that is'
	[ -e "$tree/m/precious" ]
	ok $? 'something is mounted in the old tree: and is not touched'
	check 'something is mounted in the old tree: the new one is in place' \
		diff -r --no-dereference src o
	umount "$tree/m"
	run ktar-unpack --atomic p <t.tar
	nothing_left 'and when it is not mounted any more the next run'
	rm -rf o p
	mkdir o
	mount --bind src o
	run ktar-unpack --atomic o <t.tar
	fails 2 'o: is a mount point: --atomic cannot replace it'
	umount o
	rm -rf o
else
	skip 6 'mounts' 'mounting needs root'
fi

# what cannot be done is said before the stream is read
fill o
whole o >before
ln -s o l
for what in '.:is no name in its parent' '..:is no name in its parent' \
	'o/.:is no name in its parent' '/:is the root' 'l:is a symbolic link' \
	'o/old:Not a directory' 'nope/x:No such file' ":is no name"; do
	# the pipe stays open: a run that read it would hang
	rc=0
	timeout 20 ktar-unpack --atomic "${what%%:*}" <&9 >out 2>err ||
		rc=$?
	last="--atomic ${what%%:*}"
	fails 2 "${what#*:}"
done 9<>pipe
run ktar-unpack --atomic -k o <t.tar
fails 2 '--atomic: keeps nothing, so not with -k'
run "$without" renameat2 EINVAL ktar-unpack --atomic o <t.tar
fails 2 'directories cannot be exchanged on this file system: Invalid argument'
run "$without" renameat2 EINVAL ktar-unpack --atomic p <t.tar
good 'no exchange is needed for a new one'
rm -rf p
run "$without" renameat2 EXDEV ktar-unpack --atomic p <t.tar
fails 2 'p: cannot be replaced: Invalid cross-device link'
[ ! -e p ]
ok $? 'and is not there'
run "$without" landlock_create_ruleset,seccomp ENOSYS \
	ktar-unpack --atomic p <t.tar
good 'without Landlock and seccomp'
mkdir -p p/shut/in
: >p/shut/in/f
chmod 0 p/shut/in
chmod 111 p/shut
run "$without" openat2,fchmodat2 ENOSYS ktar-unpack --atomic p <t.tar
good 'without openat2, and directories that are shut'
whole o >after
same before after 'and all the time nothing has changed'
nothing_left 'what cannot be done'

# somebody else renames things meanwhile
feed
mv o aside
fill o
whole o >before
tail -c +4001 t.tar >&9
exec 9>&-
ended
[ $rc -eq 2 ] && grep -q 'o: is not what it was at the start' err
ok $? 'the directory is another one in the end: says so'
whole o >after
same before after 'the directory is another one in the end: it stays'
nothing_left 'the directory is another one in the end'
feed
mv "$tree" moved
mkdir "$tree"
: >"$tree/planted"
tail -c +4001 t.tar >&9
exec 9>&-
ended
[ $rc -eq 2 ] && grep -q 'o: the new tree was renamed' err
ok $? 'the new tree is another one in the end: says so'
[ "$(echo "$tree"/*)" = "$tree/planted" ] && [ -z "$(ls -A moved)" ]
ok $? 'the new tree is another one in the end: only the own one is emptied'
rm -rf "$tree"
whole o >after
same before after 'the new tree is another one in the end: nothing is replaced'
finish
