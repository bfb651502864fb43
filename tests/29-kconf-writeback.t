#!/bin/sh
# Tokens written back into a kubeconfig: the lock, the file that is old or new
# and never in between, and what is not touched.
. "$KPIPE_TESTS/lib.sh"
. "$KPIPE_TESTS/kubectl.sh"

writeback=$KPIPE_BUILD/tests/writeback

# make FILE: a kubeconfig, and a copy of it as old
make() {
	cat >"$1" <<-'E'
	# mine
	users:
	- name: u # first
	  user:
	    auth-provider:
	      name: oidc
	      config:
	        client-id: c
	        id-token: 'i1'   # old
	        refresh-token: r1
	current-context: ""
	E
	sed "s/i1/i2/; s/r1/r2/" "$1" >new
	cp "$1" old
}

# set_both FILE: both tokens, at once
set_both() {
	run "$writeback" "$1" u id-token=i2 refresh-token=r2
}

# alone FILE...: nothing else is in the folder d
alone() {
	for alone_file; do
		echo "$alone_file"
	done | sort >alone.want
	(cd d && find . -mindepth 1 | sed 's|^\./||' | sort) >alone.got
	cmp -s alone.want alone.got
}

# until FILE TEXT: waits for a line in a file
until_says() {
	until grep -qx -- "$2" "$1" 2>/dev/null; do
		sleep 0.05
	done
}

# hold FILE KEY=VALUE...: a process that has the lock, until let_go; its pid is
# $held.  Signals are as they are in the foreground.
hold() {
	rm -f gate held.out
	mkfifo gate
	perl -e '$SIG{$_} = "DEFAULT" for qw(INT QUIT); exec @ARGV' \
		"$writeback" "$1" u "${2-id-token=i2}" ${3+"$3"} \
		<gate >held.out 2>held.err &
	held=$!
	exec 3>gate
	until_says held.out ready
}
let_go() {
	exec 3>&-
	rc=0
	wait "$held" 2>/dev/null || rc=$?
	last='the process that was held'
	cp held.out out
	cp held.err err
}

# refused FILE TEXT NAME: before any token was asked for, and all is as it was
refused() {
	set_both "$1"
	[ "$rc" -eq 1 ] && [ "$(cat out)" = loaded ] &&
		[ "$(wc -l <err)" -eq 1 ] && grep -qF -- "$2" err
	ok $? "$3: $2"
}

mkdir d
# A lock that nobody gives back takes its time; the others go on meanwhile.
mkdir stale
make stale/f
: >stale/f.lock
(rc=0; "$writeback" stale/f u id-token=i2 >stale/out 2>stale/err || rc=$?
echo $rc >stale/rc) &
stale=$!

make d/f
chmod 600 d/f
set_both d/f
good 'both tokens'
printf '%s\n' loaded client-id=c id-token=i1 refresh-token=r1 ready >want
same want out 'what was there is told'
same new d/f 'only the tokens are changed'
check 'nothing is left beside it' alone f
[ "$(stat -c %a d/f)" = 600 ]
ok $? 'its mode is kept'
make d/f
chmod 640 d/f
(umask 077; "$writeback" d/f u id-token=i2) </dev/null >out 2>err
[ "$(stat -c %a d/f)" = 640 ]
ok $? 'its mode is kept, whatever the umask'
(cd d && "$writeback" f u refresh-token=r2) </dev/null >out 2>err
same new d/f 'a file in the working directory'
if [ "$(id -u)" -eq 0 ] && chown 12:34 d/f 2>/dev/null; then
	"$writeback" d/f u id-token=i3 >out 2>err
	[ "$(stat -c %u:%g d/f)" = 12:34 ]
	ok $? 'its owner is kept'
else
	skip 1 'its owner is kept' 'only root gives files away'
fi

# Links.
rm d/f
mkdir d/real
make d/real/f
ln -s real/f d/one
ln -s "$PWD/d/one" d/two
set_both d/two
good 'a link to a link'
same new d/real/f 'the real file is changed'
[ -L d/one ] && [ -L d/two ] && [ ! -L d/real/f ]
ok $? 'the links are still links'
check 'nothing is left in either folder' alone one two real real/f
ln -s nowhere d/three
make f
hold f
[ -f f.lock ] && [ "$(stat -c %a f.lock)" = 0 ]
ok $? 'the lock is beside the file, with mode 0'
let_go
ln -sf real/f d/one
make d/real/f
hold d/one
[ -f d/one.lock ] && [ ! -e d/real/f.lock ]
ok $? 'the lock of a link is beside the link, as kubectl has it'
let_go
rm -r d
mkdir d

# Two at once.
make d/f
hold d/f refresh-token=r2
"$writeback" d/f u id-token=i2 </dev/null >second.out 2>second.err \
	3>&- &
second=$!
until_says second.out loaded
let_go
good 'the first of two'
rc=0
wait "$second" || rc=$?
cp second.out out
cp second.err err
good 'the second of two'
check 'the second one was told what the first has written' \
	grep -qx refresh-token=r2 out
same new d/f 'what both have written is there'
check 'no lock is left' alone f

make d/f
pids=
for i in 1 2 3 4 5 6 7 8; do
	"$writeback" d/f u "key$i=v$i" </dev/null >many.out 2>>many.err &
	pids="$pids $!"
done
failed=0
for pid in $pids; do
	wait "$pid" || failed=1
done
[ $failed -eq 0 ] && [ "$(grep -c 'key[1-8]: v[1-8]' d/f)" -eq 8 ]
ok $? 'eight at once, and none is lost'

make d/f
: >d/f.lock
"$writeback" d/f u id-token=i2 </dev/null >second.out 2>second.err \
	3>&- &
second=$!
until_says second.out loaded
echo 'users: []' >d/f
rm d/f.lock
rc=0
wait "$second" || rc=$?
cp second.out out
cp second.err err
fails 1 'd/f: user "u" has no auth-provider any more' 'a user that went away'
check 'and no lock is left' alone f

# kubectl keeps to the same lock.
if [ -n "$KUBECTL" ]; then
	make d/f
	hold d/f
	run "$KUBECTL" --kubeconfig d/f config set-credentials v --token=t
	[ "$rc" -ne 0 ] && grep -q 'f\.lock: file exists' err && cmp -s old d/f
	ok $? 'kubectl does not write while we have the lock'
	let_go
	good 'and we do'
	run "$KUBECTL" --kubeconfig d/f config view --raw -o \
		'jsonpath={.users[0].user.auth-provider.config.id-token}'
	[ "$(cat out)" = i2 ]
	ok $? 'kubectl reads what we wrote'
else
	skip 3 'kubectl and the lock' 'no kubectl'
fi

# Somebody who knows of no lock.
make d/f
hold d/f
echo '# edited' >>d/f
cp d/f edited
let_go
fails 1 'd/f: cannot write back tokens: somebody else has changed the file' \
	'an editor in between'
same edited d/f 'what was edited stays'
check 'nothing is left' alone f
make d/f
hold d/f
cp d/f d/g
mv d/g d/f
let_go
fails 1 'somebody else has changed the file' 'another file of this name'
make d/f
hold d/f
rm d/f
let_go
fails 1 'No such file or directory' 'a file that is gone'
check 'nothing is left, and nothing is made' alone

# What cannot be written is old, and said.
make d/f
hold d/f "id-token=$(printf '\377')"
let_go
fails 1 'user "u": cannot be changed in place' 'a token that is no text'
same old d/f 'the file is the old one'
check 'nothing is left' alone f

# Signals.
for sig in TERM INT HUP QUIT; do
	make d/f
	hold d/f
	kill -s $sig "$held"
	let_go
	[ "$rc" -gt 128 ] && [ "$(kill -l "$rc")" = $sig ] && cmp -s old d/f &&
		alone f
	ok $? "SIG$sig: dies of it, the file is the old one, nothing is left"
done
make d/f
hold d/f
kill -KILL "$held"
let_go
[ -e d/f.lock ] && cmp -s old d/f
ok $? 'SIGKILL: the file is the old one, and the lock stays'
rm -rf d
mkdir d

# The start of what is refused.
make d/f
mkfifo d/fifo
cat d/f >d/fifo &
refused d/fifo 'not a regular file' 'a FIFO'
run_sh "$writeback /dev/stdin u id-token=i2 <d/f"
fails 1 '/dev/stdin: cannot write back tokens: not a file by name' \
	'a file on stdin'
run_sh "cat d/f | $writeback /dev/stdin u id-token=i2"
fails 1 'not a file by name' 'a pipe on stdin'
run_sh "$writeback /dev/fd/5 u id-token=i2 5<d/f"
fails 1 'not a file by name' 'a descriptor'
same old d/f 'the file behind it is the old one'
rm d/fifo
ln d/f d/g
refused d/f 'the file has other names (hard links)' 'a hard link'
rm d/g
chmod 400 d/f
refused d/f 'the file is read-only' 'a file that is read-only'
chmod 600 d/f
echo 'x: &x c' >d/a
sed 's/id-token: .*/id-token: *x/' old >>d/a
refused d/a 'line 1: id-token: comes from an alias or a merge key' 'an alias'
rm d/a
if python3 -c 'import os, struct
os.setxattr("d/f", "system.posix_acl_access", struct.pack("<I", 2) +
    b"".join(struct.pack("<HHI", *e) for e in ((1, 6, 0xffffffff),
    (2, 4, 12), (4, 0, 0xffffffff), (16, 4, 0xffffffff),
    (32, 0, 0xffffffff))))' 2>/dev/null; then
	refused d/f 'the file has an access control list' 'an ACL'
else
	skip 1 'an ACL' 'no ACLs here'
fi
rm d/f
make d/f
if [ "$(id -u)" -ne 0 ]; then
	chmod 500 d
	refused d/f 'd/f.lock: Permission denied' 'a folder that is read-only'
	chmod 700 d
else
	skip 1 'a folder that is read-only' 'root may write all'
fi
same old d/f 'it is the old file after all this'
check 'nothing is left' alone f

# A full disk, and other file systems.
run_sh "ulimit -f 1; exec $writeback d/f u id-token=i2"
[ "$rc" -eq 1 ] && grep -q 'no room for a new file: File too large' err &&
	[ "$(cat out)" = loaded ] && cmp -s old d/f && alone f
ok $? 'a limit on the size of files is found out first'
if unshare -rm mount -t tmpfs none d 2>/dev/null; then
	last='a full disk'
	unshare -rm sh -c 'mount -t tmpfs -o size=32k none d; cp old d/f
		"$0" d/f u id-token=i2; echo $? >rc; cmp old d/f; ls -A d' \
		"$writeback" >out 2>err
	[ "$(cat rc)" -eq 1 ] && [ "$(cat out)" = "$(printf 'loaded\nf')" ] &&
		grep -q 'no room for a new file: No space left' err
	ok $? 'a full disk is found out first'
	last='a mount'
	unshare -rm sh -c 'mount --bind old d/f
		"$0" d/f u id-token=i2; echo $? >rc; ls -A d' \
		"$writeback" >out 2>err
	[ "$(cat rc)" -eq 1 ] && [ "$(cat out)" = "$(printf 'loaded\nf')" ] &&
		grep -q 'the file is a mount of its own' err
	ok $? 'a file that is a mount is refused first'
	last='a read-only file system'
	unshare -rm sh -c 'mount --bind d d; mount -o remount,bind,ro d
		"$0" d/f u id-token=i2; echo $? >rc' "$writeback" >out 2>err
	[ "$(cat rc)" -eq 1 ] && [ "$(cat out)" = loaded ] &&
		grep -q 'Read-only file system' err
	ok $? 'a read-only file system is found out first'
else
	skip 3 'a full disk, a mount' 'nothing can be mounted here'
fi

# Every call that matters, failing or the last one.
# tamper RULE: runs it with a call tampered with
tamper() {
	run env ASAN_OPTIONS=detect_leaks=0 strace -qq -o trace \
		-e inject="$1" "$writeback" d/f u id-token=i2 refresh-token=r2
}
if have strace && strace -o /dev/null true 2>/dev/null; then
	rules='fallocate:error=ENOSPC fchown:error=EPERM write:error=ENOSPC
	ftruncate:error=EIO fchmod:error=EPERM rename:error=EBUSY
	fsync:error=EIO:when=1 fremovexattr:error=EIO'
	for rule in $rules; do
		make d/f
		# the words before the draft are writes, too
		case $rule in
		write:*) rule=$rule:when=3+ ;;
		esac
		tamper "$rule"
		[ "$rc" -eq 1 ] && cmp -s old d/f && alone f
		ok $? "$rule: said, the file is the old one, nothing is left"
	done
	for call in openat fallocate fchown write ftruncate fchmod fsync rename \
		unlink; do
		killed=0
		old=0
		new=0
		for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
			rm -rf d
			mkdir d
			make d/f
			tamper $call:signal=KILL:when=$n
			[ "$rc" -eq 0 ] || killed=$((killed + 1))
			if cmp -s old d/f; then
				old=$((old + 1))
			elif cmp -s new d/f; then
				new=$((new + 1))
			fi
		done
		[ $((old + new)) -eq 12 ] && [ $killed -gt 0 ]
		ok $? "killed in $call, $killed times: old or new, and whole"
	done
else
	skip 17 'calls that fail' 'strace cannot trace here'
fi

rc=0
wait "$stale"
last='a stale lock'
cp stale/err err
rc=$(cat stale/rc)
fails 1 'stale/f.lock: still there after 10 seconds' 'a stale lock'
[ "$(cat stale/out)" = loaded ] && cmp -s old stale/f && [ -e stale/f.lock ]
ok $? 'the file and the lock are as they were'
finish
